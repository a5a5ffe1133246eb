package io.servicebreaker.coordination;

import io.servicebreaker.breaker.InvalidSettingException;
import java.time.Duration;
import java.util.List;

/**
 * How much one service's trouble means to the others.
 *
 * @param cascading whether a service that is down degrades those that need it
 * @param cascadeDelay for how long it has to be down before it does
 * @param maxCascadeDepth services one above the other that need each other, 1 to 20
 * @param progressive whether trouble lowers the work that is asked for
 * @param steps degradation from which each level holds, four rising numbers above 0 and at most 1
 * @param syncInterval time between two looks at the whole; also the time within which services that open count as one
 *     incident
 * @param timeout age from which what was seen of the whole is not trusted any more; above {@code syncInterval}
 * @param healthThreshold health below which an emergency is declared, 0 to 1
 * @param cascadeFailureThreshold services down together that are an incident, at least 2
 * @param emergencies whether emergencies are declared without a command
 * @param emergencyTimeout when such an emergency ends, at the latest
 * @param exhaustionThreshold share of this application's heap or processors in use above which calls are refused, above 0
 *     and at most 1, which is never
 */
public record CoordinationSettings(
        boolean cascading,
        Duration cascadeDelay,
        int maxCascadeDepth,
        boolean progressive,
        List<Double> steps,
        Duration syncInterval,
        Duration timeout,
        double healthThreshold,
        int cascadeFailureThreshold,
        boolean emergencies,
        Duration emergencyTimeout,
        double exhaustionThreshold) {

    private static final int LEVELS = DegradationMeter.LEVELS;
    private static final int DEEPEST = 20;
    private static final Duration LONGEST = Duration.ofHours(24);

    /** What holds unless something else is configured. */
    public static final CoordinationSettings DEFAULTS = new CoordinationSettings(
            true,
            Duration.ofMillis(100),
            3,
            true,
            List.of(0.3, 0.5, 0.7, 0.9),
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            0.3,
            3,
            true,
            Duration.ofMinutes(30),
            0.9);

    public CoordinationSettings {
        steps = List.copyOf(steps);
        check(!cascadeDelay.isNegative() && isAtMost(cascadeDelay), "cascade-delay", cascadeDelay, "0s to 24h");
        check(maxCascadeDepth >= 1 && maxCascadeDepth <= DEEPEST, "max-cascade-depth", maxCascadeDepth, "1 to 20");
        check(areRising(steps), "degradation-steps", steps, "four rising numbers above 0 and at most 1");
        check(isPositive(syncInterval), "sync-interval", syncInterval, "above 0s, at most 24h");
        check(
                isPositive(timeout) && timeout.compareTo(syncInterval) > 0,
                "coordination-timeout",
                timeout,
                "above sync-interval, which is " + syncInterval + ", and at most 24h");
        check(healthThreshold >= 0 && healthThreshold <= 1, "health-threshold", healthThreshold, "0 to 1");
        check(cascadeFailureThreshold >= 2, "cascade-failure-threshold", cascadeFailureThreshold, "at least 2");
        check(isPositive(emergencyTimeout), "emergency-recovery-timeout", emergencyTimeout, "above 0s, at most 24h");
        check(
                exhaustionThreshold > 0 && exhaustionThreshold <= 1,
                "resource-exhaustion-threshold",
                exhaustionThreshold,
                "above 0 and at most 1");
    }

    private static boolean isPositive(Duration duration) {
        return !duration.isNegative() && !duration.isZero() && isAtMost(duration);
    }

    private static boolean isAtMost(Duration duration) {
        return duration.compareTo(LONGEST) <= 0;
    }

    private static boolean areRising(List<Double> steps) {
        double last = 0;
        for (double step : steps) {
            if (!(step > last && step <= 1)) {
                return false;
            }
            last = step;
        }
        return steps.size() == LEVELS;
    }

    private static void check(boolean holds, String setting, Object value, String range) {
        if (!holds) {
            throw new InvalidSettingException(setting, value, range);
        }
    }
}
