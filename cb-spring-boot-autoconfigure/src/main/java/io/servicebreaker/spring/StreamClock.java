package io.servicebreaker.spring;

import java.util.concurrent.RejectedExecutionException;

/** A clock with timers, for those who wait for streams. Safe for use by many threads. */
interface StreamClock {

    /** Never runs backwards. */
    long nanos();

    /** A timer that does something when it goes off. */
    Timer timer(Runnable task);

    /** Set by one thread at a time. */
    interface Timer {

        /**
         * Lets it go off later.
         *
         * @throws RejectedExecutionException if it was stopped, or the application ends
         */
        void set(long nanos);

        /** Never goes off any more. */
        void stop();

        boolean isStopped();
    }
}
