package io.servicebreaker.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** The window beside a list of everything that happened. */
class FailureWindowPropertiesTest {

    private static final long WINDOW = 1_000;
    private static final long BUCKET = WINDOW / 12;
    private static final long START = 1_000_000;

    private enum Kind {
        SUCCESS,
        SLOW_SUCCESS,
        FAILURE,
        SLOW_FAILURE,
        TIMEOUT,
        SLOW_TIMEOUT;

        boolean isFailure() {
            return this != SUCCESS && this != SLOW_SUCCESS;
        }

        boolean isSlow() {
            return this == SLOW_SUCCESS || this == SLOW_FAILURE || this == SLOW_TIMEOUT;
        }

        boolean isTimeout() {
            return this == TIMEOUT || this == SLOW_TIMEOUT;
        }
    }

    private record Step(long pause, Kind kind) {}

    @Property(tries = 2_000)
    void countsWhatTheListCounts(@ForAll("steps") List<Step> steps) {
        FailureWindow window = new FailureWindow(WINDOW);
        Model model = new Model();
        long now = START;
        for (Step step : steps) {
            now += step.pause;
            record(window, step.kind, now);
            model.record(step.kind, now);
            model.assertEqual(window, now);
            model.assertEqual(window, now + WINDOW / 2);
        }
    }

    @Property(tries = 500)
    void countsNothingOfAWindowAgo(@ForAll("forwardSteps") List<Step> steps) {
        FailureWindow window = new FailureWindow(WINDOW);
        List<Long> times = new ArrayList<>();
        long now = START;
        for (Step step : steps) {
            now += step.pause;
            record(window, step.kind, now);
            times.add(now);
            long time = now;
            long young = times.stream().filter(at -> time - at < WINDOW).count();
            long surely =
                    times.stream().filter(at -> time - at < WINDOW - BUCKET).count();
            assertThat(calls(window, now)).isBetween(surely, young);
        }
        assertThat(calls(window, now + WINDOW)).isZero();
        assertThat(window.counts(now + WINDOW)).isEqualTo(WindowCounts.NONE);
    }

    @Property(tries = 200)
    void looksWithoutChangingAnything(@ForAll("steps") List<Step> steps) {
        FailureWindow observed = new FailureWindow(WINDOW);
        FailureWindow leftAlone = new FailureWindow(WINDOW);
        long now = START;
        for (Step step : steps) {
            now += step.pause;
            observed.counts(now + WINDOW);
            observed.counts(now - WINDOW);
            record(observed, step.kind, now);
            record(leftAlone, step.kind, now);
        }
        assertThat(observed.counts(now)).isEqualTo(leftAlone.counts(now));
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        return stepsWith(Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.just(0L)),
                Tuple.of(8, Arbitraries.longs().between(1, BUCKET + 1)),
                Tuple.of(2, Arbitraries.longs().between(-BUCKET, -1)),
                Tuple.of(4, Arbitraries.of(BUCKET - 1, BUCKET, BUCKET + 1, WINDOW - BUCKET)),
                Tuple.of(1, Arbitraries.longs().between(WINDOW - 2, 3 * WINDOW))));
    }

    @Provide
    Arbitrary<List<Step>> forwardSteps() {
        return stepsWith(Arbitraries.longs().between(0, 2 * BUCKET));
    }

    private static Arbitrary<List<Step>> stepsWith(Arbitrary<Long> pauses) {
        return Combinators.combine(pauses, Arbitraries.of(Kind.class))
                .as(Step::new)
                .list()
                .ofMaxSize(200);
    }

    private static void record(FailureWindow window, Kind kind, long now) {
        switch (kind) {
            case SUCCESS -> window.success(now);
            case SLOW_SUCCESS -> window.slowSuccess(now);
            default -> window.failure(now, kind.isSlow(), kind.isTimeout());
        }
    }

    private static long calls(FailureWindow window, long now) {
        return window.counts(now).calls();
    }

    /** Keeps every result with the start of its bucket, in one list. */
    private static final class Model {

        private record Entry(long bucketStart, Kind kind) {}

        private final Deque<Entry> entries = new ArrayDeque<>();
        private long newestStart = Long.MIN_VALUE / 2;

        void record(Kind kind, long now) {
            if (now - newestStart >= BUCKET) {
                newestStart = now;
                entries.removeIf(entry -> now - entry.bucketStart >= WINDOW);
            }
            entries.add(new Entry(newestStart, kind));
        }

        void assertEqual(FailureWindow window, long now) {
            long[] counts = new long[5];
            for (Entry entry : entries) {
                if (now - entry.bucketStart < WINDOW) {
                    counts[0] += 1;
                    counts[1] += entry.kind.isFailure() ? 1 : 0;
                    counts[2] += entry.kind.isSlow() ? 1 : 0;
                    counts[3] += entry.kind.isSlow() && entry.kind.isFailure() ? 1 : 0;
                    counts[4] += entry.kind.isTimeout() ? 1 : 0;
                }
            }
            assertThat(window.counts(now))
                    .isEqualTo(new WindowCounts(counts[0], counts[1], counts[2], counts[3], counts[4]));
        }
    }
}
