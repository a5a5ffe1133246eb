package io.servicebreaker.time;

import java.time.Instant;
import java.util.concurrent.locks.LockSupport;

/**
 * A clock that a background thread advances each millisecond. Reading it costs a memory read instead of a call to the
 * operating system; for calls that take milliseconds to minutes nothing is lost.
 *
 * <p>On a machine too busy to run the thread it lags behind, and catches up as soon as the thread runs.
 */
public final class CoarseTime implements TimeSource, AutoCloseable {

    private static final long STEP_NANOS = 1_000_000;

    private final TimeSource source;
    private final Thread ticker;
    private volatile long nanos;
    private volatile boolean closed;

    /** Starts ticking. */
    public CoarseTime() {
        this(TimeSource.precise());
    }

    CoarseTime(TimeSource source) {
        this.source = source;
        this.nanos = source.nanos();
        this.ticker = new Thread(this::tick, "service-breaker-clock");
        ticker.setDaemon(true);
        ticker.start();
    }

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public Instant now() {
        return source.now();
    }

    @Override
    public Instant at(long reading) {
        return source.at(reading);
    }

    /** Stops ticking: time stands still from here on. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(ticker);
    }

    private void tick() {
        while (!closed) {
            nanos = source.nanos();
            LockSupport.parkNanos(this, STEP_NANOS);
        }
    }
}
