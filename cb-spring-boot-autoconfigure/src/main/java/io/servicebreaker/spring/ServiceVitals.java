package io.servicebreaker.spring;

import io.servicebreaker.coordination.FailureCorrelation;
import io.servicebreaker.coordination.Vitals;
import java.util.Set;

/** What the view of the whole is told of each service besides its breaker. */
final class ServiceVitals implements Vitals {

    private final ServiceSignals signals;
    private final FailureCorrelation correlation;

    ServiceVitals(ServiceSignals signals, FailureCorrelation correlation) {
        this.signals = signals;
        this.correlation = correlation;
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
}
