package io.servicebreaker.spring;

import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.cost.SpendWatch;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/** Lets the watch look at what is spent while the application runs, on a thread of its own, if any service spends. */
final class SpendWatchTimer implements SmartLifecycle {

    /** If a look fails, the next is due at once. */
    private static final long LEAST_MILLIS = 100;

    private final SpendWatch watch;
    private final boolean isNeeded;
    private final InternalFaults faults;
    private volatile @Nullable ScheduledExecutorService timer;

    /**
     * Creates it.
     *
     * @param isNeeded whether any service spends
     */
    SpendWatchTimer(SpendWatch watch, boolean isNeeded, InternalFaults faults) {
        this.watch = watch;
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
        ScheduledExecutorService started = Executors.newSingleThreadScheduledExecutor(SpendWatchTimer::thread);
        timer = started;
        setFor(started);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for a look
    private void setFor(ScheduledExecutorService started) {
        long millis = Math.max(LEAST_MILLIS, watch.untilNextLook().toMillis() + 1);
        started.schedule(() -> lookAndSet(started), millis, TimeUnit.MILLISECONDS);
    }

    private void lookAndSet(ScheduledExecutorService started) {
        try {
            watch.look();
        } catch (RuntimeException | Error e) {
            faults.record("spend watch", e);
        }
        try {
            setFor(started);
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

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "service-breaker-spending");
        thread.setDaemon(true);
        return thread;
    }
}
