package io.servicebreaker.benchmarks.stress;

import io.servicebreaker.breaker.StateChanged;
import io.servicebreaker.event.Event;
import io.servicebreaker.event.Events;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Counts the changes of state of each breaker. One queue for all: jcstress makes breakers by the thousand. */
final class Transitions {
    private static final AtomicLong NAMES = new AtomicLong();
    private static final Map<String, Integer> CHANGES = new ConcurrentHashMap<>();
    private static final Map<String, Boolean> COUNTED = new ConcurrentHashMap<>();
    static final Events EVENTS = new Events();

    static {
        EVENTS.subscribe(StateChanged.class, change -> CHANGES.merge(change.service(), 1, Integer::sum));
        EVENTS.subscribe(EndOfRace.class, end -> COUNTED.put(end.service(), true));
    }

    private Transitions() {}

    static String newName() {
        return "race-" + NAMES.incrementAndGet();
    }

    /** To be asked once, when the race is over: events are delivered in order, so none comes after our own. */
    static int of(String service) {
        EVENTS.publish(new EndOfRace(Instant.EPOCH, service));
        while (COUNTED.remove(service) == null) {
            EVENTS.flush();
            Thread.onSpinWait();
        }
        Integer changes = CHANGES.remove(service);
        return changes == null ? 0 : changes;
    }

    private record EndOfRace(Instant at, String service) implements Event {}
}
