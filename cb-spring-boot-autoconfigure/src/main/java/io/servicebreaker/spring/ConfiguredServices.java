package io.servicebreaker.spring;

import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.call.UnknownServiceException;
import io.servicebreaker.provider.StreamSettings;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The services of the configuration, in its order. Immutable. */
public final class ConfiguredServices {

    private final Map<String, ConfiguredService> byName;

    ConfiguredServices(Collection<ConfiguredService> services) {
        Map<String, ConfiguredService> ordered = new LinkedHashMap<>();
        services.forEach(service -> ordered.put(service.name(), service));
        this.byName = Collections.unmodifiableMap(ordered);
    }

    /** All of them. */
    public Collection<ConfiguredService> all() {
        return byName.values();
    }

    /**
     * The service of that name.
     *
     * @throws UnknownServiceException if it is not configured
     */
    public ConfiguredService service(String name) {
        return find(name).orElseThrow(() -> new UnknownServiceException(name, byName.keySet()));
    }

    /** The service of that name, if it is configured. */
    public Optional<ConfiguredService> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** How long streams of a service are waited for; without end if it is not configured. */
    public StreamLimits streamLimits(String service) {
        return new StreamLimits(
                service, find(service).map(ConfiguredService::streams).orElse(StreamSettings.UNLIMITED));
    }

    Map<String, Map<String, BreakerSettings>> models() {
        Map<String, Map<String, BreakerSettings>> models = new LinkedHashMap<>();
        byName.forEach((name, service) -> models.put(name, service.models()));
        return models;
    }

    Map<String, BreakerSettings> settings() {
        Map<String, BreakerSettings> settings = new LinkedHashMap<>();
        byName.forEach((name, service) -> settings.put(name, service.settings()));
        return settings;
    }
}
