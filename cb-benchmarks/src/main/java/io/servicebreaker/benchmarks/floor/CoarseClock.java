package io.servicebreaker.benchmarks.floor;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** A clock that a thread of its own moves each millisecond: reading it is one volatile read. */
public final class CoarseClock implements AutoCloseable {
    private static final long TICK_NANOS = Duration.ofMillis(1).toNanos();

    private final Thread ticker = new Thread(this::tick, "coarse-clock");
    private volatile long nanos = System.nanoTime();

    public CoarseClock() {
        ticker.setDaemon(true);
        ticker.start();
    }

    public long nanos() {
        return nanos;
    }

    @Override
    public void close() {
        ticker.interrupt();
    }

    private void tick() {
        while (!Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(TICK_NANOS);
            nanos = System.nanoTime();
        }
    }
}
