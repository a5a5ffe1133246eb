package io.servicebreaker.spring;

import io.servicebreaker.spring.ServiceBreakerProperties.Service;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The three layers of the configuration that speak of a service.
 *
 * @param path where the service's own properties are, with a dot at the end
 */
record Layers(String path, Service own, Service defaults, Service profile) {

    /** Reads one key of a layer. */
    @FunctionalInterface
    interface Key<V> {

        /** The value, or null where the layer is silent. */
        @Nullable
        V of(Service layer);
    }

    static final String DEFAULTS = ServiceBreakerProperties.PREFIX + ".defaults.";
    static final String SERVICES = ServiceBreakerProperties.PREFIX + ".services.";

    <V> @Nullable V strongest(Key<V> key) {
        for (Service layer : List.of(own, defaults, profile)) {
            V value = key.of(layer);
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    <V> V strongest(Key<V> key, V otherwise) {
        V value = strongest(key);
        return value == null ? otherwise : value;
    }

    /** Full name of the property that the value of a key came from; the service's own if it came from neither. */
    String property(String key) {
        return (isInherited(key) ? DEFAULTS : path) + key;
    }

    /** Which service objects to a default, to go on a sentence; empty if the value is its own. */
    String forWhom(String key) {
        return isInherited(key) && !path.equals(DEFAULTS) ? " for " + path.substring(0, path.length() - 1) : "";
    }

    private boolean isInherited(String key) {
        return Keys.valueOf(own, key) == null && Keys.valueOf(defaults, key) != null;
    }

    boolean isSet(String key) {
        return Keys.valueOf(own, key) != null || Keys.valueOf(defaults, key) != null;
    }
}
