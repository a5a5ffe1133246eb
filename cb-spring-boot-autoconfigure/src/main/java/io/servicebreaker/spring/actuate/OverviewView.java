package io.servicebreaker.spring.actuate;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/** Everything at a glance. */
record OverviewView(
        SystemView system,
        Map<String, BreakerView> circuitBreakers,
        BudgetsView budgets,
        List<CorrelationView> correlations)
        implements OperationResponseBody {

    /**
     * The system as a whole.
     *
     * @param health mean of the services' health scores
     * @param degradationLevel 0 to 4
     * @param degradation 0 to 1
     * @param since when the mode began
     * @param factors health scores of the services that are not well
     */
    record SystemView(
            double health,
            Mode mode,
            int degradationLevel,
            double degradation,
            Instant since,
            Map<String, Double> factors) {}

    /** How the system as a whole is run. */
    enum Mode {
        NORMAL
    }
}
