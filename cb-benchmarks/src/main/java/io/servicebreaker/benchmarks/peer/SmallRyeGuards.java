package io.servicebreaker.benchmarks.peer;

import io.servicebreaker.benchmarks.Answer;
import io.smallrye.faulttolerance.api.TypedGuard;
import java.time.temporal.ChronoUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A rolling window of 100 calls, the only kind there is. */
@State(Scope.Benchmark)
public class SmallRyeGuards {
    private static final int WINDOW = 100;

    public final TypedGuard<String> count = newCount();
    public final TypedGuard<String> open = newOpen();

    public static TypedGuard<String> newCount() {
        return TypedGuard.create(String.class)
                .withCircuitBreaker()
                .requestVolumeThreshold(WINDOW)
                .failureRatio(0.5)
                .delay(1, ChronoUnit.DAYS)
                .done()
                .build();
    }

    private static TypedGuard<String> newOpen() {
        TypedGuard<String> guard = newCount();
        for (int i = 0; i < WINDOW; i++) {
            Failing.ignore(() -> guard.get(Answer::fail));
        }
        return guard;
    }
}
