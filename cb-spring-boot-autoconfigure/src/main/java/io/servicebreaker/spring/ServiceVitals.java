package io.servicebreaker.spring;

import io.servicebreaker.coordination.LoadReading;
import io.servicebreaker.coordination.LoadWatch;
import io.servicebreaker.coordination.Vitals;
import org.jspecify.annotations.Nullable;

/** What the view of the whole is told of each service besides its breaker. */
final class ServiceVitals implements Vitals {

    private final ServiceSignals signals;
    private final LoadWatch load;

    ServiceVitals(ServiceSignals signals, LoadWatch load) {
        this.signals = signals;
        this.load = load;
    }

    @Override
    public double signals(String service) {
        return signals.of(service).health();
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
