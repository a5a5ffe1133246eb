package io.servicebreaker.spring;

import io.servicebreaker.adaptive.ThresholdAdjuster;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import org.springframework.scheduling.concurrent.ConcurrentTaskScheduler;
import org.springframework.scheduling.config.FixedDelayTask;
import org.springframework.scheduling.config.ScheduledTask;
import org.springframework.scheduling.config.ScheduledTaskHolder;
import org.springframework.scheduling.config.ScheduledTaskRegistrar;

/**
 * Lets thresholds be adjusted each second while the application runs. On a thread of its own, as to switch on the application's
 * scheduling would start jobs of others, but among the tasks that {@code /actuator/scheduledtasks} shows.
 */
final class AdjustmentJob implements SmartLifecycle, ScheduledTaskHolder {

    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final ThresholdAdjuster adjuster;
    private volatile @Nullable Started started;

    AdjustmentJob(ThresholdAdjuster adjuster) {
        this.adjuster = adjuster;
    }

    @Override
    public boolean isAutoStartup() {
        return adjuster.isNeeded();
    }

    /** Each start has its own thread: a context can be stopped and started again, and one that ended cannot. */
    @Override
    public void start() {
        ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(AdjustmentJob::thread);
        ScheduledTaskRegistrar registrar = new ScheduledTaskRegistrar();
        registrar.setTaskScheduler(new ConcurrentTaskScheduler(thread));
        registrar.addFixedDelayTask(new FixedDelayTask(new Look(adjuster), INTERVAL, INTERVAL));
        registrar.afterPropertiesSet();
        started = new Started(thread, registrar);
    }

    @Override
    public void stop() {
        Started stopped = started;
        started = null;
        if (stopped != null) {
            stopped.registrar.destroy();
            stopped.thread.shutdownNow();
        }
    }

    @Override
    public boolean isRunning() {
        return started != null;
    }

    @Override
    public Set<ScheduledTask> getScheduledTasks() {
        Started running = started;
        return running == null ? Set.of() : running.registrar.getScheduledTasks();
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "service-breaker-adjustments");
        thread.setDaemon(true);
        return thread;
    }

    private record Started(ScheduledExecutorService thread, ScheduledTaskRegistrar registrar) {}

    /** Says what it is, for whoever looks at the tasks. */
    private record Look(ThresholdAdjuster adjuster) implements Runnable {

        @Override
        public void run() {
            adjuster.look();
        }

        @Override
        public String toString() {
            return ThresholdAdjuster.class.getName() + ".look";
        }
    }
}
