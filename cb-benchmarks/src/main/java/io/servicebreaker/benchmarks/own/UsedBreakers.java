package io.servicebreaker.benchmarks.own;

import io.servicebreaker.breaker.Breaker;
import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Permit;
import io.servicebreaker.event.Events;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Many services at once, as an application has them, each after two minutes of use. */
public final class UsedBreakers {
    /** Shared, as in an application: its queue is no part of a breaker. */
    private static final Events EVENTS = new Events();

    /** Each service has settings of its own, made from those of its provider. */
    private static final BreakerSettings DEFAULTS = BreakerSettings.defaults();

    private static final int CALLS = 600;
    private static final Duration BETWEEN_CALLS = Duration.ofMillis(200);
    private static final int CALLS_PER_FAILURE = 5;
    private static final FailureCause[] CAUSES = {
        FailureCause.TIMEOUT, FailureCause.OVERLOADED, FailureCause.SERVER_ERROR
    };

    private static final int THREADS = 8;
    private static final int TURNS = 40;
    private static final Duration BETWEEN_TURNS = Duration.ofSeconds(3);
    /** Long enough for the threads to overlap on two processors. */
    private static final int CALLS_OF_A_THREAD = 20_000;

    private final SteppingTime time = new SteppingTime();

    private UsedBreakers() {}

    /** All calls succeeded, one after the other. */
    public static Object calm(int number) {
        UsedBreakers use = new UsedBreakers();
        return use.with(number, breaker -> use.twoMinutes(breaker, false));
    }

    /** Every fifth call failed, for various reasons. */
    public static Object troubled(int number) {
        UsedBreakers use = new UsedBreakers();
        return use.with(number, breaker -> use.twoMinutes(breaker, true));
    }

    /** Many threads called at once, and went on calling one after the other. */
    public static Object contended(int number) {
        UsedBreakers use = new UsedBreakers();
        return use.with(number, breaker -> {
            inParallel(() -> use.rush(breaker));
            for (int turn = 0; turn < TURNS; turn++) {
                inParallel(() -> Guarded.call(breaker, use.time));
                use.time.advance(BETWEEN_TURNS);
            }
        });
    }

    private Object with(int number, Consumer<Breaker> used) {
        Map<String, BreakerSettings> settings = IntStream.range(0, number)
                .mapToObj(i -> "answers-" + i)
                .collect(Collectors.toMap(
                        name -> name, name -> DEFAULTS.toBuilder().build()));
        Breakers breakers = new Breakers(settings, time, EVENTS, 1);
        breakers.all().forEach(used);
        return breakers;
    }

    private void twoMinutes(Breaker breaker, boolean troubled) {
        for (int call = 0; call < CALLS; call++) {
            long now = time.nanos();
            ((Permit) breaker.admit(Guarded.REQUEST, now)).finish(outcome(call, troubled), 0, now);
            time.advance(BETWEEN_CALLS);
        }
    }

    private static Outcome outcome(int call, boolean troubled) {
        return troubled && call % CALLS_PER_FAILURE == 0
                ? Outcome.failure(CAUSES[call / CALLS_PER_FAILURE % CAUSES.length])
                : Outcome.SUCCESS;
    }

    private void rush(Breaker breaker) {
        for (int call = 0; call < CALLS_OF_A_THREAD; call++) {
            Guarded.call(breaker, time);
        }
    }

    private static void inParallel(Runnable work) {
        Thread[] threads = new Thread[THREADS];
        for (int i = 0; i < THREADS; i++) {
            threads[i] = new Thread(work);
            threads[i].start();
        }
        for (Thread thread : threads) {
            join(thread);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
