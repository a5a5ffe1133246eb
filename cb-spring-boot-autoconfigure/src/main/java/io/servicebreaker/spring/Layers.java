package io.servicebreaker.spring;

import io.servicebreaker.spring.ServiceBreakerProperties.Model;
import io.servicebreaker.spring.ServiceBreakerProperties.Service;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
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

    /** Ids of the models of which any layer speaks. */
    Set<String> models() {
        Set<String> ids = new LinkedHashSet<>();
        for (Service layer : List.of(own, defaults, profile)) {
            ids.addAll(models(layer).keySet());
        }
        return ids;
    }

    /** What the layers say of a model, the weakest first. */
    List<Model> ofModel(String id) {
        return Stream.of(profile, defaults, own)
                .map(layer -> models(layer).get(id))
                .filter(Objects::nonNull)
                .toList();
    }

    /** Where the strongest layer that speaks of a model does so, with a dot at the end. */
    String pathOfModel(String id) {
        boolean inherited = !models(own).containsKey(id) && models(defaults).containsKey(id);
        return (inherited ? DEFAULTS : path) + "models." + id + ".";
    }

    private static Map<String, Model> models(Service layer) {
        return Objects.requireNonNullElse(layer.models(), Map.of());
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
