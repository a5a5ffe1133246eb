package io.servicebreaker.provider;

import org.jspecify.annotations.Nullable;

/**
 * What a health signal says at one moment.
 *
 * @param value share of good observations, bad ones in a row, or the last number; null while nothing is known
 * @param threshold what the value should not pass
 * @param observations how many observations it rests on
 * @param tripped whether the value has passed the threshold
 * @param health from 0.5 to 1: how well the service does by this signal alone; 1 while too little is known
 */
public record SignalReading(
        String name, @Nullable Double value, double threshold, int observations, boolean tripped, double health) {

    /**
     * A reading whose health falls with the distance from the threshold. No less than a half: by its calls alone the
     * service works.
     *
     * @param closeness from 0, as bad as can be, to 1, well
     */
    static SignalReading of(
            HealthSignal signal,
            @Nullable Double value,
            double threshold,
            int observations,
            boolean tripped,
            double closeness) {
        return new SignalReading(signal.name(), value, threshold, observations, tripped, 0.5 + 0.5 * closeness);
    }
}
