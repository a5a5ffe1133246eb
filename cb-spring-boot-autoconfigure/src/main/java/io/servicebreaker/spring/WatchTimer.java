package io.servicebreaker.spring;

import io.servicebreaker.call.InternalFaults;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/** Lets somebody look at something now and then while the application runs, on a thread of its own. */
final class WatchTimer implements SmartLifecycle {

    /** If a look fails, the next is due at once. */
    private static final long LEAST_MILLIS = 100;

    private final String name;
    private final Runnable watch;
    private final Supplier<Duration> untilNext;
    private final boolean isNeeded;
    private final InternalFaults faults;
    private volatile @Nullable ScheduledExecutorService timer;

    /**
     * Creates it.
     *
     * @param name of what is looked at
     * @param watch looks
     * @param untilNext time until it should look again
     * @param isNeeded whether there is anything to look at
     */
    WatchTimer(String name, Runnable watch, Supplier<Duration> untilNext, boolean isNeeded, InternalFaults faults) {
        this.name = name;
        this.watch = watch;
        this.untilNext = untilNext;
        this.isNeeded = isNeeded;
        this.faults = faults;
    }

    @Override
    public boolean isAutoStartup() {
        return isNeeded;
    }

    /** Each start has its own thread: a context can be stopped and started again, and one that ended cannot. */
    @Override
    public void start() {
        ScheduledExecutorService started = Executors.newSingleThreadScheduledExecutor(this::thread);
        timer = started;
        setFor(started);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for a look
    private void setFor(ScheduledExecutorService started) {
        long millis = Math.max(LEAST_MILLIS, untilNext.get().toMillis() + 1);
        started.schedule(() -> lookAndSet(started), millis, TimeUnit.MILLISECONDS);
    }

    private void lookAndSet(ScheduledExecutorService started) {
        look();
        try {
            setFor(started);
        } catch (RejectedExecutionException e) {
            return; // stopped meanwhile
        }
    }

    private void look() {
        try {
            watch.run();
        } catch (RuntimeException | Error e) {
            faults.record(name, e);
        }
    }

    /** Looks once more than usual, after this time. Without effect while it is stopped. */
    @SuppressWarnings("FutureReturnValueIgnored")
    void lookIn(Duration wait) {
        ScheduledExecutorService running = timer;
        if (running == null) {
            return;
        }
        try {
            running.schedule(this::look, wait.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            return; // stopped meanwhile
        }
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

    private Thread thread(Runnable task) {
        Thread thread = new Thread(task, "service-breaker-" + name);
        thread.setDaemon(true);
        return thread;
    }
}
