package io.servicebreaker.breaker;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;

/** Lets threads do something at the same time. */
final class Threads {

    private Threads() {}

    /** Runs the work on so many threads, which begin together, with the number of each, and waits for their end. */
    static void run(int threads, IntConsumer work) {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            CyclicBarrier start = new CyclicBarrier(threads);
            List<Future<?>> ends = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int number = i;
                ends.add(pool.submit(() -> {
                    start.await();
                    work.accept(number);
                    return null;
                }));
            }
            for (Future<?> end : ends) {
                end.get();
            }
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        } finally {
            pool.shutdown();
        }
    }
}
