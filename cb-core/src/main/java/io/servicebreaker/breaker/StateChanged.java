package io.servicebreaker.breaker;

import io.servicebreaker.event.Event;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A breaker changed its state.
 *
 * @param scope what the breaker judges: the service, one of its backends or instances, or a model or credential of it or of one
 *     of its backends
 * @param from the state that it left
 * @param to the state that it is in now
 * @param reason why
 * @param retryAfter how long it refuses calls, if it does and that is known
 * @param hypothetical whether it is being observed: the change would have happened, and calls went through
 */
public record StateChanged(
        Instant at,
        String service,
        BreakerScope scope,
        BreakerState from,
        BreakerState to,
        Reason reason,
        @Nullable Duration retryAfter,
        boolean hypothetical)
        implements Event {}
