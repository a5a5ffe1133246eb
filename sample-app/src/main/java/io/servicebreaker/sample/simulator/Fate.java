package io.servicebreaker.sample.simulator;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What happens to one request.
 *
 * @param latency until the answer is complete, or until the refusal is sent
 * @param retryAfter what the provider tells the client to wait, if it tells
 */
record Fate(Fault fault, Duration latency, @Nullable Duration retryAfter) {

    static Fate success(Duration latency) {
        return new Fate(Fault.NONE, latency, null);
    }
}
