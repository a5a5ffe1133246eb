package io.servicebreaker.breaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class BeliefPropertiesTest {

    private final TroubleTimes times = new TroubleTimes();
    private final Belief belief = new Belief(times);

    @Property
    void staysADistributionWhateverHappens(
            @ForAll @Size(max = 60) List<@IntRange(max = 2000) Integer> results,
            @ForAll @Size(max = 60) List<@DoubleRange(max = 1e7) Double> pauses) {
        for (int i = 0; i < Math.max(results.size(), pauses.size()); i++) {
            if (i < results.size()) {
                weigh(results.get(i), i % 2 == 0);
            }
            if (i < pauses.size()) {
                belief.pass(pauses.get(i));
            }
            assertIsADistribution();
        }
    }

    private void weigh(int count, boolean failed) {
        double[] logs = new double[Belief.LEVELS];
        for (int level = 0; level < Belief.LEVELS; level++) {
            double rate = belief.rate(level);
            logs[level] = count * Math.log(failed ? rate : 1 - rate);
        }
        belief.weigh(logs);
        belief.learn(failed ? 0 : count, failed ? count : 0);
    }

    private void assertIsADistribution() {
        double sum = 0;
        for (int level = 0; level < Belief.LEVELS; level++) {
            assertThat(belief.chance(level)).isBetween(0.0, 1.0 + 1e-9);
            sum += belief.chance(level);
        }
        assertThat(sum).isCloseTo(1, within(1e-6));
        assertThat(belief.failing()).isBetween(0.0, 1.0);
        assertThat(belief.rate(0)).isBetween(0.003, 0.05);
        assertThat(belief.age()).isNotNegative().isFinite();
    }

    @Property
    void failuresMakeTroubleLikelierAndSuccessesMakeItLessLikely(@ForAll @IntRange(min = 1, max = 50) int count) {
        double before = belief.healthy();
        weigh(count, true);
        double after = belief.healthy();
        assertThat(after).isLessThan(before);
        weigh(count, false);
        assertThat(belief.healthy()).isGreaterThan(after);
        belief.reset();
    }

    @Property
    void theOlderTheTroubleTheLessLikelyItEndsNow(
            @ForAll @DoubleRange(max = 1e5) double age, @ForAll @DoubleRange(min = 1, max = 1e5) double more) {
        assertThat(times.hazard(age + more))
                .isLessThanOrEqualTo(times.hazard(age))
                .isPositive();
        assertThat(times.remaining(age + more)).isGreaterThanOrEqualTo(times.remaining(age) - 1e-6);
    }

    @Property
    void learnsHowLongIncidentsLastWithinBounds(
            @ForAll @Size(max = 300) List<@DoubleRange(max = 1e9) Double> durations) {
        TroubleTimes learned = new TroubleTimes();
        durations.forEach(learned::ended);

        assertThat(learned.hazard(600)).isBetween(1 / (600 + 6 * 3600.0) - 1e-9, 1 / 600.0);
    }

    @Property(tries = 20)
    void incidentsThatLastedLongerMakeItExpectLongerOnes(@ForAll @DoubleRange(min = 6000, max = 1e5) double seconds) {
        TroubleTimes learned = new TroubleTimes();
        double before = learned.remaining(600);
        for (int i = 0; i < 20; i++) {
            learned.ended(seconds);
        }

        assertThat(learned.remaining(600)).isGreaterThan(before * 1.5);
    }
}
