package io.servicebreaker.spring.actuate;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.servicebreaker.breaker.Breaker;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.coordination.FailureCorrelation;

/** Failures that come together with those of other services, asked for when the registry is read. */
final class CorrelationMeters implements MeterBinder {

    private final FailureCorrelation correlation;
    private final Breakers breakers;

    CorrelationMeters(FailureCorrelation correlation, Breakers breakers) {
        this.correlation = correlation;
        this.breakers = breakers;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (Breaker breaker : breakers.all()) {
            String service = breaker.service();
            FunctionCounter.builder(
                            MeterNames.CORRELATED_FAILURES, correlation, found -> found.correlatedFailures(service))
                    .description("Failures that belong to those of other services")
                    .tag(MeterNames.SERVICE, service)
                    .register(registry);
        }
    }
}
