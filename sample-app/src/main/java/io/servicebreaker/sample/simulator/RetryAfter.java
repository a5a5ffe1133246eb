package io.servicebreaker.sample.simulator;

import java.time.Duration;

/** The {@code Retry-After} header in its form of whole seconds. */
final class RetryAfter {

    private RetryAfter() {}

    /** Rounded up, so that a client that obeys is never too early. */
    static String wholeSeconds(Duration wait) {
        return String.valueOf(Math.max(1, wait.plusMillis(999).toSeconds()));
    }
}
