package io.servicebreaker.spring.aop;

import io.servicebreaker.call.DegradationSteps;
import io.servicebreaker.provider.Misses;
import io.servicebreaker.provider.StreamSettings;
import io.servicebreaker.spring.ConfiguredService;
import io.servicebreaker.spring.ConfiguredServices;
import io.servicebreaker.spring.StreamLimits;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the plans of methods have to know of the services that they call. */
final class Services {

    private final List<String> names;
    private final @Nullable ConfiguredServices configured;
    private final Elements elements;

    /**
     * Creates it.
     *
     * @param names in order
     * @param configured null if an application brings breakers of its own
     */
    Services(List<String> names, @Nullable ConfiguredServices configured, Elements elements) {
        this.names = names;
        this.configured = configured;
        this.elements = elements;
    }

    List<String> names() {
        return names;
    }

    StreamRules streams(String service) {
        StreamLimits limits = configured == null
                ? new StreamLimits(service, StreamSettings.UNLIMITED)
                : configured.streamLimits(service);
        return new StreamRules(limits, elements);
    }

    /** What having no answer means with the service. */
    Misses misses(String service) {
        return find(service).map(known -> known.provider().misses()).orElse(Misses.NONE);
    }

    /** How its calls may ask for less. */
    DegradationSteps steps(String service) {
        return find(service).map(known -> known.provider().steps()).orElse(DegradationSteps.NONE);
    }

    /** Whether anybody is asked instead of it. */
    boolean asksFallbacks(String service) {
        return find(service).map(known -> known.fallback().asked()).orElse(true);
    }

    private Optional<ConfiguredService> find(String service) {
        return configured == null ? Optional.empty() : configured.find(service);
    }
}
