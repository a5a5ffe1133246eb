package io.servicebreaker.spring;

import io.servicebreaker.breaker.RecoveryProber;
import io.servicebreaker.call.InternalFaults;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
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

    private final RecoveryProber prober;
    private final InternalFaults faults;
    private volatile @Nullable Threads threads;

    ProbeThreads(Function<Executor, RecoveryProber> prober, InternalFaults faults) {
        this.prober = prober.apply(this::execute);
        this.faults = faults;
    }

    /** Each start has its own threads: a context can be stopped and started again, and those that ended cannot. */
    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the ticks end with the timer
    public void start() {
        Threads started = Threads.create();
        threads = started;
        started.timer.scheduleWithFixedDelay(this::probe, 1, 1, TimeUnit.SECONDS);
    }

    @Override
    public void stop() {
        Threads stopped = threads;
        threads = null;
        if (stopped != null) {
            stopped.timer.shutdownNow();
            stopped.workers.shutdownNow();
        }
    }

    @Override
    public boolean isRunning() {
        return threads != null;
    }

    private void execute(Runnable task) {
        Threads current = threads;
        if (current == null) {
            throw new RejectedExecutionException("stopped");
        }
        current.workers.execute(task);
    }

    /** What a timer's task throws would silently be its end. */
    private void probe() {
        try {
            prober.run();
        } catch (RuntimeException | Error e) {
            faults.record("recovery prober", e);
        }
    }

    private record Threads(ScheduledExecutorService timer, ExecutorService workers) {

        static Threads create() {
            return new Threads(
                    Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "service-breaker-probe-timer")),
                    Executors.newCachedThreadPool(task -> daemon(task, "service-breaker-probe")));
        }

        private static Thread daemon(Runnable task, String name) {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        }
    }
}
