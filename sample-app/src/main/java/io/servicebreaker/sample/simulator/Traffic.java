package io.servicebreaker.sample.simulator;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import tools.jackson.databind.node.ObjectNode;

/** Counts requests and the statuses they were answered with; a request without an answer is in no status. */
final class Traffic {

    private final LongAdder requests = new LongAdder();
    private final Map<Integer, LongAdder> served = new ConcurrentSkipListMap<>();

    void arrived() {
        requests.increment();
    }

    void answered(int status) {
        served.computeIfAbsent(status, key -> new LongAdder()).increment();
    }

    void describe(ObjectNode node) {
        node.put("requests", requests.sum());
        ObjectNode statuses = node.putObject("served");
        served.forEach((status, count) -> statuses.put(String.valueOf(status), count.sum()));
    }
}
