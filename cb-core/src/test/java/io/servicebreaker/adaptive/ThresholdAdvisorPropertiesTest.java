package io.servicebreaker.adaptive;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.time.FakeTime;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/** Whatever a store hands out and whatever is configured. */
class ThresholdAdvisorPropertiesTest {

    private static final Instant NOW = new FakeTime().now();

    @Property(tries = 300)
    void neverSaysNonsense(
            @ForAll("histories") List<CallMinute> history,
            @ForAll("settings") BreakerSettings baseline,
            @ForAll @DoubleRange(min = 0.01, max = 0.99) double maxAdjustment) {
        Past past = past(history, baseline, maxAdjustment);

        List<Recommendation> found = past.recommendations();

        assertThat(found).extracting(Recommendation::parameter).doesNotHaveDuplicates();
        found.forEach(each -> assertMakesSense(each, baseline, maxAdjustment));
        assertThat(past.recommendations()).isEqualTo(found);
    }

    /** The same troubles over and over, so that there are enough to be sure of something. */
    @Property(tries = 100)
    void neverSaysNonsenseOfRepeatedTroubles(
            @ForAll("histories") List<CallMinute> history,
            @ForAll("settings") BreakerSettings baseline,
            @ForAll @IntRange(min = 2, max = 30) int times) {
        List<CallMinute> repeated = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            Instant begin = NOW.minus(Duration.ofDays(29)).plus(Duration.ofHours(5L * i));
            for (int j = 0; j < history.size(); j++) {
                repeated.add(at(history.get(j), begin.plus(Duration.ofMinutes(j))));
            }
        }
        Past past = past(repeated, baseline, 0.3);

        List<Recommendation> found = past.recommendations();

        found.forEach(each -> assertMakesSense(each, baseline, 0.3));
        assertThat(past.recommendations()).isEqualTo(found);
    }

    private static void assertMakesSense(Recommendation each, BreakerSettings baseline, double maxAdjustment) {
        double configured = each.parameter().of(baseline);
        assertThat(each.current()).isEqualTo(configured);
        assertThat(each.recommended()).isNotEqualTo(configured);
        assertThat(Math.abs(each.recommended() - configured)).isLessThanOrEqualTo(configured * (maxAdjustment + 1e-9));
        assertThat(each.parameter().of(each.parameter().with(baseline, each.recommended())))
                .isPositive();
        assertThat(each.confidence()).isBetween(0.5, 1.0);
        assertThat(each.dataQuality()).isBetween(0.0, 1.0);
        assertThat(each.avoidedFailures()).isFinite();
        assertThat(each.avoidedRefusals()).isFinite();
        assertThat(each.reason()).contains(each.parameter().key()).doesNotContain("NaN", "Infinity");
    }

    private static Past past(List<CallMinute> history, BreakerSettings baseline, double maxAdjustment) {
        Past past = new Past().configured(usual -> baseline).maxAdjustment(maxAdjustment);
        past.append(history);
        return past;
    }

    @Provide
    Arbitrary<List<CallMinute>> histories() {
        return minutes().list().ofMaxSize(60);
    }

    @Provide
    Arbitrary<BreakerSettings> settings() {
        return Combinators.combine(
                        Arbitraries.integers().between(1, 65_535),
                        Arbitraries.doubles().between(0.01, 1),
                        Arbitraries.integers().between(1, 100),
                        Arbitraries.longs().between(1_000, 3_600_000),
                        Arbitraries.longs().between(1, 600_000),
                        Arbitraries.doubles().between(1, 100),
                        Arbitraries.integers().between(1, 1000))
                .as((failures, share, calls, window, recovery, multiplier, probes) ->
                        BreakerSettings.defaults().toBuilder()
                                .failureThreshold(failures)
                                .errorRateThreshold(share)
                                .minimumCalls(calls)
                                .window(Duration.ofMillis(window))
                                .recoveryTimeout(Duration.ofMillis(recovery))
                                .maxRecoveryTimeout(Duration.ofMillis(2 * recovery))
                                .recoveryBackoffMultiplier(multiplier)
                                .halfOpenMaxRequests(probes)
                                .probeTimeout(Duration.ofNanos(recovery))
                                .build());
    }

    private static Arbitrary<CallMinute> minutes() {
        Arbitrary<Long> counts = Arbitraries.frequencyOf(
                Tuple.of(4, Arbitraries.longs().between(0, 100)), Tuple.of(1, Arbitraries.longs()));
        Arbitrary<Latencies> latencies = Combinators.combine(
                        Arbitraries.integers().between(0, Latencies.BUCKETS - 1), counts)
                .as(ThresholdAdvisorPropertiesTest::latencies);
        Arbitrary<Double> open = Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.of(0.0, 30.0, 60.0)),
                Tuple.of(1, Arbitraries.of(Double.NaN, Double.POSITIVE_INFINITY, -5.0, 1e300)));
        return Combinators.combine(
                        Arbitraries.longs().between(-50_000, 100), latencies, counts, latencies, counts, open, counts)
                .as((start, answers, failures, failing, refused, seconds, probes) -> new CallMinute(
                        Minutes.SERVICE,
                        "",
                        NOW.plus(Duration.ofMinutes(start)),
                        answers,
                        Map.of(FailureCause.TIMEOUT, failures),
                        failing,
                        failures % 5 == 0 ? Map.of(FailureCause.RATE_LIMIT, 1L) : Map.of(),
                        (int) (long) failures,
                        refused,
                        (int) (long) probes,
                        seconds,
                        probes,
                        probes / 2,
                        BigDecimal.ZERO));
    }

    private static Latencies latencies(int bucket, long count) {
        long[] counts = new long[Latencies.BUCKETS];
        counts[bucket] = Math.max(0, count);
        return new Latencies(counts);
    }

    private static CallMinute at(CallMinute minute, Instant start) {
        return new CallMinute(
                minute.service(),
                minute.model(),
                start,
                minute.answers(),
                minute.failures(),
                minute.failing(),
                minute.ignored(),
                minute.longestRun(),
                minute.refused(),
                minute.openings(),
                minute.openSeconds(),
                minute.probes(),
                minute.failedProbes(),
                minute.cost());
    }
}
