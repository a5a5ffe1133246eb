package io.servicebreaker.coordination;

import io.servicebreaker.call.DegradationLevel;
import java.util.Arrays;
import java.util.List;

/**
 * Turns a degradation that wavers into a level that does not. To be used by one thread at a time.
 *
 * <p>A level is reached at once, and left one step at a time: each holds for a while after its reason has gone, and the
 * reason has gone only when the degradation is clearly below its step. All that is remembered is when each step held
 * last, so a fault more can only lengthen that: of two systems that had the same faults, and one of them more, the
 * latter is never at a better level.
 */
final class DegradationMeter {

    static final int LEVELS = DegradationLevel.values().length - 1;

    /** How far below its step the degradation has to be for the level to have no reason any more. */
    static final double HYSTERESIS = 0.05;

    private static final long NEVER = Long.MIN_VALUE;

    private final List<Double> steps;
    private final long dwellNanos;
    private final long[] held = new long[LEVELS];

    /**
     * Creates a meter at {@link DegradationLevel#FULL}.
     *
     * @param dwellNanos for how long each level holds after its reason has gone
     */
    DegradationMeter(List<Double> steps, long dwellNanos) {
        this.steps = steps;
        this.dwellNanos = dwellNanos;
        Arrays.fill(held, NEVER);
    }

    /** The level after the degradation has been read. */
    DegradationLevel read(double degradation, long now) {
        for (int i = 0; i < LEVELS; i++) {
            double step = steps.get(i);
            if (degradation >= step || (isHeld(i, now) && degradation >= step - HYSTERESIS)) {
                held[i] = now;
            }
        }
        return level(now);
    }

    /** Takes a level, and those below it, to be called for, whatever the degradation is. */
    void hold(DegradationLevel level, long now) {
        for (int i = 0; i < level.step(); i++) {
            held[i] = now;
        }
    }

    private boolean isHeld(int step, long now) {
        return held[step] != NEVER && now - held[step] <= dwellNanos;
    }

    private DegradationLevel level(long now) {
        int highest = 0;
        for (int i = 0; i < LEVELS; i++) {
            if (held[i] != NEVER) {
                long age = Math.max(0, now - held[i]);
                long left = i + 1 - (age == 0 ? 0 : (age - 1) / dwellNanos);
                highest = (int) Math.max(highest, left);
            }
        }
        return DegradationLevel.ofStep(highest);
    }
}
