package io.servicebreaker.adaptive;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what became of calls into a store, behind the calls. Safe for use by many threads.
 *
 * <p>What the store does not take waits in memory and is tried again each minute. What waits is bounded: the oldest is dropped,
 * counted and told of.
 */
public final class HistoryWriter implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(HistoryWriter.class);

    /** Minutes of services and of models that wait at most: some megabytes. */
    static final int MOST = 10_000;

    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(5);

    private final CallHistory history;
    private final HistoryStore store;
    private final Duration longestClose;
    private final ReentrantLock writing = new ReentrantLock();
    private final LongAdder dropped = new LongAdder();

    /** This and what follows is of the thread that writes. */
    private final Deque<List<CallMinute>> waiting = new ArrayDeque<>();

    private int size;
    private long toldDropped;
    private boolean failing;

    /** Creates one that has not written anything. */
    public HistoryWriter(CallHistory history, HistoryStore store) {
        this(history, store, LONGEST_CLOSE);
    }

    HistoryWriter(CallHistory history, HistoryStore store, Duration longestClose) {
        this.history = history;
        this.store = store;
        this.longestClose = longestClose;
    }

    /** Time until there is something to write. */
    public Duration untilNext() {
        return history.untilMinuteEnds();
    }

    /** How many minutes of services and models will never be in the store. */
    public long dropped() {
        return dropped.sum();
    }

    /** Ends the minute and writes what waits. Never called by a thread that makes a call, so it may wait. */
    public void write() {
        writing.lock();
        try {
            add(history.close());
            writeAll();
        } finally {
            writing.unlock();
        }
    }

    private void add(List<CallMinute> minutes) {
        if (!minutes.isEmpty()) {
            waiting.addLast(minutes);
            size += minutes.size();
        }
    }

    private void writeAll() {
        try {
            while (!waiting.isEmpty()) {
                List<CallMinute> oldest = waiting.getFirst();
                store.append(oldest);
                waiting.removeFirst(); // and not before: what the store did not take is tried again
                size -= oldest.size();
            }
            if (failing) {
                log.info("What becomes of calls can be kept again");
            }
            failing = false;
        } catch (RuntimeException | Error e) {
            failed(e);
        }
    }

    /** Once a minute, as there is nothing to write more often. */
    private void failed(Throwable e) {
        while (size > MOST) {
            List<CallMinute> oldest = waiting.removeFirst();
            size -= oldest.size();
            dropped.add(oldest.size());
        }
        if (!failing) {
            log.warn("What becomes of calls cannot be kept. It waits in memory, as far as there is room", e);
        }
        failing = true;
        long lost = dropped.sum();
        if (lost > toldDropped) {
            log.warn(
                    "What became of calls in {} minutes of services and models is lost, as the store does not take it: {}",
                    lost - toldDropped,
                    e.toString());
            toldDropped = lost;
        }
    }

    /** Writes what there is, also of the open minute; waits a moment if somebody else is writing. */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted(); // which would fail the last attempt
        boolean isFree = false;
        try {
            isFree = writing.tryLock(longestClose.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (isFree) {
            try {
                write();
                loseWhatWaits();
            } finally {
                writing.unlock();
            }
        } else {
            loseOpenMinute();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** What waits is of whoever is writing, and may yet be written. */
    private void loseOpenMinute() {
        int lost = history.close().size();
        dropped.add(lost);
        log.warn(
                "What became of calls in {} minutes of services and models is lost, and so may be what waits: the store is busy",
                lost);
    }

    private void loseWhatWaits() {
        if (size > 0) {
            dropped.add(size);
            log.warn(
                    "What became of calls in {} minutes of services and models is lost: the store did not take it",
                    size);
        }
    }
}
