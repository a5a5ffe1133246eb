package io.servicebreaker.coordination;

import io.servicebreaker.breaker.Breaker;
import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.breaker.BreakerState;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.breaker.StateChanged;
import io.servicebreaker.call.Admission;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Permit;
import io.servicebreaker.call.Rejection;
import io.servicebreaker.event.Event;
import io.servicebreaker.event.Events;
import io.servicebreaker.time.FakeTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Services whose calls pass the gate of the whole and their own breaker, as the orchestrator asks them. */
final class Fleet implements AutoCloseable {

    static final int THRESHOLD = 5;
    static final Duration OPEN_TIME = Duration.ofSeconds(60);

    final FakeTime time = new FakeTime();
    final Events events = new Events();
    final Breakers breakers;
    final SystemHealth system;
    private final Map<String, SystemGate> gates = new LinkedHashMap<>();
    private final List<Event> told = new CopyOnWriteArrayList<>();
    private volatile @Nullable Mark heard;

    Fleet(CoordinationSettings settings, Collection<CoordinatedService> services, Vitals vitals, int probes) {
        BreakerSettings own = BreakerSettings.defaults().toBuilder()
                .failureThreshold(THRESHOLD)
                .recoveryTimeout(OPEN_TIME)
                .recoveryJitter(0.0)
                .halfOpenMaxRequests(1)
                .build();
        Map<String, BreakerSettings> all = new LinkedHashMap<>();
        services.forEach(service -> all.put(service.name(), own));
        breakers = new Breakers(all, time, events, probes);
        system = new SystemHealth(settings, services, breakers, time, events, vitals);
        all.keySet().forEach(name -> gates.put(name, system.gate(name)));
        events.subscribe(StateChanged.class, system::heed);
        events.subscribe(told::add);
        events.subscribe(Mark.class, mark -> heard = mark);
    }

    Fleet(CoordinatedService... services) {
        this(CoordinationSettings.DEFAULTS, List.of(services), Vitals.NONE, 5);
    }

    /** Settings that differ from the defaults in whether trouble lowers work and declares emergencies. */
    static CoordinationSettings settings(boolean progressive, boolean emergencies) {
        CoordinationSettings usual = CoordinationSettings.DEFAULTS;
        return new CoordinationSettings(
                usual.cascading(),
                usual.cascadeDelay(),
                usual.maxCascadeDepth(),
                progressive,
                usual.steps(),
                usual.syncInterval(),
                usual.timeout(),
                usual.healthThreshold(),
                usual.cascadeFailureThreshold(),
                emergencies,
                usual.emergencyTimeout(),
                usual.exhaustionThreshold());
    }

    static Fleet of(String... names) {
        return new Fleet(List.of(names).stream().map(CoordinatedService::of).toArray(CoordinatedService[]::new));
    }

    static CoordinatedService needing(String name, String... needed) {
        return new CoordinatedService(name, 1, false, List.of(needed), CoordinatedService.Dependence.DEGRADE);
    }

    static CoordinatedService cache(String name) {
        return new CoordinatedService(name, 0.25, true, List.of(), CoordinatedService.Dependence.DEGRADE);
    }

    Admission ask(CallRequest request) {
        Admission first = gates.get(request.service()).admit(request, time.nanos());
        return first instanceof Rejection ? first : breaker(request.service()).admit(request, time.nanos());
    }

    Admission ask(String service) {
        return ask(CallRequest.to(service));
    }

    /** Makes a call. Returns whether it was let through. */
    boolean call(String service, Outcome outcome) {
        Admission admission = ask(service);
        if (admission instanceof Permit permit) {
            permit.finish(outcome, 1, time.nanos());
        }
        flush();
        return admission instanceof Permit;
    }

    boolean succeed(String service) {
        return call(service, Outcome.SUCCESS);
    }

    boolean fail(String service) {
        return call(service, Outcome.failure(FailureCause.SERVER_ERROR));
    }

    /** Fails until its breaker opens. */
    void open(String... services) {
        for (String service : services) {
            for (int i = 0; i < THRESHOLD; i++) {
                fail(service);
            }
        }
    }

    /** Waits until the breaker may be probed and lets that succeed. */
    void recover(String service) {
        pass(OPEN_TIME);
        succeed(service);
    }

    /** Lets time go by, with a look at the whole each second. */
    void pass(Duration duration) {
        Duration left = duration;
        while (!left.isZero()) {
            Duration step = left.compareTo(Duration.ofSeconds(1)) < 0 ? left : Duration.ofSeconds(1);
            time.advance(step);
            left = left.minus(step);
            system.update();
        }
        flush();
    }

    /** Returns when all that has happened so far has been heard. */
    void flush() {
        Mark mark = new Mark(time.now());
        events.publish(mark);
        events.flush();
        while (heard != mark) {
            Thread.onSpinWait();
        }
    }

    /** Does something while no change is heard of. */
    void held(Runnable work) {
        synchronized (system) { // as whoever hears of one has to
            work.run();
        }
    }

    private static final class Mark implements Event {
        private final Instant at;

        private Mark(Instant at) {
            this.at = at;
        }

        @Override
        public Instant at() {
            return at;
        }

        @Override
        public String service() {
            return "";
        }
    }

    Breaker breaker(String service) {
        return breakers.breaker(service);
    }

    BreakerState state(String service) {
        return breaker(service).state();
    }

    <E extends Event> List<E> told(Class<E> type) {
        flush();
        return new ArrayList<>(told)
                .stream().filter(type::isInstance).map(type::cast).toList();
    }

    @Override
    public void close() {
        events.close();
    }
}
