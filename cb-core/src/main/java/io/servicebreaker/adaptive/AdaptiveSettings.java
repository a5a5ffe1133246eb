package io.servicebreaker.adaptive;

import io.servicebreaker.breaker.InvalidSettingException;
import java.time.Duration;

/**
 * How much is learned, and what is done with it. Immutable.
 *
 * @param mode what is done with it
 * @param learningWindow how long history is kept and learned from, 1 h to 365 d
 * @param minDataPoints calls in the history of a service below which nothing is recommended for it, at least 1
 * @param maxAdjustment largest relative distance of a value from the one that is configured, above 0 and below 1
 * @param adjustmentCooldown shortest time between two adjustments of a service, at least a minute
 * @param confidenceThreshold confidence below which a recommendation is not applied, 0 to 1
 * @param realTime whether thresholds follow load, trend and budget pressure at once
 * @param realTimeSensitivity smallest relative change of such a condition that is followed, above 0 and at most 1
 */
public record AdaptiveSettings(
        Mode mode,
        Duration learningWindow,
        int minDataPoints,
        double maxAdjustment,
        Duration adjustmentCooldown,
        double confidenceThreshold,
        boolean realTime,
        double realTimeSensitivity) {

    /** What holds where the configuration does not say otherwise. */
    public static final AdaptiveSettings DEFAULTS =
            new AdaptiveSettings(Mode.RECOMMEND, Duration.ofDays(30), 100, 0.3, Duration.ofHours(1), 0.8, false, 0.1);

    /** What is done with what was learned. */
    public enum Mode {
        /** Nothing is kept. */
        OFF,
        /** People are told. */
        RECOMMEND,
        /** Settings are adjusted, within bounds. */
        AUTO
    }

    public AdaptiveSettings {
        require(
                learningWindow.compareTo(Duration.ofHours(1)) >= 0
                        && learningWindow.compareTo(Duration.ofDays(365)) <= 0,
                "learning-window",
                learningWindow,
                "1h to 365d");
        require(minDataPoints >= 1, "min-data-points", minDataPoints, "at least 1");
        require(maxAdjustment > 0 && maxAdjustment < 1, "max-adjustment", maxAdjustment, "above 0 and below 1");
        require(
                adjustmentCooldown.compareTo(Duration.ofMinutes(1)) >= 0,
                "adjustment-cooldown",
                adjustmentCooldown,
                "at least 1m");
        require(
                confidenceThreshold >= 0 && confidenceThreshold <= 1,
                "confidence-threshold",
                confidenceThreshold,
                "0 to 1");
        require(
                realTimeSensitivity > 0 && realTimeSensitivity <= 1,
                "real-time-sensitivity",
                realTimeSensitivity,
                "above 0 and at most 1");
    }

    private static void require(boolean valid, String name, Object value, String range) {
        if (!valid) {
            throw new InvalidSettingException(name, value, range);
        }
    }
}
