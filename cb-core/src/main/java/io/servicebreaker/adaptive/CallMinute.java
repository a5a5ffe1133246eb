package io.servicebreaker.adaptive;

import io.servicebreaker.call.FailureCause;
import io.servicebreaker.cost.Money;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;

/**
 * What became of the calls of one service, or of one of its models, in one minute; or in more time, if minutes were added up.
 * Immutable.
 *
 * @param service name of the service
 * @param model id of the model; empty for all calls of the service together
 * @param start first instant of the minute
 * @param answers how long the calls took that succeeded, slow ones included
 * @param failures calls that counted against the service, by cause
 * @param failing how long these took
 * @param ignored calls that failed without counting against the service, by cause: throttled, out of quota, the caller's fault
 * @param longestRun most failures in a row, of which the last was in this minute; a row ends with a success, or with a minute
 *     without a failure
 * @param refused calls that its breaker did not let through
 * @param openings how often its breaker ceased to be closed; 0 for a model
 * @param openSeconds for how much of the minute it was not closed, in milliseconds' precision: 0 to 60 for each instance of the
 *     application; 0 for a model
 * @param probes calls that were let through to see whether it works again and have ended; 0 for a model
 * @param failedProbes those among them that failed
 * @param cost what the calls cost, in billionths' precision, in the currency of the configuration
 */
public record CallMinute(
        String service,
        String model,
        Instant start,
        Latencies answers,
        Map<FailureCause, Long> failures,
        Latencies failing,
        Map<FailureCause, Long> ignored,
        int longestRun,
        long refused,
        int openings,
        double openSeconds,
        long probes,
        long failedProbes,
        BigDecimal cost) {

    private static final double MILLIS = 1000;

    public CallMinute {
        failures = Map.copyOf(failures);
        ignored = Map.copyOf(ignored);
        openSeconds = Math.round(openSeconds * MILLIS) / MILLIS; // so that sums do not depend on their order
        cost = Money.of(cost).toDecimal();
    }

    public long succeeded() {
        return answers.count();
    }

    public long failed() {
        return sum(failures);
    }

    /** Calls that say something about the service. */
    public long calls() {
        return succeeded() + failed();
    }

    /** Calls that somebody wanted to make, whatever became of them. */
    long wanted() {
        return calls() + refused + sum(ignored);
    }

    private static long sum(Map<FailureCause, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
