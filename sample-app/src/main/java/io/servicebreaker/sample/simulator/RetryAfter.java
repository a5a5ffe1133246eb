package io.servicebreaker.sample.simulator;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The {@code Retry-After} header in its form of whole seconds. */
final class RetryAfter {

    private RetryAfter() {}

    /** Rounded up, so that a client that obeys is never too early; no header if there is nothing to tell. */
    static Map<String, String> header(@Nullable Duration wait) {
        return wait == null
                ? Map.of()
                : Map.of(
                        "retry-after",
                        String.valueOf(Math.max(1, wait.plusMillis(999).toSeconds())));
    }
}
