package io.servicebreaker.spring;

import io.servicebreaker.coordination.CorrelationSettings;
import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How failures of several services are compared.
 *
 * @param enabled Whether failures that come together are looked for.
 * @param window Time for which services are learned before they are judged, for which the longest lag is looked for, and
 *     for which a correlation stays open after the last failures that belong to it, 1m to 1h.
 * @param falseReportsPerHour Reports of independent services that are accepted on average, above 0 and at most 1. Fewer
 *     mean that less is found.
 */
public record CorrelationProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("5m") Duration window,
        @DefaultValue("0.005") double falseReportsPerHour) {

    private static final String PREFIX = ServiceBreakerProperties.PREFIX + ".coordination.correlation.";
    private static final Duration SHORTEST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofHours(1);

    CorrelationSettings settings() {
        if (window.compareTo(SHORTEST) < 0 || window.compareTo(LONGEST) > 0) {
            throw outOfRange("window", window, "1m to 1h");
        }
        if (!(falseReportsPerHour > 0 && falseReportsPerHour <= 1)) {
            throw outOfRange("false-reports-per-hour", falseReportsPerHour, "above 0 and at most 1");
        }
        return new CorrelationSettings(window, falseReportsPerHour);
    }

    private static InvalidPropertyException outOfRange(String key, Object value, String allowed) {
        return new InvalidPropertyException(
                PREFIX + key,
                value.toString(),
                "is out of range: allowed is " + allowed,
                "Set it to a value in this range.");
    }
}
