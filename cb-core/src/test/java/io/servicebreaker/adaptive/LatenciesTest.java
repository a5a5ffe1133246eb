package io.servicebreaker.adaptive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;

class LatenciesTest {

    @Property
    void aTimeIsInTheFirstBucketThatReachesIt(@ForAll @LongRange(min = -1, max = Long.MAX_VALUE) long nanos) {
        int bucket = Latencies.bucket(nanos);

        assertThat(bucket == Latencies.BUCKETS - 1 || nanos <= Latencies.upperNanos(bucket))
                .isTrue();
        assertThat(bucket == 0 || nanos > Latencies.upperNanos(bucket - 1)).isTrue();
    }

    @Example
    void theLongestTimeOfABucketIsInItAndALongerOneInTheNext() {
        for (int bucket = 0; bucket < Latencies.BUCKETS - 1; bucket++) {
            assertThat(Latencies.bucket(Latencies.upperNanos(bucket))).isEqualTo(bucket);
            assertThat(Latencies.bucket(Latencies.upperNanos(bucket) + 1)).isEqualTo(bucket + 1);
        }
        assertThat(Latencies.upperNanos(0)).isEqualTo(Duration.ofMillis(1).toNanos());
        assertThat(Latencies.upperNanos(4)).isEqualTo(Duration.ofMillis(2).toNanos());
    }

    @Property
    void giveBackTheirCounts(@ForAll("counts") long[] counts) {
        assertThat(new Latencies(counts).counts()).isEqualTo(counts);
        assertThat(new Latencies(counts).count())
                .isEqualTo(Arrays.stream(counts).sum());
    }

    @Example
    void countThoseThatTookLonger() {
        long[] counts = new long[Latencies.BUCKETS];
        counts[10] = 3;
        counts[12] = 4;
        Latencies latencies = new Latencies(counts);

        assertThat(latencies.longerThan(0)).isEqualTo(7);
        assertThat(latencies.longerThan(Latencies.upperNanos(10))).isEqualTo(4);
        assertThat(latencies.longerThan(Latencies.upperNanos(12))).isZero();
        assertThat(latencies.longerThan(Long.MAX_VALUE)).isZero();
        assertThat(Latencies.NONE.longerThan(0)).isZero();
    }

    @Example
    void areNeverNegative() {
        long[] counts = new long[Latencies.BUCKETS];
        counts[1] = -1;

        assertThatIllegalArgumentException().isThrownBy(() -> new Latencies(counts));
        assertThatIllegalArgumentException().isThrownBy(() -> new Latencies(new long[1]));
    }

    @Provide
    Arbitrary<long[]> counts() {
        return Arbitraries.longs().between(0, 3).array(long[].class).ofSize(Latencies.BUCKETS);
    }
}
