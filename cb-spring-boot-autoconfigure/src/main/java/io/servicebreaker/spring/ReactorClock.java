package io.servicebreaker.spring;

import java.util.concurrent.TimeUnit;
import reactor.core.scheduler.Scheduler;

/** The time of a scheduler. */
record ReactorClock(Scheduler scheduler) implements StreamClock {

    @Override
    public long nanos() {
        return scheduler.now(TimeUnit.NANOSECONDS);
    }

    @Override
    public Timer timer(Runnable task) {
        return new WorkerTimer(scheduler.createWorker(), task);
    }

    private record WorkerTimer(Scheduler.Worker worker, Runnable task) implements Timer {

        @Override
        public void set(long nanos) {
            worker.schedule(task, nanos, TimeUnit.NANOSECONDS);
        }

        @Override
        public void stop() {
            worker.dispose();
        }

        @Override
        public boolean isStopped() {
            return worker.isDisposed();
        }
    }
}
