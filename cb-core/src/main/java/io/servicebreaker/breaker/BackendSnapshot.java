package io.servicebreaker.breaker;

import io.servicebreaker.call.Backend;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a backend was at one moment.
 *
 * @param scopes the breakers of its models and credentials, or null if it has none
 * @param share of the calls that it should get, 0 to 1
 * @param latency mean of the last calls, or null if there were too few
 * @param usualLatency mean before those, while it was well, or null if too little is known
 * @param quotaLeft share of its rate limit that is left, 0 to 1, or null if nobody has told lately
 */
public record BackendSnapshot(
        Backend backend,
        BreakerSnapshot breaker,
        @Nullable ScopedBreakers scopes,
        double share,
        @Nullable Duration latency,
        @Nullable Duration usualLatency,
        @Nullable Double quotaLeft) {}
