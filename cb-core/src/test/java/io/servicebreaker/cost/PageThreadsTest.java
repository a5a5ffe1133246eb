package io.servicebreaker.cost;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.event.Events;
import io.servicebreaker.time.FakeTime;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Real threads on one page and its budgets. */
class PageThreadsTest {

    private static final int THREADS = 16;
    private static final int CALLS = 5_000;
    private static final int UNDER_WAY = 10;
    private static final Ceilings NO_RULES = new Ceilings(List.of(), new SpendWindow[0]);

    private final Events events = new Events();

    @AfterEach
    void close() {
        events.close();
    }

    @RepeatedTest(20)
    void theEndOfALeaseIsBookedOnceForWhateverIsSettledMeanwhile() throws Exception {
        Spending limited = spending(1_000_000_000L);
        Spending unlimited = spending(Spending.UNLIMITED);
        Page page = new Page(List.of(limited, unlimited), Instant.EPOCH, 0, 1);
        AtomicInteger calls = new AtomicInteger();

        List<Long> costs = Together.ask(THREADS, () -> {
            Deque<Long> underWay = new ArrayDeque<>();
            long cost = 0;
            for (int i = 1; i <= CALLS; i++) {
                if (page.note(i) && page.reserve(i, NO_RULES) == null) {
                    underWay.add((long) i);
                }
                if (underWay.size() > UNDER_WAY) {
                    page.settle(underWay.removeFirst(), i % 7);
                    cost += i % 7;
                }
                if (calls.incrementAndGet() == THREADS * CALLS / 2) {
                    page.expire();
                }
            }
            for (long amount : underWay) {
                page.settle(amount, 1);
                cost++;
            }
            return cost;
        });

        long spent = costs.stream().mapToLong(Long::longValue).sum();
        assertThat(limited.get()).isEqualTo(spent);
        assertThat(unlimited.get()).isEqualTo(spent);
        assertThat(page.reserved()).isZero();
    }

    /** The others need no leave; what they reserve and give back must never look like less than it is. */
    @RepeatedTest(20)
    void aCeilingHoldsAlsoWhileOtherCallsHaveNone() throws Exception {
        Spending spending = spending(Spending.UNLIMITED);
        AtomicInteger threads = new AtomicInteger();

        List<Integer> admitted = Together.ask(THREADS, () -> {
            boolean hasCeiling = threads.getAndIncrement() % 2 == 0;
            int sum = 0;
            for (int i = 0; i < CALLS; i++) {
                if (hasCeiling) {
                    sum += spending.reserve(1, 50) ? 1 : 0;
                } else {
                    spending.reserve(5, Spending.UNLIMITED);
                    spending.book(-5);
                }
            }
            return sum;
        });

        int all = admitted.stream().mapToInt(Integer::intValue).sum();
        assertThat(all).isBetween(1, 50);
        assertThat(spending.get()).isEqualTo(all);
    }

    @RepeatedTest(20)
    void aCeilingCountsWhatCallsWithoutOneHaveReserved() throws Exception {
        Spending spending = spending(Spending.UNLIMITED);
        Together.ask(THREADS, () -> spending.reserve(5, Spending.UNLIMITED));

        List<Boolean> admitted = Together.ask(100, () -> spending.reserve(1, THREADS * 5 + 50));

        assertThat(admitted).filteredOn(Boolean::booleanValue).hasSize(50);
        assertThat(spending.get()).isEqualTo(THREADS * 5 + 50);
    }

    @Test
    void whatExpiresWhileItIsReservedIsGivenBackOnce() {
        Spending plenty = spending(100);
        Spending full = spending(10);
        full.book(20);
        Page page = new Page(List.of(plenty, full), Instant.EPOCH, 0, 1);
        page.note(5);
        page.expire();

        assertThat(page.reserve(5, NO_RULES)).isSameAs(full);

        page.settle(0, 5); // a later end is booked all the same
        assertThat(plenty.get()).isEqualTo(5);
        assertThat(full.get()).isEqualTo(25);
    }

    private Spending spending(long limit) {
        BudgetMarks marks = new BudgetMarks("", Period.DAILY, limit, new FakeTime(), events);
        return new Spending(Period.DAILY, Instant.EPOCH, Long.MAX_VALUE, limit, marks);
    }
}
