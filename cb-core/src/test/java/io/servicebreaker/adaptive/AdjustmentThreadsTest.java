package io.servicebreaker.adaptive;

import static io.servicebreaker.adaptive.AdjustedWorld.BASELINE;
import static io.servicebreaker.adaptive.AdjustedWorld.SERVICE;
import static io.servicebreaker.adaptive.AdjustedWorld.recommended;
import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.adaptive.AdaptiveSettings.Mode;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Permit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.RepeatedTest;

/** Thresholds change while calls are under way. */
class AdjustmentThreadsTest {

    private static final int CALLERS = 8;
    private static final int CALLS = 2_000;
    private static final int ADJUSTMENTS = 200;

    @AutoClose
    private final AdjustedWorld world = new AdjustedWorld(Mode.AUTO, true);

    @RepeatedTest(5)
    void adjustingLosesNoCallAndEndsAsConfigured() throws Exception {
        world.advice = List.of(recommended(Parameter.FAILURE_THRESHOLD, 4));
        world.adjuster.look(); // from here on calls are heard
        ExecutorService pool = Executors.newFixedThreadPool(CALLERS + 2);
        CyclicBarrier start = new CyclicBarrier(CALLERS + 2);
        List<Future<?>> ends = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            ends.add(pool.submit(() -> {
                start.await();
                call();
                return null;
            }));
        }
        ends.add(pool.submit(() -> {
            start.await();
            adjust();
            return null;
        }));
        ends.add(pool.submit(() -> {
            start.await();
            undo();
            return null;
        }));
        for (Future<?> end : ends) {
            end.get();
        }
        pool.shutdown();
        world.adjuster.undo(SERVICE, "end", Duration.ofDays(1));

        assertThat(world.breaker.snapshot().calls()).isEqualTo((long) CALLERS * CALLS);
        assertThat(world.effective()).isEqualTo(BASELINE);
        assertThat(world.faults.count()).isZero();
    }

    private void call() {
        CallRequest request = CallRequest.to(SERVICE);
        for (int i = 0; i < CALLS; i++) {
            Permit permit = (Permit) world.breaker.admit(request, world.time.nanos());
            permit.finish(Outcome.SUCCESS, 0, world.time.nanos());
            world.listener.finished(request, Outcome.SUCCESS, 0);
        }
    }

    /** All within the window of the breaker, so that no call may be forgotten. */
    private void adjust() {
        for (int i = 0; i < ADJUSTMENTS; i++) {
            world.conditions = i % 2 == 0 ? new Conditions(4, 2, 0.5, 0.02, 1) : new Conditions(2, 2, 0.02, 0.02, 0);
            world.adjuster.look();
            world.time.advance(Duration.ofMillis(100));
        }
    }

    private void undo() {
        for (int i = 0; i < ADJUSTMENTS; i++) {
            world.adjuster.undo(SERVICE, "no", Duration.ofNanos(1));
            world.adjuster.settings(SERVICE).orElseThrow().overlays();
        }
    }
}
