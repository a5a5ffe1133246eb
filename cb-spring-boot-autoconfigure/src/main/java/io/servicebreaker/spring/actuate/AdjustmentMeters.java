package io.servicebreaker.spring.actuate;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.servicebreaker.adaptive.Parameter;
import io.servicebreaker.adaptive.ThresholdAdjuster;
import io.servicebreaker.breaker.Breaker;
import io.servicebreaker.breaker.Breakers;

/** How often thresholds have changed, asked for when the registry is read. */
final class AdjustmentMeters implements MeterBinder {

    private final ThresholdAdjuster adjuster;
    private final Breakers breakers;

    AdjustmentMeters(ThresholdAdjuster adjuster, Breakers breakers) {
        this.adjuster = adjuster;
        this.breakers = breakers;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (Breaker breaker : breakers.all()) {
            for (Parameter parameter : Parameter.values()) {
                bind(registry, breaker.service(), parameter);
            }
        }
    }

    private void bind(MeterRegistry registry, String service, Parameter parameter) {
        FunctionCounter.builder(MeterNames.ADJUSTMENTS, adjuster, all -> all.changes(service, parameter))
                .description("Times that the threshold in force has changed")
                .tags(MeterNames.SERVICE, service, "parameter", parameter.key())
                .register(registry);
    }
}
