package io.servicebreaker.call;

import org.jspecify.annotations.Nullable;

/**
 * The guarded call that this thread is making, so that a client deep inside it can report what the provider says. Where
 * calls change threads, whoever hands them on carries it: a Reactor context and Micrometer's context propagation know it
 * as {@link #KEY}.
 */
public final class CurrentCall {

    /** Name of the {@link OngoingCall} in contexts. */
    public static final String KEY = "io.servicebreaker.call";

    private static final ThreadLocal<@Nullable OngoingCall> CALL = new ThreadLocal<>();

    private CurrentCall() {}

    /** The innermost guarded call of this thread, or null outside of any. */
    public static @Nullable OngoingCall get() {
        return CALL.get();
    }

    /**
     * Enters a call; to be followed by {@link #leave} on the same thread, whatever happens.
     *
     * @param call null hides the calls around
     * @return what {@link #leave} needs
     */
    public static @Nullable OngoingCall enter(@Nullable OngoingCall call) {
        OngoingCall around = CALL.get();
        CALL.set(call);
        return around;
    }

    /**
     * Leaves a call. The thread keeps an empty entry: a pool's threads make many calls.
     *
     * @param around what {@link #enter} returned
     */
    public static void leave(@Nullable OngoingCall around) {
        CALL.set(around);
    }
}
