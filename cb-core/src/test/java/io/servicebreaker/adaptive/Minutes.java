package io.servicebreaker.adaptive;

import io.servicebreaker.call.FailureCause;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Puts a minute of history together. */
final class Minutes {

    static final String SERVICE = "openai";

    private final Instant start;
    private String model = "";
    private final long[] answers = new long[Latencies.BUCKETS];
    private final long[] failing = new long[Latencies.BUCKETS];
    private long failed;
    private Map<FailureCause, Long> ignored = Map.of();
    private int run;
    private long refused;
    private int openings;
    private double openSeconds;
    private long probes;
    private long failedProbes;

    private Minutes(Instant start) {
        this.start = start;
    }

    static Minutes at(Instant start) {
        return new Minutes(start);
    }

    /** Both together, as if all had been in the first one's minute. */
    static CallMinute sum(CallMinute one, CallMinute other) {
        return new CallMinute(
                one.service(),
                one.model(),
                one.start(),
                sum(one.answers(), other.answers()),
                sum(one.failures(), other.failures()),
                sum(one.failing(), other.failing()),
                sum(one.ignored(), other.ignored()),
                Math.max(one.longestRun(), other.longestRun()),
                one.refused() + other.refused(),
                one.openings() + other.openings(),
                one.openSeconds() + other.openSeconds(),
                one.probes() + other.probes(),
                one.failedProbes() + other.failedProbes(),
                one.cost().add(other.cost()));
    }

    private static Latencies sum(Latencies one, Latencies other) {
        long[] sums = new long[Latencies.BUCKETS];
        Arrays.setAll(sums, bucket -> one.in(bucket) + other.in(bucket));
        return new Latencies(sums);
    }

    private static Map<FailureCause, Long> sum(Map<FailureCause, Long> one, Map<FailureCause, Long> other) {
        Map<FailureCause, Long> sums = new HashMap<>(one);
        other.forEach((cause, count) -> sums.merge(cause, count, Long::sum));
        return sums;
    }

    Minutes ofModel(String id) {
        model = id;
        return this;
    }

    Minutes good(long calls, Duration each) {
        answers[Latencies.bucket(each.toNanos())] += calls;
        return this;
    }

    Minutes good(long calls) {
        return good(calls, Duration.ofSeconds(1));
    }

    Minutes failed(long calls, Duration each) {
        failing[Latencies.bucket(each.toNanos())] += calls;
        failed += calls;
        return this;
    }

    Minutes failed(long calls) {
        return failed(calls, Duration.ofMillis(200));
    }

    Minutes throttled(long calls) {
        ignored = Map.of(FailureCause.RATE_LIMIT, calls);
        return this;
    }

    Minutes run(int longest) {
        run = longest;
        return this;
    }

    /** The breaker opened, or stayed open, for so long and refused so many. */
    Minutes open(double seconds, long refusals) {
        openSeconds = seconds;
        refused = refusals;
        return this;
    }

    Minutes opened() {
        openings++;
        return this;
    }

    /** Among the calls. */
    Minutes probes(long all, long bad) {
        probes = all;
        failedProbes = bad;
        return this;
    }

    CallMinute build() {
        return build(SERVICE);
    }

    CallMinute build(String service) {
        return new CallMinute(
                service,
                model,
                start,
                new Latencies(answers),
                failed == 0 ? Map.of() : Map.of(FailureCause.SERVER_ERROR, failed),
                new Latencies(failing),
                ignored,
                run,
                refused,
                openings,
                openSeconds,
                probes,
                failedProbes,
                BigDecimal.ZERO);
    }
}
