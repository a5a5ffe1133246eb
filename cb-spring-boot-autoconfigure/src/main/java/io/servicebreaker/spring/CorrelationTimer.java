package io.servicebreaker.spring;

import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.coordination.FailureCorrelation;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/** Has failures compared each second while the application runs, on a thread of its own. */
final class CorrelationTimer implements SmartLifecycle {

    private static final long SECOND_MILLIS = 1000;

    private final FailureCorrelation correlation;
    private final boolean isNeeded;
    private final InternalFaults faults;
    private volatile @Nullable ScheduledExecutorService timer;

    /**
     * Creates it.
     *
     * @param isNeeded whether failures are to be compared
     */
    CorrelationTimer(FailureCorrelation correlation, boolean isNeeded, InternalFaults faults) {
        this.correlation = correlation;
        this.isNeeded = isNeeded;
        this.faults = faults;
    }

    @Override
    public boolean isAutoStartup() {
        return isNeeded;
    }

    /** Each start has its own thread: a context can be stopped and started again, and one that ended cannot. */
    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for a look
    public void start() {
        ScheduledExecutorService started = Executors.newSingleThreadScheduledExecutor(CorrelationTimer::thread);
        timer = started;
        started.scheduleWithFixedDelay(this::look, SECOND_MILLIS, SECOND_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** What it throws would end the timer. */
    private void look() {
        try {
            correlation.analyse();
        } catch (RuntimeException | Error e) {
            faults.record("failure correlation", e);
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
        Thread thread = new Thread(task, "service-breaker-correlation");
        thread.setDaemon(true);
        return thread;
    }
}
