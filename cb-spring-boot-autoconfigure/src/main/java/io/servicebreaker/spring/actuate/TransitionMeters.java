package io.servicebreaker.spring.actuate;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.servicebreaker.breaker.BreakerScope;
import io.servicebreaker.breaker.BreakerState;
import io.servicebreaker.breaker.StateChanged;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Counts changes of state of services, on the events thread. What an observed breaker only would have done is not
 * counted.
 */
final class TransitionMeters implements Consumer<StateChanged> {

    private final List<MeterRegistry> registries = new CopyOnWriteArrayList<>();

    void bindTo(MeterRegistry registry, Collection<String> services) {
        services.forEach(service -> startAtZero(registry, service));
        registries.add(registry);
    }

    /** Makes the counters of the usual changes beforehand, so that the first change is seen as an increase. */
    private static void startAtZero(MeterRegistry registry, String service) {
        transitions(registry, service, BreakerState.CLOSED, BreakerState.OPEN);
        transitions(registry, service, BreakerState.OPEN, BreakerState.HALF_OPEN);
        transitions(registry, service, BreakerState.HALF_OPEN, BreakerState.OPEN);
        transitions(registry, service, BreakerState.HALF_OPEN, BreakerState.CLOSED);
        attempts(registry, service);
        recoveries(registry, service);
    }

    @Override
    public void accept(StateChanged change) {
        if (!change.hypothetical() && change.scope().equals(BreakerScope.SERVICE)) {
            registries.forEach(registry -> count(registry, change));
        }
    }

    private static void count(MeterRegistry registry, StateChanged change) {
        transitions(registry, change.service(), change.from(), change.to()).increment();
        if (change.to() == BreakerState.HALF_OPEN) {
            attempts(registry, change.service()).increment();
        }
        if (change.from() == BreakerState.HALF_OPEN && change.to() == BreakerState.CLOSED) {
            recoveries(registry, change.service()).increment();
        }
    }

    private static Counter transitions(MeterRegistry registry, String service, BreakerState from, BreakerState to) {
        return Counter.builder(MeterNames.TRANSITIONS)
                .description("Changes of the breaker's state")
                .tags(MeterNames.SERVICE, service, "from", CallMeters.lower(from), "to", CallMeters.lower(to))
                .register(registry);
    }

    private static Counter attempts(MeterRegistry registry, String service) {
        return Counter.builder(MeterNames.RECOVERY_ATTEMPTS)
                .description("Times that the breaker began to probe the service")
                .tags(MeterNames.SERVICE, service)
                .register(registry);
    }

    private static Counter recoveries(MeterRegistry registry, String service) {
        return Counter.builder(MeterNames.RECOVERIES)
                .description("Times that the breaker closed because probes succeeded")
                .tags(MeterNames.SERVICE, service)
                .register(registry);
    }
}
