package io.servicebreaker.cost;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Real threads on one tally. */
class TallyThreadsTest {

    private static final int THREADS = 16;
    private static final int ADDITIONS = 20_000;

    private final Tally tally = new Tally();

    @RepeatedTest(5)
    void losesNothingWhileThreadsSpreadOverCells() throws Exception {
        Together.ask(THREADS, () -> {
            for (int i = 1; i <= ADDITIONS; i++) {
                assertThat(tally.add(i % 3 == 0 ? -i : i)).isTrue();
            }
            return true;
        });

        long each = 0;
        for (int i = 1; i <= ADDITIONS; i++) {
            each += i % 3 == 0 ? -i : i;
        }
        assertThat(tally.sum()).isEqualTo(THREADS * each);
        assertThat(tally.close()).isEqualTo(THREADS * each);
    }

    @RepeatedTest(20)
    void whatIsAddedIsEitherInWhatClosingReturnsOrRefused() throws Exception {
        AtomicLong returned = new AtomicLong();
        AtomicInteger turn = new AtomicInteger();

        List<Long> added = Together.ask(THREADS, () -> {
            long sum = 0;
            for (int i = 1; i <= ADDITIONS; i++) {
                sum += tally.add(i) ? i : 0;
                if (turn.incrementAndGet() == THREADS * ADDITIONS / 2) {
                    returned.addAndGet(tally.close());
                }
            }
            return sum;
        });

        assertThat(returned).hasValue(added.stream().mapToLong(Long::longValue).sum());
        assertThat(tally.add(1)).isFalse();
    }

    @Test
    void isClosedOnce() {
        tally.add(7);

        assertThat(tally.close()).isEqualTo(7);

        assertThat(tally.close()).isZero();
        assertThat(tally.sum()).isZero();
    }
}
