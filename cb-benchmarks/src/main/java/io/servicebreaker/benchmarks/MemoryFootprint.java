package io.servicebreaker.benchmarks;

import static io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowSynchronizationStrategy.LOCK_FREE;
import static io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowSynchronizationStrategy.SYNCHRONIZED;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeExecutor;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.servicebreaker.benchmarks.own.UsedBreakers;
import io.servicebreaker.benchmarks.peer.FailsafeBreakers;
import io.servicebreaker.benchmarks.peer.Resilience4jBreakers;
import io.servicebreaker.benchmarks.peer.SmallRyeGuards;
import io.smallrye.faulttolerance.api.TypedGuard;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Heap that a breaker keeps after use, as the difference that 10,000 of them make.
 *
 * <p>Each has served 600 calls. Where the library takes a clock, they are spread over two minutes, so that every bucket
 * of a time window has been in use.
 */
public final class MemoryFootprint {
    private static final int BREAKERS = 10_000;
    /** Fewer, because eight threads take turns with each. */
    private static final int CONTENDED = 200;

    private static final int CALLS = 600;
    private static final Duration BETWEEN_CALLS = Duration.ofMillis(200);
    private static final int ROUNDS = 3;

    private final SteppingClock clock = new SteppingClock();

    public static void main(String[] arguments) {
        System.out.println("| breaker | bytes each (median) | min | max | 10,000 of them, MB |");
        System.out.println("|---|---|---|---|---|");
        new MemoryFootprint().kinds().forEach(MemoryFootprint::print);
        System.exit(0); // SmallRye's timer thread would keep the process alive
    }

    private List<Kind> kinds() {
        return List.of(
                new Kind("servicebreaker", UsedBreakers::calm),
                new Kind("servicebreakerTroubled", UsedBreakers::troubled),
                new Kind("servicebreakerContended", UsedBreakers::contended, CONTENDED),
                each("resilience4jCount", i -> used(i, Resilience4jBreakers.count(SYNCHRONIZED))),
                each("resilience4jCountLockFree", i -> used(i, Resilience4jBreakers.count(LOCK_FREE))),
                each("resilience4jTime", i -> used(i, Resilience4jBreakers.time(SYNCHRONIZED))),
                each("resilience4jTimeLockFree", i -> used(i, Resilience4jBreakers.time(LOCK_FREE))),
                each("failsafeCount", i -> used(FailsafeBreakers.newCount())),
                each("failsafeTime", i -> used(FailsafeBreakers.newTime())),
                each("smallrye", i -> used(SmallRyeGuards.newCount())));
    }

    private static Kind each(String name, IntFunction<Object> used) {
        return new Kind(
                name, number -> IntStream.range(0, number).mapToObj(used).toArray());
    }

    private Object used(int number, CircuitBreakerConfig.Builder config) {
        CircuitBreaker breaker =
                CircuitBreaker.of("answers-" + number, config.clock(clock).build());
        for (int call = 0; call < CALLS; call++) {
            breaker.executeSupplier(Answer::get);
            clock.advance(BETWEEN_CALLS);
        }
        return breaker;
    }

    private static Object used(dev.failsafe.CircuitBreaker<String> breaker) {
        FailsafeExecutor<String> executor = Failsafe.with(breaker);
        for (int call = 0; call < CALLS; call++) {
            executor.get(Answer::get);
        }
        return breaker;
    }

    private static Object used(TypedGuard<String> guard) {
        for (int call = 0; call < CALLS; call++) {
            guard.get(Answer::get);
        }
        return guard;
    }

    private static void print(Kind kind) {
        retained(kind, kind.number() / 10); // loads classes and fills caches, which are not the breaker's
        List<Double> bytes = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            bytes.add(retained(kind, kind.number()));
        }
        Spread spread = Spread.of(bytes);
        System.out.printf(
                "| %s | %,.0f | %,.0f | %,.0f | %.1f |%n",
                kind.name(), spread.median(), spread.min(), spread.max(), spread.median() * BREAKERS / 1e6);
    }

    private static double retained(Kind kind, int number) {
        long before = usedHeap();
        Object breakers = kind.used().apply(number);
        try {
            return (usedHeap() - before) / (double) number;
        } finally {
            Reference.reachabilityFence(breakers);
        }
    }

    /** Collects until nothing more goes: references die in stages. */
    private static long usedHeap() {
        long smallest = Long.MAX_VALUE;
        for (int unchanged = 0; unchanged < 3; unchanged++) {
            System.gc();
            long used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
            if (used < smallest) {
                smallest = used;
                unchanged = 0;
            }
        }
        return smallest;
    }

    /** A way to make so many breakers and to use them. */
    private record Kind(String name, IntFunction<Object> used, int number) {
        Kind(String name, IntFunction<Object> used) {
            this(name, used, BREAKERS);
        }
    }
}
