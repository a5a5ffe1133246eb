package io.servicebreaker.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Permit;
import io.servicebreaker.time.FakeTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.RepeatedTest;

class RateLimitsThreadsTest {

    private static final CallRequest CALL = CallRequest.to("service").estimatedTokens(90, 10);

    private final FakeTime time = new FakeTime();
    private final RateLimits limits = new RateLimits(
            ProviderProfiles.bundled().of("openai").limits(), LimitSettings.DEFAULTS, time, () -> true, share -> {});
    private final AtomicInteger admitted = new AtomicInteger();

    @RepeatedTest(20)
    void admitsNoMoreThanRemain() throws Exception {
        answer(5, 1_000_000);

        inParallel(100, i -> admit());

        assertThat(admitted).hasValue(5);
    }

    @RepeatedTest(20)
    void admitsNoMoreThanTheTokensCover() throws Exception {
        answer(500, 799);

        inParallel(100, i -> admit());

        assertThat(admitted).hasValue(7);
    }

    @RepeatedTest(20)
    void losesNoCallToAnAnswerThatArrivesMeanwhile() throws Exception {
        answer(50, 1_000_000);
        admit();

        // The answer knows of its own call alone; whoever is admitted before or after it is one of the 49 that remain.
        inParallel(100, i -> {
            if (i == 0) {
                limits.finished(CALL, Outcome.SUCCESS.with(null, report(49, 1_000_000)), 0);
            } else {
                admit();
            }
        });

        assertThat(admitted).hasValueBetween(49, 50);
    }

    private void admit() {
        if (limits.admit(CALL, time.nanos()) instanceof Permit) {
            admitted.incrementAndGet();
        }
    }

    private void answer(long requests, long tokens) {
        limits.admit(CALL, time.nanos());
        limits.finished(CALL, Outcome.SUCCESS.with(null, report(requests, tokens)), 0);
    }

    private static CallReport report(long requests, long tokens) {
        return CallReport.ofStatus(200)
                .header("x-ratelimit-limit-requests", "500")
                .header("x-ratelimit-remaining-requests", Long.toString(requests))
                .header("x-ratelimit-reset-requests", "60s")
                .header("x-ratelimit-limit-tokens", "1000000")
                .header("x-ratelimit-remaining-tokens", Long.toString(tokens))
                .header("x-ratelimit-reset-tokens", "60s");
    }

    private static void inParallel(int threads, IntConsumer work) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            CyclicBarrier start = new CyclicBarrier(threads);
            List<Future<?>> ends = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int number = i;
                ends.add(pool.submit(() -> {
                    start.await();
                    work.accept(number);
                    return null;
                }));
            }
            for (Future<?> end : ends) {
                end.get();
            }
        } finally {
            pool.shutdown();
        }
    }
}
