package io.servicebreaker.coordination;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Notices that several services go down together. To be used by one thread at a time. */
final class IncidentWatch {

    private final int threshold;
    private final long togetherNanos;

    /** Services that are down, by when they were first seen so. */
    private final Map<String, Long> down = new LinkedHashMap<>();

    private List<String> known = List.of();

    /**
     * Creates a watch.
     *
     * @param threshold services that make an incident
     * @param togetherNanos time within which they have to go down
     */
    IncidentWatch(int threshold, long togetherNanos) {
        this.threshold = threshold;
        this.togetherNanos = togetherNanos;
    }

    /** The services of an incident, when it begins or another one joins it; empty otherwise. */
    List<String> see(Outlook outlook, long now) {
        List<String> names = outlook.down();
        down.keySet().retainAll(names);
        names.forEach(name -> down.putIfAbsent(name, now));
        List<String> together = down.entrySet().stream()
                .filter(entry -> now - entry.getValue() <= togetherNanos)
                .map(Map.Entry::getKey)
                .toList();
        boolean isNew = together.size() >= threshold && !known.containsAll(together);
        known = together.size() >= threshold ? together : List.of();
        return isNew ? together : List.of();
    }
}
