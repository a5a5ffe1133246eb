package io.servicebreaker.adaptive;

import io.servicebreaker.breaker.PastCalls;
import io.servicebreaker.call.FailureCause;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Adds up the hours of a service, in the order of time. Its calls were healthy in those in which its breaker was closed; open
 * times of hours that follow each other are troubles of equal length, as many as it opened. Times are taken to be lognormal.
 */
final class PastHours {

    private static final Duration HOUR = Duration.ofHours(1);

    /** With these it was the provider who wanted no calls: how long that lasts says nothing about its troubles. */
    private static final Set<FailureCause> TOLD =
            Set.of(FailureCause.RATE_LIMIT, FailureCause.QUOTA, FailureCause.AUTHENTICATION);

    private static final long MOST_IN_A_ROW = 1000;

    private final List<Double> troubles = new ArrayList<>();
    private final long[] answers = new long[Latencies.BUCKETS];
    private final long[] failing = new long[Latencies.BUCKETS];
    private long calls;
    private long failed;
    private double openSeconds;
    private long openings;
    private @Nullable Instant openUntil;

    void add(CallMinute hour) {
        add(hour.failing(), failing);
        boolean isOpen =
                hour.openSeconds() > 0 && Collections.disjoint(hour.ignored().keySet(), TOLD);
        if (!isOpen || !hour.start().equals(openUntil)) {
            endTrouble();
        }
        if (isOpen) {
            openSeconds += hour.openSeconds();
            openings += hour.openings();
            openUntil = hour.start().plus(HOUR);
        } else if (hour.openSeconds() == 0) {
            calls += hour.calls();
            failed += hour.failed();
            add(hour.answers(), answers);
        }
    }

    private static void add(Latencies some, long[] sums) {
        Arrays.setAll(sums, bucket -> sums[bucket] + some.in(bucket));
    }

    private void endTrouble() {
        if (openSeconds > 0) {
            int lasted = (int) Math.min(MOST_IN_A_ROW, Math.max(1, openings));
            troubles.addAll(Collections.nCopies(lasted, openSeconds / lasted));
        }
        openSeconds = 0;
        openings = 0;
    }

    PastCalls calls() {
        endTrouble();
        double count = Arrays.stream(answers).sum();
        double mean = 0;
        double square = 0;
        for (int bucket = 0; count > 0 && bucket < Latencies.BUCKETS; bucket++) {
            double log = Math.log(CallLoss.seconds(bucket));
            mean += answers[bucket] / count * log;
            square += answers[bucket] / count * log * log;
        }
        return new PastCalls(
                count > 0 ? calls : 0,
                calls == 0 ? 0 : (double) failed / calls,
                Math.exp(mean),
                Math.sqrt(Math.max(0, square - mean * mean)),
                CallLoss.meanSeconds(failing),
                troubles);
    }
}
