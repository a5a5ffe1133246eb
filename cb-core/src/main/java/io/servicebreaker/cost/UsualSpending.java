package io.servicebreaker.cost;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a service usually spends, and whether it spends far more now. Not safe for use by many threads.
 *
 * <p>Three half minutes in a row have to be above what 99 of 100 of the last day were at most, twice as much on average,
 * and five times what is spent on average. One in a row is luck, and has to be: with a hundredth of all half minutes above
 * it, one in a million rows of three is if they do not depend on each other. A quantile does not mind the few extreme ones
 * that a deviation would be made of, nor that a service is quiet most of the time, when a median is nothing. What goes on
 * for a quarter of an hour becomes usual for a day.
 */
final class UsualSpending {

    private static final int ROW = 3;
    /** Two hours, since what is usual takes time to be seen. */
    private static final int LEAST_KNOWN = 240;
    /** Half minutes in which anything was spent. */
    private static final int LEAST_SPENDING = 30;

    private static final double QUANTILE = 0.99;
    private static final double TIMES_QUANTILE = 2;
    private static final double TIMES_MEAN = 5;
    private static final long QUIET_NANOS = Duration.ofHours(1).toNanos();
    private static final int SLICES_A_MINUTE = 2;

    private final String service;
    private final TimeParts slices;
    private long judged;
    private long quietUntil = Long.MIN_VALUE;

    UsualSpending(String service, TimeParts slices) {
        this.service = service;
        this.slices = slices;
    }

    /** Judges the last half minutes, once each; null if they are as usual or it is too early to tell. */
    @Nullable
    SpendAnomaly judge(Instant at, long now) {
        if (slices.ended() == judged) {
            return null;
        }
        judged = slices.ended();
        int learned = slices.known(0) - ROW;
        if (learned < LEAST_KNOWN || now < quietUntil) {
            return null;
        }
        double mean = mean(ROW, learned);
        double last = mean(0, ROW);
        if (last < TIMES_MEAN * mean || !isUnusual(last, learned)) {
            return null;
        }
        quietUntil = now + QUIET_NANOS;
        return new SpendAnomaly(
                at,
                service,
                aMinute(last),
                aMinute(mean),
                BigDecimal.valueOf(last / mean).setScale(1, RoundingMode.HALF_UP));
    }

    private static Money aMinute(double slice) {
        return new Money((long) Math.min(Long.MAX_VALUE, slice * SLICES_A_MINUTE));
    }

    private double mean(int from, int count) {
        double sum = 0;
        for (int i = from; i < from + count; i++) {
            sum += slices.before(i);
        }
        return sum / count;
    }

    private boolean isUnusual(double last, int learned) {
        long[] sorted = new long[learned];
        for (int i = 0; i < learned; i++) {
            sorted[i] = slices.before(ROW + i);
        }
        Arrays.sort(sorted);
        long high = sorted[(int) Math.ceil(QUANTILE * learned) - 1];
        for (int i = 0; i < ROW; i++) {
            if (slices.before(i) <= high) {
                return false;
            }
        }
        return sorted[learned - LEAST_SPENDING] > 0 && last >= TIMES_QUANTILE * high;
    }
}
