package io.servicebreaker.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.RepeatedTest;

/** Real threads on one window. */
class FailureWindowThreadsTest {

    private static final int THREADS = 16;
    private static final int RESULTS = 20_000;
    private static final long WINDOW = 1_000_000;
    private static final long NOW = 5_000_000;
    /** The clock of all threads passes several buckets, and ends within the first one's life. */
    private static final long STEP = WINDOW * 8 / 12 / (THREADS * RESULTS / 10);

    private final FailureWindow window = new FailureWindow(WINDOW);

    @RepeatedTest(5)
    void losesNoResultWhileThreadsSpreadOverLanes() {
        Threads.run(THREADS, thread -> {
            for (int i = 0; i < RESULTS; i++) {
                record(thread + i, NOW);
            }
        });

        assertCounts(NOW, (long) THREADS * RESULTS);
    }

    @RepeatedTest(5)
    void losesNoResultWhileBucketsBegin() {
        AtomicLong clock = new AtomicLong(NOW);

        Threads.run(THREADS, thread -> {
            for (int i = 0; i < RESULTS; i++) {
                record(thread + i, clock.get());
                if (i % 10 == 0) {
                    clock.addAndGet(STEP);
                }
            }
        });

        assertThat(clock.get() - NOW).isBetween(WINDOW / 2, WINDOW * 10 / 12);
        assertCounts(clock.get(), (long) THREADS * RESULTS);
    }

    @RepeatedTest(5)
    void neverShowsMoreSlowOrTimedOutCallsThanCalls() {
        AtomicBoolean torn = new AtomicBoolean();

        Threads.run(4, thread -> {
            for (int i = 0; i < RESULTS; i++) {
                window.failure(NOW, true, true);
                WindowCounts seen = window.counts(NOW);
                boolean contained = seen.slow() <= seen.calls()
                        && seen.slowFailed() <= seen.failed()
                        && seen.timedOut() <= seen.failed();
                if (!contained) {
                    torn.set(true);
                }
            }
        });

        assertThat(torn).isFalse();
    }

    private void record(int turn, long now) {
        switch (turn & 3) {
            case 0 -> window.success(now);
            case 1 -> window.slowSuccess(now);
            case 2 -> window.failure(now, false, true);
            default -> window.failure(now, true, false);
        }
    }

    private void assertCounts(long now, long results) {
        assertThat(window.counts(now))
                .isEqualTo(new WindowCounts(results, results / 2, results / 2, results / 4, results / 4));
    }
}
