package io.servicebreaker.provider;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A time that grows with each strike and is forgotten after a calm. Lock-free, safe for use by many threads.
 *
 * <p>Strikes within a time that is still running are one and the same: calls that were under way together are refused
 * together.
 */
final class Backoff {

    private final long firstNanos;
    private final double multiplier;
    private final long longestNanos;
    private final AtomicReference<Strike> last = new AtomicReference<>(Strike.NONE);

    Backoff(Duration first, double multiplier, Duration longest) {
        this.firstNanos = first.toNanos();
        this.multiplier = multiplier;
        this.longestNanos = Math.max(firstNanos, longest.toNanos());
    }

    /** How long to wait from now, above zero. */
    Duration strike(long now) {
        Strike strike = last.updateAndGet(before -> now < before.until ? before : next(before, now));
        return Duration.ofNanos(strike.until - now);
    }

    private Strike next(Strike before, long now) {
        boolean calm = now - before.until >= 2 * before.length;
        long length = calm ? firstNanos : (long) Math.min((double) longestNanos, before.length * multiplier);
        return new Strike(length, now + length);
    }

    private record Strike(long length, long until) {
        static final Strike NONE = new Strike(0, 0);
    }
}
