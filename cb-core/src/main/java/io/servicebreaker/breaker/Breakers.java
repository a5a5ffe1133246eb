package io.servicebreaker.breaker;

import io.servicebreaker.call.UnknownServiceException;
import io.servicebreaker.event.Events;
import io.servicebreaker.time.TimeSource;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

/** The breakers of all configured services. Immutable; nothing is ever created on demand. */
public final class Breakers {

    private final Map<String, Breaker> byService;
    private final Surroundings surroundings;

    /** Creates a closed breaker for each service, all of whose models have the same settings. */
    public Breakers(Map<String, BreakerSettings> settings, TimeSource time, Events events, int maxConcurrentProbes) {
        this(settings, Map.of(), time, events, maxConcurrentProbes);
    }

    /**
     * Creates a closed breaker for each service.
     *
     * @param settings by name of the service
     * @param models settings of models that differ from the others, by name of the service and id of the model
     * @param maxConcurrentProbes probes under way at a time over all services, at least 1
     */
    public Breakers(
            Map<String, BreakerSettings> settings,
            Map<String, Map<String, BreakerSettings>> models,
            TimeSource time,
            Events events,
            int maxConcurrentProbes) {
        this(
                settings,
                models,
                time,
                events,
                maxConcurrentProbes,
                () -> ThreadLocalRandom.current().nextDouble());
    }

    /**
     * As the others, for whoever wants the same to happen again.
     *
     * @param luck gives numbers from 0 inclusive to 1 exclusive, by which open times vary and choices are made
     */
    public Breakers(
            Map<String, BreakerSettings> settings,
            Map<String, Map<String, BreakerSettings>> models,
            TimeSource time,
            Events events,
            int maxConcurrentProbes,
            DoubleSupplier luck) {
        this.surroundings = new Surroundings(time, events, new ProbePlaces(maxConcurrentProbes), luck);
        Map<String, Breaker> breakers = new LinkedHashMap<>();
        settings.forEach((service, own) -> breakers.put(
                service,
                new Breaker(
                        service,
                        BreakerScope.SERVICE,
                        own,
                        Map.copyOf(models.getOrDefault(service, Map.of())),
                        surroundings)));
        this.byService = Collections.unmodifiableMap(breakers);
    }

    /**
     * The breaker of a service.
     *
     * @throws UnknownServiceException if the service is not configured
     */
    public Breaker breaker(String service) {
        Breaker breaker = byService.get(service);
        if (breaker == null) {
            throw new UnknownServiceException(service, byService.keySet());
        }
        return breaker;
    }

    /**
     * The breakers of the models and credentials of a service.
     *
     * @throws UnknownServiceException if the service is not configured
     */
    public ScopedBreakers scopes(String service) {
        return Objects.requireNonNull(breaker(service).scopes());
    }

    /**
     * Makes a service's calls go to one of several backends each.
     *
     * @param backends at least one, with ids of their own
     * @return the gate of its calls in place of its breaker
     * @throws UnknownServiceException if the service is not configured
     */
    public Backends backends(String service, List<BackendSettings> backends, BackendSignals signals) {
        Backends made = new Backends(breaker(service), backends, signals, surroundings);
        breaker(service).consistsOf(made);
        return made;
    }

    /**
     * Watches the instances of a service between which somebody else chooses.
     *
     * @throws UnknownServiceException if the service is not configured
     */
    public Instances instances(String service) {
        Instances made = new Instances(breaker(service), surroundings);
        breaker(service).consistsOf(made);
        return made;
    }

    /** The breakers of all services, in the order of the configuration. */
    public Collection<Breaker> all() {
        return byService.values();
    }
}
