package io.servicebreaker.spring;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/** Goes off when patience has run out. It is set at most once at a time, and sets itself anew if patience has grown. */
final class StreamTimer {

    private final StreamClock.Timer timer;
    private final Patience patience;
    private final Runnable exhausted;
    private final AtomicBoolean isSet = new AtomicBoolean();

    StreamTimer(StreamClock clock, Patience patience, Runnable exhausted) {
        this.timer = clock.timer(this::wentOff);
        this.patience = patience;
        this.exhausted = exhausted;
    }

    /** Sets the timer, unless it is set or nothing is awaited. */
    void set() {
        if (!isSet.get() && patience.left() != Patience.ENDLESS && isSet.compareAndSet(false, true)) {
            schedule();
        }
    }

    /** Never goes off any more. */
    void stop() {
        timer.stop();
    }

    private void wentOff() {
        if (timer.isStopped()) {
            return;
        }
        if (patience.endIfExhausted()) {
            exhausted.run();
        } else {
            schedule();
        }
    }

    private void schedule() {
        long left = patience.left();
        if (left == Patience.ENDLESS) {
            isSet.set(false);
            set(); // somebody may have begun to wait just before, and found it set
            return;
        }
        try {
            timer.set(left);
        } catch (RejectedExecutionException e) {
            timer.stop(); // it was stopped, or the application ends
        }
    }
}
