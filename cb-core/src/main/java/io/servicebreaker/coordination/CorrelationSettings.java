package io.servicebreaker.coordination;

import java.time.Duration;

/**
 * How failures are compared.
 *
 * @param window how long a service is learned before it is judged, lags that are looked for, and how long a correlation is
 *     kept open after the last failures that belong to it; 1 minute to 1 hour
 * @param falseReportsPerHour how many correlations of independent services are accepted on average; above 0 and at most 1
 */
public record CorrelationSettings(Duration window, double falseReportsPerHour) {

    private static final Duration SHORTEST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofHours(1);

    /** 5 minutes, and one false report in 200 hours. After its bounds, which it is checked by. */
    public static final CorrelationSettings DEFAULT = new CorrelationSettings(Duration.ofMinutes(5), 0.005);

    public CorrelationSettings {
        if (window.compareTo(SHORTEST) < 0 || window.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("window is " + window + ", allowed is PT1M to PT1H");
        }
        if (!(falseReportsPerHour > 0 && falseReportsPerHour <= 1)) {
            throw new IllegalArgumentException(
                    "falseReportsPerHour is " + falseReportsPerHour + ", allowed is above 0 and at most 1");
        }
    }

    double windowSeconds() {
        return window.toMillis() / 1000.0;
    }
}
