package io.servicebreaker.adaptive;

import io.servicebreaker.breaker.Breaker;
import io.servicebreaker.breaker.BreakerScope;
import io.servicebreaker.breaker.StateChanged;
import io.servicebreaker.call.CallListener;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.cost.CallCosts;
import io.servicebreaker.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Counts what becomes of calls, minute by minute. Safe for use by many threads: calls only add to counters, and one thread at a
 * time takes away what they have added.
 *
 * <p>No call reads the clock for it. A call belongs to the minute that is open when it ends; one whose end falls together with
 * that of the minute is in this one or in the next.
 */
public final class CallHistory {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final Map<String, ServiceHistory> services = new LinkedHashMap<>();
    private final TimeSource time;
    private final InternalFaults faults;

    /** When the open minute began. */
    private Instant minute;

    /** From when on nothing has been taken away. */
    private Instant takenTo;

    /**
     * Creates one that has heard of no calls.
     *
     * @param breakers of the services whose calls are counted
     * @param costs what the calls of a service have cost since the start; empty if they are not priced
     */
    public CallHistory(
            Collection<Breaker> breakers,
            Function<String, List<CallCosts>> costs,
            TimeSource time,
            InternalFaults faults) {
        this.time = time;
        this.faults = faults;
        for (Breaker breaker : breakers) {
            String service = breaker.service();
            services.put(service, new ServiceHistory(breaker, () -> costs.apply(service)));
        }
        takenTo = time.now();
        minute = takenTo.truncatedTo(ChronoUnit.MINUTES);
    }

    /** Counts the calls of a service. */
    public CallListener listenerFor(String service) {
        ServiceHistory known = services.get(service);
        return known == null ? CallListener.NONE : known.calls();
    }

    /** A breaker has changed its state. */
    public void heed(StateChanged change) {
        ServiceHistory known = services.get(change.service());
        if (known != null && change.scope().equals(BreakerScope.SERVICE) && !change.hypothetical()) {
            known.heed(change);
        }
    }

    /** Time until the open minute is over. */
    public synchronized Duration untilMinuteEnds() {
        Duration left = Duration.between(time.now(), minute.plus(MINUTE));
        return left.isNegative() ? Duration.ZERO : left.compareTo(MINUTE) > 0 ? MINUTE : left;
    }

    /** Ends the open minute, be it over or not, and begins the next: what has become of the calls in it, if there were any. */
    synchronized List<CallMinute> close() {
        Instant now = time.now();
        Instant from = takenTo.isAfter(now) ? now : takenTo;
        List<CallMinute> closed = new ArrayList<>();
        services.forEach((service, history) -> take(service, history, from, now, closed));
        takenTo = now;
        minute = now.truncatedTo(ChronoUnit.MINUTES);
        return closed;
    }

    /** What cannot be taken now is there the next time. */
    private void take(String service, ServiceHistory history, Instant from, Instant to, List<CallMinute> closed) {
        try {
            history.take(from, to).forEach((model, numbers) -> {
                if (!MinuteNumbers.isIdle(numbers)) {
                    closed.add(MinuteNumbers.minute(service, model, minute, numbers));
                }
            });
        } catch (RuntimeException | Error e) {
            faults.record("history of calls", e);
        }
    }
}
