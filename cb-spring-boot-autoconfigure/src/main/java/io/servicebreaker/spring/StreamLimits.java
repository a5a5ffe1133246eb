package io.servicebreaker.spring;

import io.servicebreaker.call.StreamTimeoutException;
import io.servicebreaker.provider.StreamSettings;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How long the streams of one service are waited for. Knows nothing of Reactor, which need not be there. */
public record StreamLimits(String service, StreamSettings waiting) {

    /** Whether any time is limited. */
    public boolean exist() {
        return waiting.isLimited();
    }

    long firstTokenNanos() {
        return nanos(waiting.firstTokenTimeout());
    }

    long stallNanos() {
        return nanos(waiting.stallTimeout());
    }

    private static long nanos(@Nullable Duration limit) {
        return limit == null ? Patience.ENDLESS : limit.toNanos();
    }

    /**
     * That nothing more came in time.
     *
     * @param begun whether any content had come
     */
    StreamTimeoutException timeout(boolean begun) {
        return begun
                ? StreamTimeoutException.stall(service, Objects.requireNonNull(waiting.stallTimeout()))
                : StreamTimeoutException.firstToken(service, Objects.requireNonNull(waiting.firstTokenTimeout()));
    }
}
