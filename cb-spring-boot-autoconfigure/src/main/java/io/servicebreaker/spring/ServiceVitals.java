package io.servicebreaker.spring;

import io.servicebreaker.coordination.FailureCorrelation;
import io.servicebreaker.coordination.LoadReading;
import io.servicebreaker.coordination.LoadWatch;
import io.servicebreaker.coordination.Vitals;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the view of the whole is told besides the breakers. */
final class ServiceVitals implements Vitals {

    private final ServiceSignals signals;
    private final FailureCorrelation correlation;
    private final LoadWatch load;

    ServiceVitals(ServiceSignals signals, FailureCorrelation correlation, LoadWatch load) {
        this.signals = signals;
        this.correlation = correlation;
        this.load = load;
    }

    @Override
    public double signals(String service) {
        return signals.of(service).health();
    }

    @Override
    public double correlation(String service) {
        return correlation.correlated(service);
    }

    @Override
    public Set<String> failingWith(String service) {
        return correlation.failingWith(service);
    }

    @Override
    public LoadReading load() {
        return load.reading();
    }

    @Override
    public @Nullable String exhaustion() {
        return load.exhaustion();
    }
}
