package io.servicebreaker.spring;

import io.servicebreaker.coordination.Vitals;

/** What the view of the whole is told of each service besides its breaker. */
final class ServiceVitals implements Vitals {

    private final ServiceSignals signals;

    ServiceVitals(ServiceSignals signals) {
        this.signals = signals;
    }

    @Override
    public double signals(String service) {
        return signals.of(service).health();
    }
}
