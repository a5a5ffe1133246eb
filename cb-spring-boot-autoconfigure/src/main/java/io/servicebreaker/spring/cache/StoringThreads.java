package io.servicebreaker.spring.cache;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Two threads that store what was loaded asynchronously, since the thread that loads may be one that must not wait. They
 * keep no application from ending, and end when there is nothing to store. Safe for use by many threads.
 */
final class StoringThreads implements Executor {

    private static final int THREADS = 2;
    private static final int WAITING = 1000;

    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            THREADS, THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(WAITING), StoringThreads::thread);

    StoringThreads() {
        threads.allowCoreThreadTimeOut(true);
    }

    /** Throws {@link java.util.concurrent.RejectedExecutionException} if too much waits. */
    @Override
    public void execute(Runnable task) {
        threads.execute(task);
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "service-breaker-cache");
        thread.setDaemon(true);
        return thread;
    }
}
