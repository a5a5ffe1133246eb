package io.servicebreaker.call;

import static io.servicebreaker.call.CallFixture.REQUEST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConcurrencyLimitTest {

    @Test
    void refusesWhenAsManyCallsAsAllowedAreUnderWay() {
        ConcurrencyLimit limit = new ConcurrencyLimit(2);
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
        ConcurrencyLimit limit = new ConcurrencyLimit(1);
        Permit permit = (Permit) limit.admit(REQUEST, 0);

        permit.finish(Outcome.NOT_RUN, 0, 0);

        assertThat(limit.underWay()).isZero();
        assertThat(limit.admit(REQUEST, 0)).isInstanceOf(Permit.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void isAtLeastOne(int limit) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ConcurrencyLimit(limit))
                .withMessage("limit is " + limit + ", allowed is at least 1");
    }

    @Test
    void holdsUnderContention() throws Exception {
        int threads = 4;
        ConcurrencyLimit limit = new ConcurrencyLimit(2);
        AtomicInteger underWay = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch start = new CountDownLatch(1);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        List<Future<?>> workers = new ArrayList<>();

        for (int i = 0; i < threads; i++) {
            workers.add(pool.submit(() -> {
                start.await();
                for (int call = 0; call < 20_000; call++) {
                    tryOnce(limit, underWay, most);
                }
                return null;
            }));
        }
        start.countDown();
        for (Future<?> worker : workers) {
            worker.get();
        }
        pool.shutdown();

        assertThat(most).hasValueBetween(1, 2);
        assertThat(limit.underWay()).isZero();
    }

    private static void tryOnce(ConcurrencyLimit limit, AtomicInteger underWay, AtomicInteger most) {
        if (limit.admit(REQUEST, 0) instanceof Permit permit) {
            most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
            Thread.yield();
            underWay.decrementAndGet();
            permit.finish(Outcome.SUCCESS, 0, 0);
        }
    }
}
