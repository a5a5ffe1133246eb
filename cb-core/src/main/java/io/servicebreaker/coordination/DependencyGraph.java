package io.servicebreaker.coordination;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which service needs which others: a graph without cycles. Immutable. */
final class DependencyGraph {

    private final Map<String, List<String>> needs = new LinkedHashMap<>();
    private final Map<String, Map<String, Integer>> dependants = new LinkedHashMap<>();

    /**
     * Creates a graph.
     *
     * @param maxDepth services one above the other that need each other, at most
     * @throws InvalidDependencyException if a service is unknown, needs itself in the end, or the graph is too deep
     */
    DependencyGraph(Collection<CoordinatedService> services, int maxDepth) {
        services.forEach(service -> needs.put(service.name(), service.dependsOn()));
        needs.forEach((service, needed) -> needed.forEach(name -> checkKnown(service, name)));
        needs.keySet().forEach(service -> walk(service, new LinkedHashSet<>(), maxDepth));
        needs.keySet().forEach(service -> dependants.put(service, above(service)));
    }

    private void checkKnown(String service, String needed) {
        if (!needs.containsKey(needed)) {
            throw new InvalidDependencyException(service, needed, "is not configured");
        }
    }

    private void walk(String service, Set<String> way, int maxDepth) {
        way.add(service);
        for (String needed : needsOf(service)) {
            if (way.contains(needed)) {
                throw new InvalidDependencyException(
                        service, needed, "depends on it in turn: " + String.join(" -> ", way) + " -> " + needed);
            }
            if (way.size() > maxDepth) {
                throw new InvalidDependencyException(
                        service,
                        needed,
                        "makes a chain longer than max-cascade-depth, which is " + maxDepth + ": "
                                + String.join(" -> ", way) + " -> " + needed);
            }
            walk(needed, way, maxDepth);
        }
        way.remove(service);
    }

    /** The services that need it, with the shortest distance to each. */
    private Map<String, Integer> above(String service) {
        Map<String, Integer> found = new LinkedHashMap<>();
        Deque<String> open = new ArrayDeque<>(List.of(service));
        while (!open.isEmpty()) {
            String next = open.remove();
            int distance = found.getOrDefault(next, 0) + 1;
            needs.forEach((other, needed) -> {
                if (needed.contains(next) && !found.containsKey(other)) {
                    found.put(other, distance);
                    open.add(other);
                }
            });
        }
        return found;
    }

    /** The services that this one needs itself. */
    List<String> needsOf(String service) {
        return needs.getOrDefault(service, List.of());
    }

    /** The services that need this one, themselves or through others, with the shortest distance to each, from 1. */
    Map<String, Integer> dependantsOf(String service) {
        return dependants.getOrDefault(service, Map.of());
    }
}
