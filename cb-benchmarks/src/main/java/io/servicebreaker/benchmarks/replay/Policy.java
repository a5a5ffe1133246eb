package io.servicebreaker.benchmarks.replay;

import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A way to decide which calls are let through. */
interface Policy {

    /**
     * Guards for the services of one provider, which live through all its episodes.
     *
     * @param clock moves on by itself
     * @return by service
     */
    Map<String, ? extends Gatekeeper> guard(String provider, Collection<String> services, VirtualClock clock);

    /** Guards one service. Asked and told by one thread, in the order of time. */
    interface Gatekeeper {

        /**
         * Decides about a call that begins now.
         *
         * @param now the stretch in which it is, which only an oracle may look at
         * @return null if the call is refused
         */
        @Nullable
        Attempt begin(Losses now);
    }

    /** A call that was let through. */
    @FunctionalInterface
    interface Attempt {

        /** A call that nobody watches. */
        Attempt UNWATCHED = (answer, retryAfterSeconds) -> {};

        /**
         * It ends now.
         *
         * @param retryAfterSeconds that the answer asks for; 0 if it asks for none
         */
        void ended(Answer answer, long retryAfterSeconds);
    }
}
