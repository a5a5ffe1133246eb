package io.servicebreaker.spring;

import io.servicebreaker.adaptive.AdaptiveSettings;
import io.servicebreaker.breaker.InvalidSettingException;
import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is learned from what became of the calls.
 *
 * @param learning Whether it is kept what became of the calls. Otherwise nothing is recommended or adjusted.
 * @param mode What is done with what was learned: nothing, and nothing is kept ('off'), people are told ('recommend'), or
 *     settings are adjusted ('auto').
 * @param learningWindow Time for which it is kept what became of the calls, and from which is learned, 1h to 365d.
 * @param minDataPoints Calls of a service in that time below which nothing is recommended for it, at least 1.
 * @param maxAdjustment Largest share by which an adjusted setting is above or below the configured one, above 0 and below 1.
 * @param adjustmentCooldown Shortest time between two adjustments of a service, at least 1m.
 * @param confidenceThreshold Confidence below which a recommendation is not applied, 0 to 1.
 * @param realTime Whether thresholds follow load, trend and budget pressure at once.
 * @param realTimeSensitivity Smallest relative change of such a condition that is followed, above 0 and at most 1.
 */
public record AdaptiveProperties(
        @DefaultValue("true") boolean learning,
        @DefaultValue("recommend") AdaptiveSettings.Mode mode,
        @DefaultValue("30d") Duration learningWindow,
        @DefaultValue("100") int minDataPoints,
        @DefaultValue("0.3") double maxAdjustment,
        @DefaultValue("1h") Duration adjustmentCooldown,
        @DefaultValue("0.8") double confidenceThreshold,
        @DefaultValue("false") boolean realTime,
        @DefaultValue("0.1") double realTimeSensitivity) {

    private static final String PREFIX = ServiceBreakerProperties.PREFIX + ".adaptive.";

    AdaptiveSettings settings() {
        try {
            return new AdaptiveSettings(
                    learning ? mode : AdaptiveSettings.Mode.OFF,
                    learningWindow,
                    minDataPoints,
                    maxAdjustment,
                    adjustmentCooldown,
                    confidenceThreshold,
                    realTime,
                    realTimeSensitivity);
        } catch (InvalidSettingException e) {
            throw new InvalidPropertyException(
                    PREFIX + e.setting(),
                    e.value(),
                    "is out of range: allowed is " + e.range(),
                    "Set it to a value in this range.");
        }
    }
}
