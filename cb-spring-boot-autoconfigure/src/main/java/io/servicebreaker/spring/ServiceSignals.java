package io.servicebreaker.spring;

import io.servicebreaker.breaker.OperatorCommanded;
import io.servicebreaker.breaker.OperatorCommanded.Command;
import io.servicebreaker.call.CallListener;
import io.servicebreaker.provider.HealthSignals;
import io.servicebreaker.time.TimeSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** The health signals of each configured service. Immutable but for what the signals have seen; safe for many threads. */
public final class ServiceSignals implements CallListenerFactory {

    private final ConfiguredServices services;
    private final Map<String, HealthSignals> byService = new LinkedHashMap<>();

    ServiceSignals(ConfiguredServices services, TimeSource time) {
        this.services = services;
        for (ConfiguredService service : services.all()) {
            byService.put(service.name(), new HealthSignals(service.provider().signals(), service.settings(), time));
        }
    }

    /**
     * The signals of the service, which may be none.
     *
     * @throws io.servicebreaker.call.UnknownServiceException if it is not configured
     */
    public HealthSignals of(String service) {
        return Objects.requireNonNull(byService.get(services.service(service).name()));
    }

    @Override
    public CallListener listenerFor(String service) {
        HealthSignals signals = of(service);
        return signals.isEmpty() ? CallListener.NONE : signals;
    }

    /** An operator wants the service as new. */
    void heed(OperatorCommanded event) {
        if (event.command() == Command.RESET) {
            of(event.service()).forget();
        }
    }
}
