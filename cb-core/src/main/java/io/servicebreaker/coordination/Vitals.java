package io.servicebreaker.coordination;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the view of the whole is told by parts that it does not know. Asked off the path of calls; safe for use by many
 * threads.
 */
public interface Vitals {

    /** Nothing is known besides the breakers. */
    Vitals NONE = new Vitals() {};

    /** What a service's own health signals say, 0 to 1. */
    default double signals(String service) {
        return HealthScore.WELL;
    }

    /** How far the failures of a service belong to trouble that others have too, 0 to 1. */
    default double correlation(String service) {
        return 0;
    }

    /** The other services that fail for the same cause. */
    default Set<String> failingWith(String service) {
        return Set.of();
    }

    /** How short of resources this application is. */
    default LoadReading load() {
        return LoadReading.CALM;
    }

    /** What this application has run out of for a while, or null if nothing. */
    default @Nullable String exhaustion() {
        return null;
    }
}
