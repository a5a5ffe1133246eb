package io.servicebreaker.cost;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ThrottleTest {

    @Property
    void letsItsShareOfAnyRunOfCallsThrough(
            @ForAll @DoubleRange(min = 0.01, max = 1) double factor,
            @ForAll @IntRange(max = 500) int before,
            @ForAll @IntRange(min = 1, max = 500) int run) {
        Throttle throttle = new Throttle(factor);
        through(throttle, before);

        int through = through(throttle, run);

        assertThat((double) through).isBetween(run * factor - 1.001, run * factor + 1.001);
    }

    private static int through(Throttle throttle, int calls) {
        int through = 0;
        for (int i = 0; i < calls; i++) {
            through += throttle.letsThrough(i) ? 1 : 0;
        }
        return through;
    }

    @Test
    void letsTheFirstCallThrough() {
        assertThat(new Throttle(0.001).letsThrough(0)).isTrue();
    }

    @Test
    void letsTheSameShareThroughForManyThreads() throws Exception {
        Throttle throttle = new Throttle(0.3);
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try {
            List<Future<Integer>> counts = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                counts.add(pool.submit(() -> through(throttle, 10_000)));
            }
            int sum = 0;
            for (Future<Integer> count : counts) {
                sum += count.get();
            }

            assertThat(sum).isBetween(24_000, 24_001);
        } finally {
            pool.shutdownNow();
        }
    }
}
