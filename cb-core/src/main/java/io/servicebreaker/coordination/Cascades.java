package io.servicebreaker.coordination;

import io.servicebreaker.call.DegradationLevel;
import io.servicebreaker.coordination.Outlook.Condition;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Hands on that a service is down to those that need it, for as long as it is. To be used by one thread at a time, but
 * for its counts.
 */
final class Cascades {

    private final DependencyGraph graph;
    private final boolean enabled;
    private final long delayNanos;
    private final Map<String, Down> down = new HashMap<>();
    private final Map<String, LongAdder> begun = new ConcurrentHashMap<>();

    Cascades(DependencyGraph graph, CoordinationSettings settings) {
        this.graph = graph;
        this.enabled = settings.cascading();
        this.delayNanos = settings.cascadeDelay().toNanos();
    }

    /** The most that services which are down mean for another one. */
    record Effect(DegradationLevel level, String dependency, int distance) {

        /** The further away, the less: from {@link DegradationLevel#MINIMAL} for a service that is needed directly. */
        static Effect of(String dependency, int distance) {
            int step = Math.max(1, DegradationLevel.MINIMAL.step() + 1 - distance);
            return new Effect(DegradationLevel.ofStep(step), dependency, distance);
        }

        static @Nullable Effect worst(@Nullable Effect one, Effect other) {
            return one != null && one.distance <= other.distance ? one : other;
        }
    }

    private static final class Down {
        private final long since;
        private boolean handedOn;

        Down(long since) {
            this.since = since;
        }
    }

    /** Takes note of who is down, and says what that means for the others, by name. */
    Map<String, Effect> see(Outlook outlook, long now) {
        Map<String, Effect> effects = new HashMap<>();
        for (Condition condition : outlook.conditions()) {
            String name = condition.service().name();
            if (!condition.isDown()) {
                down.remove(name);
            } else if (enabled && isLongEnough(name, now)) {
                graph.dependantsOf(name)
                        .forEach((dependant, distance) ->
                                effects.merge(dependant, Effect.of(name, distance), Effect::worst));
            }
        }
        return effects;
    }

    private boolean isLongEnough(String name, long now) {
        Down known = down.computeIfAbsent(name, added -> new Down(now));
        if (now - known.since < delayNanos) {
            return false;
        }
        if (!known.handedOn && !graph.dependantsOf(name).isEmpty()) {
            known.handedOn = true;
            begun.computeIfAbsent(name, added -> new LongAdder()).increment();
        }
        return true;
    }

    /** How often it was handed on that a service is down. */
    long begun(String service) {
        LongAdder count = begun.get(service);
        return count == null ? 0 : count.sum();
    }
}
