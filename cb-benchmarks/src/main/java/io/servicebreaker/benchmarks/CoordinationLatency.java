package io.servicebreaker.benchmarks;

import io.servicebreaker.breaker.Breaker;
import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.breaker.BreakerState;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.breaker.StateChanged;
import io.servicebreaker.call.CallListener;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Permit;
import io.servicebreaker.coordination.CoordinatedService;
import io.servicebreaker.coordination.CoordinatedService.Dependence;
import io.servicebreaker.coordination.CoordinationSettings;
import io.servicebreaker.coordination.CorrelatedService;
import io.servicebreaker.coordination.CorrelationSettings;
import io.servicebreaker.coordination.FailureCorrelation;
import io.servicebreaker.coordination.SystemGate;
import io.servicebreaker.coordination.SystemHealth;
import io.servicebreaker.coordination.Vitals;
import io.servicebreaker.event.Events;
import io.servicebreaker.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * How long it takes from the failure that opens one service's breaker until calls of a service that needs it are refused,
 * with 20 services of which the others fail 5,000 times a second.
 *
 * <p>Dependants are told without delay ({@code cascade-delay} 0); what is left is the way through the event thread and the
 * view of the whole. The one that waits spins, so that it does not measure when it is woken.
 */
public final class CoordinationLatency implements AutoCloseable {

    private static final int SERVICES = 20;
    private static final int FAILURES_A_SECOND = 5_000;
    private static final int WARM_UP = 200;

    /** More failures of one service than there are in the minutes that this takes. */
    private static final int MANY = 65_535;

    private static final String DEPENDENCY = "service0";
    private static final String DEPENDANT = "service1";
    private static final Outcome FAILURE = Outcome.failure(FailureCause.SERVER_ERROR);
    private static final long TICK_NANOS = Duration.ofMillis(1).toNanos();

    private final TimeSource time = TimeSource.precise();
    private final Events events = new Events();
    private final Breakers breakers;
    private final SystemHealth system;
    private final FailureCorrelation correlation;
    private final Map<String, CallListener> listeners = new LinkedHashMap<>();
    private final Thread failures = new Thread(this::failOnAndOn, "failures");
    private volatile boolean ended;
    private volatile long failed;

    private CoordinationLatency() {
        Map<String, BreakerSettings> settings = new LinkedHashMap<>();
        List<CoordinatedService> coordinated = new ArrayList<>();
        List<CorrelatedService> correlated = new ArrayList<>();
        for (int i = 0; i < SERVICES; i++) {
            String name = "service" + i;
            List<String> needed = name.equals(DEPENDANT) ? List.of(DEPENDENCY) : List.of();
            settings.put(name, name.equals(DEPENDENCY) ? BreakerSettings.defaults() : patient());
            coordinated.add(new CoordinatedService(name, 1, false, needed, Dependence.REFUSE));
            correlated.add(new CorrelatedService(name, "provider" + i % 5, ""));
        }
        breakers = new Breakers(settings, time, events, SERVICES);
        system = new SystemHealth(immediate(), coordinated, breakers, time, events, Vitals.NONE);
        correlation = new FailureCorrelation(correlated, CorrelationSettings.DEFAULT, name -> false, time, events);
        settings.keySet().forEach(name -> listeners.put(name, correlation.listenerFor(name)));
        events.subscribe(StateChanged.class, system::heed);
    }

    /** A breaker that goes on listening although every call fails. */
    private static BreakerSettings patient() {
        return BreakerSettings.defaults().toBuilder()
                .failureThreshold(MANY)
                .errorRateThreshold(1.0)
                .minimumCalls(MANY)
                .build();
    }

    private static CoordinationSettings immediate() {
        CoordinationSettings usual = CoordinationSettings.DEFAULTS;
        return new CoordinationSettings(
                usual.cascading(),
                Duration.ZERO,
                usual.maxCascadeDepth(),
                usual.progressive(),
                usual.steps(),
                usual.syncInterval(),
                usual.timeout(),
                usual.healthThreshold(),
                usual.cascadeFailureThreshold(),
                usual.emergencies(),
                usual.emergencyTimeout(),
                usual.exhaustionThreshold());
    }

    public static void main(String[] arguments) {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 2_000;
        try (CoordinationLatency measured = new CoordinationLatency()) {
            measured.measure(rounds);
        }
    }

    private void measure(int rounds) {
        failures.start();
        for (int i = 0; i < WARM_UP; i++) {
            react();
        }
        long begun = time.nanos();
        long failedBefore = failed;
        long[] nanos =
                IntStream.range(0, rounds).mapToLong(round -> react()).sorted().toArray();
        double seconds = (time.nanos() - begun) / (double) TimeUnit.SECONDS.toNanos(1);
        System.out.printf(
                Locale.ROOT,
                "JDK %s, %d services, %.0f failures a second%n| | median ms | 99 %% ms | max ms |%n|---|---|---|---|%n"
                        + "| failure to refusal | %.3f | %.3f | %.3f |%n",
                Runtime.version(),
                SERVICES,
                (failed - failedBefore) / seconds,
                millis(nanos[rounds / 2]),
                millis(nanos[rounds * 99 / 100]),
                millis(nanos[rounds - 1]));
    }

    private static double millis(long nanos) {
        return nanos / (double) TimeUnit.MILLISECONDS.toNanos(1);
    }

    /** Opens the dependency's breaker and waits for what becomes of its dependant; then all is well again. */
    private long react() {
        LockSupport.parkNanos(
                ThreadLocalRandom.current().nextLong(10 * TICK_NANOS)); // at any moment of the event thread's
        Breaker dependency = breakers.breaker(DEPENDENCY);
        long failedAt = time.nanos();
        while (dependency.state() != BreakerState.OPEN) {
            failedAt = time.nanos();
            fail(DEPENDENCY, failedAt);
        }
        SystemGate gate = system.gate(DEPENDANT);
        while (isLetThrough(gate)) {
            Thread.onSpinWait();
        }
        long reaction = time.nanos() - failedAt;
        dependency.reset("measured", null);
        while (!isLetThrough(gate)) {
            Thread.onSpinWait();
        }
        return reaction;
    }

    private boolean isLetThrough(SystemGate gate) {
        return gate.admit(CallRequest.to(DEPENDANT), time.nanos()) instanceof Permit;
    }

    private void fail(String service, long now) {
        CallRequest call = CallRequest.to(service);
        if (breakers.breaker(service).admit(call, now) instanceof Permit permit) {
            permit.finish(FAILURE, 1, now);
            Objects.requireNonNull(listeners.get(service)).finished(call, FAILURE, 1);
        }
    }

    /** At an even rate, with what else happens each second. */
    private void failOnAndOn() {
        long begun = time.nanos();
        long seconds = 0;
        for (long count = 0; !ended; count++) {
            long due = begun + count * TimeUnit.SECONDS.toNanos(1) / FAILURES_A_SECOND;
            while (time.nanos() < due) {
                LockSupport.parkNanos(due - time.nanos());
            }
            fail("service" + (2 + count % (SERVICES - 2)), time.nanos());
            failed = count;
            if (time.nanos() - begun > (seconds + 1) * TimeUnit.SECONDS.toNanos(1)) {
                seconds++;
                correlation.analyse();
                system.update();
            }
        }
    }

    @Override
    public void close() {
        ended = true;
        events.close();
    }
}
