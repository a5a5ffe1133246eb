package io.servicebreaker.spring.redis;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * Runs the reader now and then while the application runs, on a thread of its own that a Redis which hangs may hold. It
 * starts after the connections and stops before them.
 */
final class PressureTimer implements SmartLifecycle {

    static final String THREAD = "service-breaker-redis";

    private final RedisPressure reader;
    private final Duration interval;
    private volatile @Nullable ScheduledExecutorService timer;

    PressureTimer(RedisPressure reader, Duration interval) {
        this.reader = reader;
        this.interval = interval;
    }

    @Override
    public boolean isAutoStartup() {
        return !reader.isIdle();
    }

    /** Each start has its own thread: a context can be stopped and started again, and one that ended cannot. */
    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the ticks end with the timer, and the reader throws nothing
    public void start() {
        ScheduledExecutorService started = Executors.newSingleThreadScheduledExecutor(PressureTimer::thread);
        timer = started;
        started.scheduleWithFixedDelay(reader, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void stop() {
        ScheduledExecutorService stopped = timer;
        timer = null;
        if (stopped != null) {
            stopped.shutdownNow();
        }
    }

    @Override
    public boolean isRunning() {
        return timer != null;
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, THREAD);
        thread.setDaemon(true);
        return thread;
    }
}
