package io.servicebreaker.call;

import java.util.List;
import java.util.function.Supplier;

/**
 * What stands around the calls of one service.
 *
 * @param gates who decides, in the order of asking
 * @param classifier who judges the end of a call
 * @param listener who is told
 * @param degradation how much work calls should ask for now
 * @param steps how they may ask for less
 */
public record Guard(
        List<Gate> gates,
        OutcomeClassifier classifier,
        CallListener listener,
        Supplier<DegradationLevel> degradation,
        DegradationSteps steps) {

    public Guard {
        gates = List.copyOf(gates);
    }

    /** Creates a guard of a service whose work is never degraded. */
    public Guard(List<Gate> gates, OutcomeClassifier classifier, CallListener listener) {
        this(gates, classifier, listener, () -> DegradationLevel.FULL, DegradationSteps.NONE);
    }
}
