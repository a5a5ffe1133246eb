package io.servicebreaker.sample.simulator;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The fault an operator has switched on.
 *
 * @param errorRate share of the requests that suffer it, 0 to 1
 * @param retryAfter sent with every refusal; without meaning for other faults
 * @param latency replaces the usual time until the answer; 6 s for {@code slow} if absent
 * @param model the only model that suffers, or null if all do
 */
record FaultSetting(
        Fault fault,
        double errorRate,
        @Nullable Duration retryAfter,
        @Nullable Duration latency,
        @Nullable String model) {

    static final FaultSetting NONE = new FaultSetting(Fault.NONE, 1, null, null, null);

    private static final Duration SLOW = Duration.ofSeconds(6);

    boolean changesNothing() {
        return fault == Fault.NONE && latency == null;
    }

    /** Whether a request that names this model, or none, suffers. */
    boolean strikes(String requested, RandomGenerator random) {
        return !changesNothing() && (model == null || model.equals(requested)) && random.nextDouble() < errorRate;
    }

    Fate fate(Duration usualLatency) {
        return new Fate(fault, latency != null ? latency : latencyOf(usualLatency), retryAfter);
    }

    private Duration latencyOf(Duration usual) {
        if (fault == Fault.SLOW) {
            return SLOW;
        }
        return fault.isRefusal() ? usual.dividedBy(5) : usual; // to refuse is quicker than to think
    }

    /** Shows what is in force: fields that were sent but mean nothing for this fault are left out. */
    void describe(ObjectNode node) {
        node.put("fault", fault.label());
        if (!changesNothing()) {
            node.put("errorRate", errorRate);
        }
        if (retryAfter != null && fault.tellsWait()) {
            node.put("retryAfter", retryAfter.toString());
        }
        if (latency != null) {
            node.put("latency", latency.toString());
        }
        if (model != null && !changesNothing()) {
            node.put("model", model);
        }
    }
}
