package io.servicebreaker.coordination;

import io.servicebreaker.call.DegradationLevel;
import io.servicebreaker.call.Rejection;
import io.servicebreaker.coordination.Shedder.Shed;
import org.jspecify.annotations.Nullable;

/**
 * What the whole means to the calls of one service. Immutable.
 *
 * @param level how much work they should ask for
 * @param emergency their refusal while there is an emergency
 * @param emergencyEnds reading of the clock at which it is over even if nobody says so
 * @param dependency their refusal while a service is down that they cannot do without
 * @param shed a share of them that is refused while this application is short of resources
 * @param waitsItsTurn whether a probe of the service may have to wait for another service
 */
record Standing(
        DegradationLevel level,
        @Nullable Rejection emergency,
        long emergencyEnds,
        @Nullable Rejection dependency,
        @Nullable Shed shed,
        boolean waitsItsTurn) {

    static final Standing CLEAR = new Standing(DegradationLevel.FULL, null, 0, null, null, false);

    /** Whether all calls pass. */
    boolean isClear() {
        return emergency == null && dependency == null && shed == null && !waitsItsTurn;
    }
}
