package io.servicebreaker.cost;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a service, or all together, has spent: in half minutes for a day, and in hours for a month. Bounded to 30 kB. Not
 * safe for use by many threads.
 */
final class SpendHistory {

    static final long SLICE_NANOS = Duration.ofSeconds(30).toNanos();

    private static final int DAY_OF_SLICES = 2 * 60 * 24;
    private static final int HOUR_OF_SLICES = 2 * 60;
    private static final int MONTH_OF_HOURS = 32 * 24;
    private static final int DAY_OF_HOURS = 24;

    private final TimeParts slices;
    private final TimeParts hours;
    private long known;

    /**
     * Creates it.
     *
     * @param spent so far, which nobody knows when
     */
    SpendHistory(long spent, long now) {
        this.slices = new TimeParts(SLICE_NANOS, DAY_OF_SLICES, now);
        this.hours = new TimeParts(Duration.ofHours(1).toNanos(), MONTH_OF_HOURS, now);
        this.known = spent;
    }

    /** Takes down what is spent by now. */
    void look(long spent, long now) {
        long more = Math.max(0, spent - known);
        known = spent;
        slices.add(more, now);
        hours.add(more, now);
    }

    TimeParts slices() {
        return slices;
    }

    /** What is spent in an hour, by the last one or by what is there of it; null in the first half minute. */
    @Nullable
    Money perHour() {
        int parts = Math.min(slices.known(0), HOUR_OF_SLICES);
        if (parts == 0) {
            return null;
        }
        double hour = (double) Duration.ofHours(1).toNanos() / slices.nanos(parts);
        return new Money((long) Math.min(Long.MAX_VALUE, slices.sum(parts) * hour));
    }

    /** What was spent in each hour, or in each 24 of them for a month, that is known and began since some time. */
    long[] samples(Period period, long since) {
        int size = size(period);
        long[] samples = new long[hours.known(since) / size];
        for (int i = 0; i < samples.length * size; i++) {
            samples[i / size] = Money.sum(samples[i / size], hours.before(i));
        }
        return samples;
    }

    static Duration sampleLength(Period period) {
        return Duration.ofHours(size(period));
    }

    private static int size(Period period) {
        return period == Period.DAILY ? 1 : DAY_OF_HOURS;
    }
}
