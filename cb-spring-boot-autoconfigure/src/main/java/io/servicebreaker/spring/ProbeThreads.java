package io.servicebreaker.spring;

import io.servicebreaker.breaker.RecoveryProber;
import io.servicebreaker.call.InternalFaults;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * Runs the prober each second while the application runs. Threads of our own: a pool that is full of calls to a service
 * that hangs must not keep another one from recovering.
 */
final class ProbeThreads implements SmartLifecycle {

    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "service-breaker-probe-timer"));
    private final ExecutorService workers =
            Executors.newCachedThreadPool(task -> daemon(task, "service-breaker-probe"));
    private final RecoveryProber prober;
    private final InternalFaults faults;
    private volatile @Nullable Future<?> ticks;

    ProbeThreads(Function<Executor, RecoveryProber> prober, InternalFaults faults) {
        this.prober = prober.apply(workers);
        this.faults = faults;
    }

    @Override
    public void start() {
        ticks = timer.scheduleWithFixedDelay(this::probe, 1, 1, TimeUnit.SECONDS);
    }

    @Override
    public void stop() {
        ticks = null;
        timer.shutdownNow();
        workers.shutdownNow();
    }

    @Override
    public boolean isRunning() {
        return ticks != null;
    }

    /** What a timer's task throws would silently be its end. */
    private void probe() {
        try {
            prober.run();
        } catch (RuntimeException | Error e) {
            faults.record("recovery prober", e);
        }
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }
}
