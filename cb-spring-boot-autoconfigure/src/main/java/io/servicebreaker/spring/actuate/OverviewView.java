package io.servicebreaker.spring.actuate;

import java.util.List;
import java.util.Map;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/** Everything at a glance. */
record OverviewView(
        SystemView system,
        Map<String, BreakerView> circuitBreakers,
        BudgetsView budgets,
        List<CorrelationView> correlations)
        implements OperationResponseBody {}
