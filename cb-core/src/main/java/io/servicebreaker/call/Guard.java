package io.servicebreaker.call;

import java.util.List;

/**
 * What stands around the calls of one service.
 *
 * @param gates who decides, in the order of asking
 * @param classifier who judges the end of a call
 * @param listener who is told
 */
public record Guard(List<Gate> gates, OutcomeClassifier classifier, CallListener listener) {

    public Guard {
        gates = List.copyOf(gates);
    }
}
