package io.servicebreaker.benchmarks.peer;

import dev.failsafe.CircuitBreaker;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeExecutor;
import java.time.Duration;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Half of 100 calls, or half of the calls of 60 s; through the executor and alone. */
@State(Scope.Benchmark)
public class FailsafeBreakers {
    public final CircuitBreaker<String> count = newCount();
    public final CircuitBreaker<String> time = newTime();
    public final FailsafeExecutor<String> countExecutor = Failsafe.with(count);
    public final FailsafeExecutor<String> timeExecutor = Failsafe.with(time);
    public final FailsafeExecutor<String> openExecutor = Failsafe.with(newOpen());

    public static CircuitBreaker<String> newCount() {
        return CircuitBreaker.<String>builder().withFailureThreshold(50, 100).build();
    }

    public static CircuitBreaker<String> newTime() {
        return CircuitBreaker.<String>builder()
                .withFailureRateThreshold(50, 100, Duration.ofSeconds(60))
                .build();
    }

    private static CircuitBreaker<String> newOpen() {
        CircuitBreaker<String> breaker =
                CircuitBreaker.<String>builder().withDelay(Duration.ofDays(1)).build();
        breaker.open();
        return breaker;
    }
}
