package io.servicebreaker.benchmarks.peer;

import static io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowSynchronizationStrategy.LOCK_FREE;
import static io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowSynchronizationStrategy.SYNCHRONIZED;
import static io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType.COUNT_BASED;
import static io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType.TIME_BASED;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowSynchronizationStrategy;
import java.time.Duration;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Windows of 100 calls or 60 s, with both ways of synchronising them. */
@State(Scope.Benchmark)
public class Resilience4jBreakers {
    public final CircuitBreaker count = breaker(count(SYNCHRONIZED));
    public final CircuitBreaker countLockFree = breaker(count(LOCK_FREE));
    public final CircuitBreaker countListener = listenedTo(breaker(count(SYNCHRONIZED)));
    public final CircuitBreaker time = breaker(time(SYNCHRONIZED));
    public final CircuitBreaker timeLockFree = breaker(time(LOCK_FREE));
    public final CircuitBreaker timeListener = listenedTo(breaker(time(SYNCHRONIZED)));
    public final CircuitBreaker open = opened(breaker(count(SYNCHRONIZED)));
    public final CircuitBreaker openNoStackTrace =
            opened(breaker(count(SYNCHRONIZED).writableStackTraceEnabled(false)));

    public static CircuitBreakerConfig.Builder count(SlidingWindowSynchronizationStrategy synchronization) {
        return CircuitBreakerConfig.custom().slidingWindow(100, 100, COUNT_BASED, synchronization);
    }

    public static CircuitBreakerConfig.Builder time(SlidingWindowSynchronizationStrategy synchronization) {
        return CircuitBreakerConfig.custom().slidingWindow(60, 100, TIME_BASED, synchronization);
    }

    private static CircuitBreaker breaker(CircuitBreakerConfig.Builder config) {
        return CircuitBreaker.of("answers", config.build());
    }

    private static CircuitBreaker listenedTo(CircuitBreaker breaker) {
        breaker.getEventPublisher().onEvent(event -> {});
        return breaker;
    }

    private static CircuitBreaker opened(CircuitBreaker breaker) {
        breaker.transitionToOpenStateFor(Duration.ofDays(1));
        return breaker;
    }
}
