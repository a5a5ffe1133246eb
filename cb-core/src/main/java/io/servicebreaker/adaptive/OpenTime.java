package io.servicebreaker.adaptive;

import io.servicebreaker.breaker.BreakerSnapshot;
import io.servicebreaker.breaker.BreakerState;
import io.servicebreaker.breaker.StateChanged;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * For how long one breaker was not closed since somebody last asked, and how often it ceased to be. Safe for use by many threads,
 * of which none makes a call.
 *
 * <p>Events tell of what happens within a minute; the breaker itself is asked at its end, as events can be late or lost.
 */
final class OpenTime {

    private @Nullable Instant openSince;
    private Duration open = Duration.ZERO;
    private int openings;

    /**
     * What it was.
     *
     * @param open for how long it was not closed
     * @param openings how often it ceased to be closed
     */
    record Taken(Duration open, int openings) {}

    synchronized void heed(StateChanged change) {
        if (!refuses(change.from()) && refuses(change.to())) {
            openings++;
            openSince = openSince == null ? change.at() : openSince;
        } else if (!refuses(change.to())) {
            close(change.at());
        }
    }

    private void close(Instant at) {
        Instant since = openSince;
        if (since != null && at.isAfter(since)) {
            open = open.plus(Duration.between(since, at));
        }
        openSince = null;
    }

    /** Takes away what there was from one moment to another. */
    synchronized Taken take(BreakerSnapshot breaker, Instant from, Instant to) {
        Instant changed = breaker.since().isBefore(from) ? from : breaker.since();
        if (!refuses(breaker.state())) {
            close(changed);
        } else if (openSince == null) {
            openSince = changed;
        }
        if (openSince != null) {
            close(to);
            openSince = to;
        }
        Duration whole = Duration.between(from, to);
        Taken taken = new Taken(open.compareTo(whole) > 0 ? whole : open, openings);
        open = Duration.ZERO;
        openings = 0;
        return taken;
    }

    /** Whether it lets through few calls or none. */
    private static boolean refuses(BreakerState state) {
        return switch (state) {
            case OPEN, HALF_OPEN, FORCED_OPEN -> true;
            case CLOSED, DISABLED, OBSERVING -> false;
        };
    }
}
