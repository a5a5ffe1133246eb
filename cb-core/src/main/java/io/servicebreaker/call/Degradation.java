package io.servicebreaker.call;

import org.jspecify.annotations.Nullable;

/** Tells code inside a guarded call how much work it should ask for, and how. Safe for use by many threads. */
public final class Degradation {

    private Degradation() {}

    /**
     * The level of the guarded call that this thread is making, as it is now; {@link DegradationLevel#FULL} outside of any
     * and for calls marked as essential. Where calls change threads it is found where {@link CurrentCall} is.
     */
    public static DegradationLevel current() {
        @Nullable OngoingCall call = CurrentCall.get();
        return call == null ? DegradationLevel.FULL : call.degradation();
    }

    /**
     * How the guarded call that this thread is making may ask for less. What its method says by {@code @DegradeAt} is for
     * the level at which the call began; what else its service suggests, for the level of now. Nothing outside of any.
     */
    public static DegradationHints hints() {
        @Nullable OngoingCall call = CurrentCall.get();
        return call == null ? DegradationSteps.NONE.at(DegradationLevel.FULL) : call.hints();
    }
}
