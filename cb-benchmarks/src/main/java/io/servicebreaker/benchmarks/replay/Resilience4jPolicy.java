package io.servicebreaker.benchmarks.replay;

import static io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType.COUNT_BASED;
import static io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType.TIME_BASED;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Resilience4j itself, with static settings. */
final class Resilience4jPolicy implements Policy {

    private final Supplier<CircuitBreakerConfig.Builder> settings;

    Resilience4jPolicy(Supplier<CircuitBreakerConfig.Builder> settings) {
        this.settings = settings;
    }

    @Override
    public Map<String, Gatekeeper> guard(String provider, Collection<String> services, VirtualClock clock) {
        CircuitBreakerConfig config = settings.get()
                .clock(clock)
                .currentTimestampFunction(ignored -> clock.nanos(), TimeUnit.NANOSECONDS)
                .writableStackTraceEnabled(false)
                .build();
        Exception failure = new Exception("the call has failed");
        return services.stream()
                .collect(Collectors.toMap(
                        Function.identity(), name -> new Guarded(CircuitBreaker.of(name, config), failure)));
    }

    private record Guarded(CircuitBreaker breaker, Exception failure) implements Gatekeeper {

        @Override
        public @Nullable Attempt begin(Losses now) {
            if (!breaker.tryAcquirePermission()) {
                return null;
            }
            return (answer, retryAfter) -> {
                long nanos = (long) (answer.seconds() * TimeUnit.SECONDS.toNanos(1));
                if (answer.isFailure()) {
                    breaker.onError(nanos, TimeUnit.NANOSECONDS, failure);
                } else {
                    breaker.onSuccess(nanos, TimeUnit.NANOSECONDS);
                }
            };
        }
    }

    /**
     * Settings that people tune.
     *
     * @param byTime whether the window is one of seconds, or of calls
     * @param window how many of them
     * @param minimumCalls in the window before it is judged
     * @param failurePercent at which it opens
     * @param slowSeconds from which a call is slow
     * @param slowPercent of slow calls at which it opens
     * @param openSeconds before it probes
     * @param probes in the half-open state
     */
    record Settings(
            boolean byTime,
            int window,
            int minimumCalls,
            float failurePercent,
            int slowSeconds,
            float slowPercent,
            int openSeconds,
            int probes) {

        CircuitBreakerConfig.Builder builder() {
            return CircuitBreakerConfig.custom()
                    .slidingWindow(window, minimumCalls, byTime ? TIME_BASED : COUNT_BASED)
                    .failureRateThreshold(failurePercent)
                    .slowCallDurationThreshold(Duration.ofSeconds(slowSeconds))
                    .slowCallRateThreshold(slowPercent)
                    .waitDurationInOpenState(Duration.ofSeconds(openSeconds))
                    .permittedNumberOfCallsInHalfOpenState(probes);
        }
    }
}
