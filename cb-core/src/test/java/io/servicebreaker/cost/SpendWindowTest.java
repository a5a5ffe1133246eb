package io.servicebreaker.cost;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** The window is held against a list of all calls. */
class SpendWindowTest {

    private static final long BUCKET = Duration.ofSeconds(1).toNanos();
    private static final int BUCKETS = 60;

    private record Spent(long bucket, long amount) {}

    private record Step(int pause, int amount, int correction, int ago) {}

    @Property
    void countsTheCallsOfTheLastSixtyBuckets(@ForAll("steps") List<Step> steps) {
        SpendWindow window = new SpendWindow(Duration.ofMinutes(1), 0);
        List<Spent> all = new ArrayList<>();
        long now = 0;

        for (Step step : steps) {
            now += step.pause() * BUCKET / 4;
            window.reserve(step.amount(), now, Spending.UNLIMITED);
            all.add(new Spent(now / BUCKET, step.amount()));
            long begun = Math.max(0, now - (long) step.ago() * BUCKET / 4);
            window.correct(step.correction(), begun, now);
            boolean live = begun / BUCKET > now / BUCKET - BUCKETS;
            if (live || step.correction() > 0) {
                all.add(new Spent(live ? begun / BUCKET : now / BUCKET, step.correction()));
            }

            assertThat(window.sum(now)).isEqualTo(sum(all, now / BUCKET));
        }
        check(window, all, now);
    }

    /** Without further calls it falls when it says, and stays there. */
    private static void check(SpendWindow window, List<Spent> all, long now) {
        long half = window.sum(now) / 2;

        long fallen = window.fallsTo(half, now);

        if (window.sum(now) > half) {
            assertThat(sum(all, fallen / BUCKET)).isLessThanOrEqualTo(half);
            assertThat(sum(all, fallen / BUCKET - 1)).isGreaterThan(half);
        } else {
            assertThat(fallen).isEqualTo(now);
        }
    }

    private static long sum(List<Spent> all, long bucket) {
        return all.stream()
                .filter(spent -> spent.bucket() > bucket - BUCKETS)
                .mapToLong(Spent::amount)
                .sum();
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        return Combinators.combine(
                        Arbitraries.frequencyOf(
                                Tuple.of(9, Arbitraries.integers().between(0, 40)),
                                Tuple.of(1, Arbitraries.integers().between(200, 2000))),
                        Arbitraries.integers().between(0, 100),
                        Arbitraries.integers().between(-20, 50),
                        Arbitraries.integers().between(0, 300))
                .as(Step::new)
                .list()
                .ofMaxSize(60);
    }
}
