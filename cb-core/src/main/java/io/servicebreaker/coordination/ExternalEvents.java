package io.servicebreaker.coordination;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The last external events, at most {@value #CAPACITY} and none older than an hour. Not safe for use by many threads. */
final class ExternalEvents {

    static final int CAPACITY = 100;

    private static final Duration LIFE = Duration.ofHours(1);
    /** A deployment acts soon. */
    private static final Duration BEFORE = Duration.ofMinutes(15);
    /** A status page is late. */
    private static final Duration AFTER = Duration.ofMinutes(30);

    private final Deque<ExternalEvent> events = new ArrayDeque<>();

    void add(ExternalEvent event) {
        if (events.size() == CAPACITY) {
            events.removeLast();
        }
        events.addFirst(event);
    }

    void expire(Instant now) {
        events.removeIf(event -> event.at().isBefore(now.minus(LIFE)));
    }

    /** Those near an onset that are about one of the services, newest first. */
    List<ExternalEvent> about(List<CorrelatedService> services, Instant onset) {
        return events.stream()
                .filter(event ->
                        !event.at().isBefore(onset.minus(BEFORE)) && !event.at().isAfter(onset.plus(AFTER)))
                .filter(event -> event.subject().isEmpty()
                        || services.stream()
                                .anyMatch(service -> event.subject().equals(service.name())
                                        || event.subject().equals(service.provider())))
                .toList();
    }
}
