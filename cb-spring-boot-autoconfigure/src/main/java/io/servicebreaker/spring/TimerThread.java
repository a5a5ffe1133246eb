package io.servicebreaker.spring;

import io.servicebreaker.time.TimeSource;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;

/** Timers on one thread of their own, which is there only while some are set. */
final class TimerThread implements StreamClock, DisposableBean {

    private final TimeSource time;
    private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
        Thread thread = new Thread(task, "service-breaker-streams");
        thread.setDaemon(true);
        return thread;
    });

    TimerThread(TimeSource time) {
        this.time = time;
        executor.setRemoveOnCancelPolicy(true);
        executor.setKeepAliveTime(1, TimeUnit.MINUTES);
        executor.allowCoreThreadTimeOut(true);
    }

    @Override
    public long nanos() {
        return time.nanos();
    }

    @Override
    public Timer timer(Runnable task) {
        return new ThreadTimer(task);
    }

    @Override
    public void destroy() {
        executor.shutdownNow();
    }

    private final class ThreadTimer implements Timer {

        private final Runnable task;
        private volatile boolean stopped;
        private volatile @Nullable Future<?> set;

        ThreadTimer(Runnable task) {
            this.task = task;
        }

        @Override
        public void set(long nanos) {
            set = executor.schedule(task, nanos, TimeUnit.NANOSECONDS);
            if (stopped) {
                stop();
            }
        }

        /** One that is being set anew on the timer's thread goes off once more, and finds that it was stopped. */
        @Override
        public void stop() {
            stopped = true;
            Future<?> pending = set;
            if (pending != null) {
                pending.cancel(false);
            }
        }

        @Override
        public boolean isStopped() {
            return stopped;
        }
    }
}
