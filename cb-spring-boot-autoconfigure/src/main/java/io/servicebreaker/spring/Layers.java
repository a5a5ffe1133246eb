package io.servicebreaker.spring;

import io.servicebreaker.spring.ServiceBreakerProperties.Service;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The two layers of the configuration that speak of a service.
 *
 * @param path where the service's own properties are, with a dot at the end
 */
record Layers(String path, Service own, Service defaults) {

    static final String DEFAULTS = ServiceBreakerProperties.PREFIX + ".defaults.";
    static final String SERVICES = ServiceBreakerProperties.PREFIX + ".services.";

    <V> @Nullable V strongest(Function<Service, @Nullable V> key) {
        V value = key.apply(own);
        return value != null ? value : key.apply(defaults);
    }

    /** Full name of the property that the value of a key came from; the service's own if it came from neither. */
    String property(String key) {
        boolean fromDefaults = Keys.valueOf(own, key) == null && Keys.valueOf(defaults, key) != null;
        return (fromDefaults ? DEFAULTS : path) + key;
    }

    boolean isSet(String key) {
        return Keys.valueOf(own, key) != null || Keys.valueOf(defaults, key) != null;
    }
}
