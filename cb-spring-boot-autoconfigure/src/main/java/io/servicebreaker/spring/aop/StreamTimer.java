package io.servicebreaker.spring.aop;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.scheduler.Scheduler;

/** Goes off when patience has run out. It is set at most once at a time, and sets itself anew if patience has grown. */
final class StreamTimer implements Runnable {

    private final Scheduler.Worker worker;
    private final Patience patience;
    private final Runnable exhausted;
    private final AtomicBoolean isSet = new AtomicBoolean();

    StreamTimer(Scheduler scheduler, Patience patience, Runnable exhausted) {
        this.worker = scheduler.createWorker();
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
        worker.dispose();
    }

    @Override
    public void run() {
        if (worker.isDisposed()) {
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
            worker.schedule(this, left, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            worker.dispose(); // it was stopped, or the application ends
        }
    }
}
