package io.servicebreaker.coordination;

import io.servicebreaker.breaker.Breaker;
import io.servicebreaker.breaker.BreakerState;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.breaker.StateChanged;
import io.servicebreaker.call.DegradationLevel;
import io.servicebreaker.call.Rejection;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.call.RejectionScope;
import io.servicebreaker.coordination.Cascades.Effect;
import io.servicebreaker.coordination.CoordinatedService.Dependence;
import io.servicebreaker.coordination.Outlook.Condition;
import io.servicebreaker.event.Event;
import io.servicebreaker.event.Events;
import io.servicebreaker.time.TimeSource;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How the services are as a whole, and what that means for the calls of each. Safe for use by many threads.
 *
 * <p>It is worked out by {@link #update()}, on events and now and then, and calls read the outcome, one volatile
 * reference. Nothing is remembered but what is needed for a level not to waver and an emergency to end: when all trouble
 * is over, everything is as at the start.
 */
public final class SystemHealth {

    /** For how long a level holds after its reason has gone. */
    static final Duration DWELL = Duration.ofSeconds(30);

    private final CoordinationSettings settings;
    private final Map<String, CoordinatedService> services = new LinkedHashMap<>();
    private final Breakers breakers;
    private final TimeSource time;
    private final Events events;
    private final Vitals vitals;
    private final DegradationMeter meter;
    private final EmergencyWatch emergencies;
    private final IncidentWatch incidents;
    private final Cascades cascades;
    private final RecoveryOrder order;
    private final Shedder shedder;

    private volatile View view;

    /** What calls read, worked out at one time. */
    private record View(SystemSnapshot system, Map<String, Standing> standings, long atNanos) {}

    /**
     * Creates a view of a system that is well.
     *
     * @param services of all of which there is a breaker
     * @throws InvalidDependencyException if they depend on each other in a way that cannot be
     */
    public SystemHealth(
            CoordinationSettings settings,
            Collection<CoordinatedService> services,
            Breakers breakers,
            TimeSource time,
            Events events,
            Vitals vitals) {
        this.settings = settings;
        this.breakers = breakers;
        this.time = time;
        this.events = events;
        this.vitals = vitals;
        services.forEach(service -> this.services.put(service.name(), service));
        DependencyGraph graph = new DependencyGraph(services, settings.maxCascadeDepth());
        this.meter = new DegradationMeter(settings.steps(), DWELL.toNanos());
        this.emergencies = new EmergencyWatch(
                time, settings.emergencies(), settings.emergencyTimeout().toNanos());
        this.incidents = new IncidentWatch(
                settings.cascadeFailureThreshold(), settings.syncInterval().toNanos());
        this.cascades = new Cascades(graph, settings);
        this.order = new RecoveryOrder(breakers, graph, vitals, time);
        this.shedder = new Shedder(services);
        this.view = new View(SystemSnapshot.well(time.now()), Map.of(), time.nanos());
    }

    /** The whole, as it was worked out last. */
    public SystemSnapshot snapshot() {
        return view.system;
    }

    /** How often it was handed on to its dependants that a service is down. */
    public long cascades(String service) {
        return cascades.begun(service);
    }

    /** How many calls have been refused because this application was short of resources. */
    public long callsShed() {
        return shedder.callsShed();
    }

    /**
     * How much work the calls of a service should ask for now.
     *
     * @return to be read by each call
     */
    public Supplier<DegradationLevel> levelOf(String service) {
        return () -> {
            DegradationLevel level = standing(service).level();
            return level.isDegraded() && !isTrusted(time.nanos()) ? DegradationLevel.FULL : level;
        };
    }

    /** The gate of a service's calls. */
    public SystemGate gate(String service) {
        return new SystemGate(this, breakers.breaker(service), order);
    }

    Standing standing(String service) {
        return view.standings.getOrDefault(service, Standing.CLEAR);
    }

    /**
     * Whether an emergency that was declared because services were down still has that cause. Asked before a call is
     * refused for it: the view may be a moment old, and a service that is back should not be kept waiting.
     */
    boolean isOutageOver() {
        Emergency emergency = view.system.emergency();
        if (emergency == null || !emergency.automatic() || vitals.exhaustion() != null) {
            return false;
        }
        int down = 0;
        for (CoordinatedService service : services.values()) {
            down += !service.spared() && hasFailed(breakers.breaker(service.name())) ? 1 : 0;
        }
        return down < settings.cascadeFailureThreshold();
    }

    private static boolean hasFailed(Breaker breaker) {
        BreakerState state = breaker.state();
        return state == BreakerState.HALF_OPEN || (state == BreakerState.OPEN && !breaker.awaitsProbe());
    }

    /** Whether a breaker refuses calls, or lets only probes through. */
    static boolean isDown(BreakerState state) {
        return switch (state) {
            case OPEN, FORCED_OPEN, HALF_OPEN -> true;
            case CLOSED, DISABLED, OBSERVING -> false;
        };
    }

    /** Whoever should keep it up to date may have died: what is too old means nothing. */
    boolean isTrusted(long now) {
        return now - view.atNanos <= settings.timeout().toNanos();
    }

    /**
     * Declares an emergency, in place of the one that there may be.
     *
     * @param by who does
     * @param lasts after which it ends by itself, positive
     */
    public synchronized Emergency declareEmergency(String reason, String by, Duration lasts) {
        long now = time.nanos();
        emergencies.declare(reason, by, lasts.toNanos(), now);
        Emergency declared = Objects.requireNonNull(emergencies.current());
        update();
        return declared;
    }

    /** Ends the emergency that there is. Returns it, or null if there is none. */
    public synchronized @Nullable Emergency endEmergency() {
        Emergency ended = emergencies.end();
        update();
        return ended;
    }

    /** A breaker has changed. */
    public void heed(StateChanged change) {
        order.heed(change);
        update();
    }

    /** Works out how the whole is now. Not to be called on the way of a call. */
    public synchronized void update() {
        long now = time.nanos();
        Outlook outlook = new Outlook(services.values().stream()
                .map(service -> Outlook.condition(service, breakers.breaker(service.name()), vitals))
                .toList());
        List<String> incident = incidents.see(outlook, now);
        if (!incident.isEmpty()) {
            meter.hold(DegradationLevel.MINIMAL, now);
            publish(new IncidentDetected(time.at(now), incident));
        }
        double degradation = outlook.degradation();
        DegradationLevel level = meter.read(degradation, now);
        emergencies.see(emergencyCauses(outlook), now);
        Map<String, Effect> effects = cascades.see(outlook, now);
        show(outlook, degradation, settings.progressive() ? level : DegradationLevel.FULL, effects, now);
    }

    private Map<EmergencyWatch.Cause, String> emergencyCauses(Outlook outlook) {
        Map<EmergencyWatch.Cause, String> causes = new EnumMap<>(EmergencyWatch.Cause.class);
        String exhaustion = vitals.exhaustion();
        if (exhaustion != null) {
            causes.put(EmergencyWatch.Cause.EXHAUSTION, exhaustion);
        }
        List<String> down = outlook.down();
        double health = outlook.health();
        double margin = emergencies.current() == null ? 0 : DegradationMeter.HYSTERESIS;
        if (down.size() >= settings.cascadeFailureThreshold() && health < settings.healthThreshold() + margin) {
            causes.put(
                    EmergencyWatch.Cause.OUTAGE,
                    "health is " + Math.round(health * 100) / 100.0 + ", below " + settings.healthThreshold()
                            + ": down are " + String.join(", ", down));
        }
        return causes;
    }

    private void show(
            Outlook outlook, double degradation, DegradationLevel level, Map<String, Effect> effects, long now) {
        LoadReading load = vitals.load();
        Map<String, Standing> standings = new LinkedHashMap<>();
        Map<String, DegradationLevel> levels = new LinkedHashMap<>();
        Map<String, Double> factors = new LinkedHashMap<>();
        outlook.conditions().forEach(condition -> {
            CoordinatedService service = condition.service();
            Standing standing = standing(condition, level, effects.get(service.name()), load, now);
            if (!standing.equals(Standing.CLEAR)) {
                standings.put(service.name(), standing);
            }
            if (!service.spared() && standing.level() != level) {
                levels.put(service.name(), standing.level());
            }
            if (condition.health() < HealthScore.WELL) {
                factors.put(service.name(), condition.health());
            }
        });
        SystemSnapshot before = view.system;
        SystemMode mode = mode(level, levels);
        SystemSnapshot after = new SystemSnapshot(
                outlook.health(),
                degradation,
                level,
                levels,
                mode,
                mode == before.mode() ? before.since() : time.at(now),
                factors,
                emergencies.current(),
                load);
        view = new View(after, Map.copyOf(standings), now);
        tell(before, after, effects, now);
    }

    private SystemMode mode(DegradationLevel level, Map<String, DegradationLevel> levels) {
        if (emergencies.current() != null) {
            return SystemMode.EMERGENCY;
        }
        return level.isDegraded() || !levels.isEmpty() ? SystemMode.DEGRADED : SystemMode.NORMAL;
    }

    private Standing standing(
            Condition condition, DegradationLevel level, @Nullable Effect effect, LoadReading load, long now) {
        CoordinatedService service = condition.service();
        boolean waits = condition.isDown() && order.concerns(service.name());
        if (service.spared()) {
            return new Standing(DegradationLevel.FULL, null, 0, null, null, waits);
        }
        Rejection emergency = emergency(now);
        return new Standing(
                effect == null ? level : level.or(effect.level()),
                emergency,
                emergency == null ? 0 : emergencies.endNanos(),
                effect == null ? null : dependencyDown(service, effect),
                shedder.of(service.name(), load),
                waits);
    }

    private @Nullable Rejection emergency(long now) {
        Emergency emergency = emergencies.current();
        return emergency == null
                ? null
                : new Rejection(
                        RejectionReason.EMERGENCY,
                        RejectionScope.SYSTEM,
                        emergencies.endNanos() - now,
                        emergency.reason());
    }

    private @Nullable Rejection dependencyDown(CoordinatedService service, Effect effect) {
        if (service.whenDependencyIsDown() == Dependence.DEGRADE || effect.distance() > 1) {
            return null;
        }
        Breaker dependency = breakers.breaker(effect.dependency());
        Duration wait = dependency.snapshot().retryAfter();
        return new Rejection(
                RejectionReason.DEPENDENCY_DOWN,
                RejectionScope.SERVICE,
                wait == null ? Rejection.UNKNOWN_TIME : wait.toNanos(),
                "it needs " + effect.dependency() + ", which is down");
    }

    private void tell(SystemSnapshot before, SystemSnapshot after, Map<String, Effect> effects, long now) {
        tellOfLoad(before.load(), after.load(), now);
        if (before.mode() != after.mode()) {
            publish(new SystemModeChanged(time.at(now), before.mode(), after.mode(), why(after)));
        }
        if (before.level() != after.level()) {
            publish(new DegradationChanged(time.at(now), "", before.level(), after.level(), why(after)));
        }
        services.keySet().forEach(service -> {
            DegradationLevel was = before.levels().getOrDefault(service, before.level());
            DegradationLevel is = after.levels().getOrDefault(service, after.level());
            boolean isOwn =
                    before.levels().containsKey(service) || after.levels().containsKey(service);
            if (isOwn && was != is) {
                Effect effect = effects.get(service);
                String reason = effect == null ? why(after) : "it needs " + effect.dependency() + ", which is down";
                publish(new DegradationChanged(time.at(now), service, was, is, reason));
            }
        });
    }

    private void tellOfLoad(LoadReading before, LoadReading after, long now) {
        if (before.shedding() != after.shedding()) {
            String reason = after.shedding() ? after.reason() : "there is room again";
            publish(new LoadShedding(time.at(now), after.shedding(), after.heap(), after.cpu(), reason));
        }
    }

    private static String why(SystemSnapshot now) {
        if (now.emergency() != null) {
            return now.emergency().reason();
        }
        return now.factors().isEmpty()
                ? "all services are well"
                : "not well: " + String.join(", ", new TreeSet<>(now.factors().keySet()));
    }

    private void publish(Event event) {
        events.publish(event);
    }
}
