package io.servicebreaker.adaptive;

import io.servicebreaker.call.FailureCause;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;

/**
 * What became of the calls of one service, or of one of its models, in one minute. Immutable.
 *
 * @param service name of the service
 * @param model id of the model; empty for all calls of the service together
 * @param start first instant of the minute
 * @param answers how long the calls took that succeeded, slow ones included
 * @param failures calls that counted against the service, by cause
 * @param failing how long these took
 * @param ignored calls that failed without counting against the service, by cause: throttled, out of quota, the caller's fault
 * @param longestRun most failures in a row, of which the last was in this minute
 * @param refused calls that its breaker did not let through
 * @param openings how often its breaker opened; 0 for a model
 * @param openSeconds for how much of the minute it was not closed, 0 to 60
 * @param probes calls that were let through to see whether it works again and have ended
 * @param failedProbes those among them that failed
 * @param cost what the calls cost, in the currency of the configuration
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

    public CallMinute {
        failures = Map.copyOf(failures);
        ignored = Map.copyOf(ignored);
    }

    public long succeeded() {
        return answers.count();
    }

    public long failed() {
        return failures.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Calls that say something about the service. */
    public long calls() {
        return succeeded() + failed();
    }
}
