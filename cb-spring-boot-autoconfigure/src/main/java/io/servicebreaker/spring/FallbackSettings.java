package io.servicebreaker.spring;

import org.jspecify.annotations.Nullable;

/**
 * Who answers calls that a service does not answer.
 *
 * @param asked whether anybody is asked, also of the fallbacks of methods
 * @param service the one that HTTP clients ask; null if there is none
 */
public record FallbackSettings(boolean asked, @Nullable String service) {

    /** What holds unless something else is said. */
    public static final FallbackSettings DEFAULTS = new FallbackSettings(true, null);
}
