package io.servicebreaker.call;

import static io.servicebreaker.call.CallFixture.REQUEST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConcurrencyLimitTest {

    private static final Duration LEASE = Duration.ofMinutes(10);

    @Test
    void refusesWhenAsManyCallsAsAllowedAreUnderWay() {
        ConcurrencyLimit limit = new ConcurrencyLimit(2, LEASE);
        limit.admit(REQUEST, 0);
        limit.admit(REQUEST, 0);

        Admission third = limit.admit(REQUEST, 0);

        assertThat(third)
                .isEqualTo(new Rejection(
                        RejectionReason.TOO_MANY_CALLS,
                        RejectionScope.SERVICE,
                        Rejection.UNKNOWN_TIME,
                        "2 calls are under way (max-concurrent-calls)"));
        assertThat(limit.underWay()).isEqualTo(2);
    }

    @Test
    void admitsAgainWhenACallHasEnded() {
        ConcurrencyLimit limit = new ConcurrencyLimit(1, LEASE);
        Permit permit = (Permit) limit.admit(REQUEST, 0);

        permit.finish(Outcome.NOT_RUN, 0, 0);

        assertThat(limit.underWay()).isZero();
        assertThat(limit.admit(REQUEST, 0)).isInstanceOf(Permit.class);
    }

    @ParameterizedTest
    @CsvSource({"9, 9", "10, 9", "19, 18", "20, 18", "100, 90"})
    void keepsTheLastTenthForEssentialCalls(int places, int ordinary) {
        ConcurrencyLimit limit = withEssentialCalls(places);

        assertThat(admitted(limit, REQUEST)).isEqualTo(ordinary);
        assertThat(admitted(limit, REQUEST.essential())).isEqualTo(places - ordinary);
    }

    @Test
    void keepsNoPlaceForEssentialCallsThatNeverCome() {
        assertThat(admitted(new ConcurrencyLimit(100, LEASE), REQUEST)).isEqualTo(100);
    }

    private static ConcurrencyLimit withEssentialCalls(int places) {
        ConcurrencyLimit limit = new ConcurrencyLimit(places, LEASE);
        ((Permit) limit.admit(REQUEST.essential(), 0)).finish(Outcome.SUCCESS, 0, 0);
        return limit;
    }

    @Test
    void saysThatMoreCallsWouldHaveToBeEssential() {
        ConcurrencyLimit limit = withEssentialCalls(10);
        admitted(limit, REQUEST);

        assertThat(((Rejection) limit.admit(REQUEST, 0)).explanation())
                .isEqualTo("9 calls are under way, and more only if they are essential (max-concurrent-calls)");
        limit.admit(REQUEST.essential(), 0);
        assertThat(((Rejection) limit.admit(REQUEST.essential(), 0)).explanation())
                .isEqualTo("10 calls are under way (max-concurrent-calls)");
    }

    private static int admitted(ConcurrencyLimit limit, CallRequest request) {
        int admitted = 0;
        while (limit.admit(request, 0) instanceof Permit) {
            admitted++;
        }
        return admitted;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void isAtLeastOne(int limit) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ConcurrencyLimit(limit, LEASE))
                .withMessage("limit is " + limit + ", allowed is at least 1");
    }

    @Test
    void holdsUnderContention() throws Exception {
        ConcurrencyLimit limit = new ConcurrencyLimit(2, LEASE);
        AtomicInteger underWay = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();

        inParallel(() -> tryOnce(limit, underWay, most));

        assertThat(most).hasValueBetween(1, 2);
        assertThat(limit.underWay()).isZero();
    }

    private static void inParallel(Runnable call) throws Exception {
        int threads = 4;
        CountDownLatch start = new CountDownLatch(1);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        List<Future<?>> workers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            workers.add(pool.submit(() -> {
                start.await();
                for (int made = 0; made < 20_000; made++) {
                    call.run();
                }
                return null;
            }));
        }
        start.countDown();
        for (Future<?> worker : workers) {
            worker.get();
        }
        pool.shutdown();
    }

    private static void tryOnce(ConcurrencyLimit limit, AtomicInteger underWay, AtomicInteger most) {
        if (limit.admit(REQUEST, 0) instanceof Permit permit) {
            most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
            Thread.yield();
            underWay.decrementAndGet();
            permit.finish(Outcome.SUCCESS, 0, 0);
        }
    }

    @Test
    void freesThePlaceOfACallThatNobodyEndsAfterItsLease() {
        ConcurrencyLimit limit = new ConcurrencyLimit(1, LEASE);
        limit.admit(REQUEST, 0);
        assertThat(limit.admit(REQUEST, 2 * LEASE.toNanos() - 1)).isInstanceOf(Rejection.class);

        Admission later = limit.admit(REQUEST, 2 * LEASE.toNanos());

        assertThat(later).isInstanceOf(Permit.class);
        assertThat(limit.underWay()).isEqualTo(1);
    }

    @Test
    void keepsThePlaceOfACallForItsWholeLease() {
        ConcurrencyLimit limit = new ConcurrencyLimit(2, LEASE);
        limit.admit(REQUEST, 0);
        limit.admit(REQUEST, LEASE.toNanos() - 1);

        assertThat(limit.admit(REQUEST, LEASE.toNanos())).isInstanceOf(Rejection.class);
        assertThat(limit.admit(REQUEST, 2 * LEASE.toNanos() - 2)).isInstanceOf(Rejection.class);
    }

    @Test
    void countsNoEndOfACallThatHasLostItsPlace() {
        ConcurrencyLimit limit = new ConcurrencyLimit(1, LEASE);
        Permit lost = (Permit) limit.admit(REQUEST, 0);
        limit.admit(REQUEST, 2 * LEASE.toNanos());

        lost.finish(Outcome.SUCCESS, 0, 0);

        assertThat(limit.underWay()).isEqualTo(1);
        assertThat(limit.admit(REQUEST, 2 * LEASE.toNanos())).isInstanceOf(Rejection.class);
    }

    @Test
    void holdsWhileGenerationsBegin() throws Exception {
        ConcurrencyLimit limit = new ConcurrencyLimit(2, Duration.ofNanos(1_000_000));
        AtomicLong clock = new AtomicLong();
        AtomicInteger underWay = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();

        inParallel(() -> {
            long now = clock.addAndGet(18); // 80,000 calls in all: one generation ends, and no call outlives its lease
            if (limit.admit(REQUEST, now) instanceof Permit permit) {
                most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
                underWay.decrementAndGet();
                permit.finish(Outcome.SUCCESS, 0, now);
            }
        });

        assertThat(most).hasValueBetween(1, 2);
        assertThat(limit.underWay()).isZero();
    }

    @Test
    void wantsALease() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ConcurrencyLimit(1, Duration.ZERO))
                .withMessage("lease is PT0S, allowed is above 0");
    }
}
