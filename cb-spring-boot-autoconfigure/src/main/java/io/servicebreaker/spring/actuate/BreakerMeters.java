package io.servicebreaker.spring.actuate;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.servicebreaker.breaker.Breaker;
import io.servicebreaker.breaker.BreakerSnapshot;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.breaker.StateChanged;
import io.servicebreaker.call.CallListener;
import io.servicebreaker.call.DegradationLevel;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.coordination.LoadReading;
import io.servicebreaker.coordination.SystemHealth;
import io.servicebreaker.event.Events;
import io.servicebreaker.spring.CallListenerFactory;
import io.servicebreaker.spring.ProviderKnowledge;
import io.servicebreaker.time.TimeSource;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * All meters. What is counted per call is counted on the thread of the call ({@link MeteredCalls}), changes of state on
 * the events thread, and the rest is asked for when the registry is read.
 */
final class BreakerMeters implements MeterBinder, CallListenerFactory {

    private static final int CLOSED = 0;
    private static final int HALF_OPEN = 1;
    private static final int OPEN = 2;

    private final Breakers breakers;
    private final SystemHealth system;
    private final TimeSource time;
    private final Events events;
    private final InternalFaults faults;
    private final ProviderKnowledge knowledge;
    private final Map<String, MeteredCalls> calls = new ConcurrentHashMap<>();
    private final TransitionMeters transitions = new TransitionMeters();

    BreakerMeters(
            Breakers breakers,
            SystemHealth system,
            TimeSource time,
            Events events,
            InternalFaults faults,
            ProviderKnowledge knowledge) {
        this.knowledge = knowledge;
        this.breakers = breakers;
        this.system = system;
        this.time = time;
        this.events = events;
        this.faults = faults;
        events.subscribe(StateChanged.class, transitions);
    }

    @Override
    public CallListener listenerFor(String service) {
        return callsOf(service);
    }

    private MeteredCalls callsOf(String service) {
        return calls.computeIfAbsent(service, MeteredCalls::new);
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (Breaker breaker : breakers.all()) {
            bindGauges(registry, breaker);
            bindIgnoredHeaders(registry, breaker.service());
            bindCoordination(registry, breaker.service());
            callsOf(breaker.service()).bindTo(registry);
        }
        transitions.bindTo(
                registry, breakers.all().stream().map(Breaker::service).toList());
        bindOverall(registry);
    }

    private void bindOverall(MeterRegistry registry) {
        Gauge.builder(
                        MeterNames.SYSTEM_HEALTH,
                        system,
                        whole -> whole.snapshot().health())
                .description("Mean health of the services, weighted with their criticality, 0 to 1")
                .register(registry);
        bindLoad(registry, "heap", LoadReading::heap);
        bindLoad(registry, "cpu", LoadReading::cpu);
        FunctionCounter.builder(MeterNames.INTERNAL_FAULTS, faults, InternalFaults::count)
                .description("Faults inside ServiceBreaker; the calls went on as if unguarded")
                .register(registry);
        FunctionCounter.builder(MeterNames.EVENTS_DROPPED, events, Events::dropped)
                .description("Events that were not delivered because listeners are too slow")
                .register(registry);
    }

    private void bindLoad(MeterRegistry registry, String resource, ToDoubleFunction<LoadReading> load) {
        Gauge.builder(
                        MeterNames.SYSTEM_LOAD,
                        system,
                        whole -> load.applyAsDouble(whole.snapshot().load()))
                .description(
                        "Share of this application's resource in use, 0 to 1: of the heap after its last collection,"
                                + " of the processors of late; NaN if not known")
                .tag(MeterNames.RESOURCE, resource)
                .register(registry);
    }

    private void bindIgnoredHeaders(MeterRegistry registry, String service) {
        FunctionCounter.builder(MeterNames.HEADERS_IGNORED, knowledge, known -> known.ignoredTimes(service))
                .description("Times that the provider named which made no sense")
                .tag(MeterNames.SERVICE, service)
                .register(registry);
    }

    private void bindCoordination(MeterRegistry registry, String service) {
        Supplier<DegradationLevel> level = system.levelOf(service);
        Gauge.builder(MeterNames.DEGRADATION, () -> level.get().step())
                .description("How much less work its calls should ask for, 0 for none to 4")
                .tag(MeterNames.SERVICE, service)
                .register(registry);
        FunctionCounter.builder(MeterNames.CASCADES, system, whole -> whole.cascades(service))
                .description("Times that the services which depend on it were degraded because it was down")
                .tag(MeterNames.SERVICE, service)
                .register(registry);
    }

    private void bindGauges(MeterRegistry registry, Breaker breaker) {
        Gauge.builder(MeterNames.STATE, breaker, BreakerMeters::state)
                .description("What the breaker does with calls: 0 lets them through (closed, disabled, observing),"
                        + " 1 lets a few through (half-open), 2 refuses them (open, forced open)")
                .tag(MeterNames.SERVICE, breaker.service())
                .register(registry);
        Gauge.builder(MeterNames.STATE_DURATION, breaker, this::secondsInState)
                .description("Time since the breaker's last change of state")
                .baseUnit("seconds")
                .tag(MeterNames.SERVICE, breaker.service())
                .register(registry);
        Gauge.builder(MeterNames.ERROR_RATE, breaker, share(BreakerSnapshot::errorRate)::apply)
                .description("Share of failed calls in the window, 0 to 1, NaN below the minimum number of calls")
                .tag(MeterNames.SERVICE, breaker.service())
                .register(registry);
        Gauge.builder(MeterNames.TIMEOUT_RATE, breaker, share(BreakerSnapshot::timeoutRate)::apply)
                .description("Share of timed out calls in the window, 0 to 1, NaN below the minimum number of calls")
                .tag(MeterNames.SERVICE, breaker.service())
                .register(registry);
    }

    private static double state(Breaker breaker) {
        return switch (breaker.state()) {
            case CLOSED, DISABLED, OBSERVING -> CLOSED;
            case HALF_OPEN -> HALF_OPEN;
            case OPEN, FORCED_OPEN -> OPEN;
        };
    }

    private double secondsInState(Breaker breaker) {
        Duration duration = Duration.between(breaker.snapshot().since(), time.now());
        return Math.max(0, duration.toMillis() / 1000.0);
    }

    private static Function<Breaker, Double> share(Function<BreakerSnapshot, Optional<Double>> rate) {
        return breaker -> rate.apply(breaker.snapshot()).orElse(Double.NaN);
    }
}
