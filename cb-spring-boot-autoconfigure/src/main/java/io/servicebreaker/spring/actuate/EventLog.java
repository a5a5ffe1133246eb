package io.servicebreaker.spring.actuate;

import io.servicebreaker.call.CallRejected;
import io.servicebreaker.coordination.DecisionRecord;
import io.servicebreaker.event.Event;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The last events. Refusals come by the thousand and have a place of their own, so that they do not push out the few
 * events that explain them. Decisions about fallbacks come as often, and are kept elsewhere. Safe for use by many threads.
 */
final class EventLog implements Consumer<Event> {

    /** Of each of the two kinds. */
    static final int CAPACITY = 1000;

    private final Deque<Event> refusals = new ArrayDeque<>();
    private final Deque<Event> others = new ArrayDeque<>();

    @Override
    public void accept(Event event) {
        if (!(event instanceof DecisionRecord)) {
            keep(event);
        }
    }

    private synchronized void keep(Event event) {
        Deque<Event> place = event instanceof CallRejected ? refusals : others;
        if (place.size() == CAPACITY) {
            place.removeLast();
        }
        place.addFirst(event);
    }

    /** At most that many of the events that are wanted, newest first. */
    synchronized List<Event> newest(int limit, Predicate<Event> wanted) {
        return Stream.concat(others.stream(), refusals.stream())
                .filter(wanted)
                .sorted(Comparator.comparing(Event::at).reversed())
                .limit(limit)
                .toList();
    }
}
