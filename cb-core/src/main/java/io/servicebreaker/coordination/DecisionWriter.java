package io.servicebreaker.coordination;

import io.servicebreaker.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings decisions into a store, behind the calls. Safe for use by many threads.
 *
 * <p>What waits for the store is bounded: decisions that find no room are dropped and counted. Nothing depends on them but
 * what people can look up later.
 */
public final class DecisionWriter implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(DecisionWriter.class);

    /** As many as wait at most. */
    static final int CAPACITY = 1 << 13;

    private static final int BATCH = 500;
    private static final Duration INTERVAL = Duration.ofMillis(500);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    private static final Duration QUIET = Duration.ofMinutes(1);
    private static final Duration FORGETTING = Duration.ofHours(1);
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(5);

    private final DecisionStore store;
    private final Duration kept;
    private final TimeSource time;
    private final MessagePassingQueue<DecisionRecord> waiting = new MpscAtomicArrayQueue<>(CAPACITY);
    private final LongAdder dropped = new LongAdder();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(DecisionWriter::thread);

    /** Taken from the queue and not in the store yet; this and what follows is of the thread that writes. */
    private final List<DecisionRecord> batch = new ArrayList<>();

    private boolean opened;
    private long retryAt;
    private Duration pause = FIRST_PAUSE;
    private long forgetAt;
    private long reportAt;
    private long reported;

    /**
     * Creates one that does nothing before it is started.
     *
     * @param kept how long decisions stay in the store
     */
    public DecisionWriter(DecisionStore store, Duration kept, TimeSource time) {
        this.store = store;
        this.kept = kept;
        this.time = time;
    }

    /** Begins to write. */
    @SuppressWarnings("FutureReturnValueIgnored") // it throws nothing, and ends with the thread
    public void start() {
        long nanos = INTERVAL.toNanos();
        thread.scheduleWithFixedDelay(this::write, nanos, nanos, TimeUnit.NANOSECONDS);
    }

    /** Takes a decision, or drops it; never waits. */
    public void add(DecisionRecord decision) {
        if (!waiting.offer(decision)) {
            dropped.increment();
        }
    }

    /** How many decisions will never be in the store. */
    public long dropped() {
        return dropped.sum();
    }

    /** Writes what waits, unless the store is given a rest. Without decisions it is left alone. */
    void write() {
        try {
            reportDrops();
            if (time.nanos() >= retryAt && (!batch.isEmpty() || !waiting.isEmpty() || opened)) {
                writeAll();
            }
        } catch (RuntimeException | Error e) {
            failed(e);
        }
    }

    private void writeAll() {
        if (!opened) {
            store.open();
            opened = true;
        }
        for (take(); !batch.isEmpty(); take()) {
            if (store.append(List.copyOf(batch))) {
                batch.clear(); // and not before: what the store did not take is tried again
            } else {
                writeEach();
            }
        }
        if (time.nanos() >= forgetAt) {
            store.forget(time.now().minus(kept));
            forgetAt = time.nanos() + FORGETTING.toNanos();
        }
        pause = FIRST_PAUSE;
    }

    /** One that the store never takes is no reason to lose the others. */
    private void writeEach() {
        while (!batch.isEmpty()) {
            if (!store.append(List.of(batch.get(0)))) {
                dropped.increment();
            }
            batch.remove(0);
        }
    }

    private void take() {
        waiting.drain(batch::add, BATCH - batch.size());
    }

    private void failed(Throwable e) {
        if (pause.equals(FIRST_PAUSE)) {
            log.warn("Decisions about fallbacks cannot be stored. They wait in memory, as far as there is room", e);
        }
        retryAt = time.nanos() + pause.toNanos();
        Duration longer = pause.multipliedBy(2);
        pause = longer.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : longer;
    }

    private void reportDrops() {
        long total = dropped.sum();
        long now = time.nanos();
        if (total > reported && now >= reportAt) {
            log.warn("{} decisions about fallbacks are not in the store, which did not take them", total - reported);
            reported = total;
            reportAt = now + QUIET.toNanos();
        }
    }

    /** Writes what there is, and waits a moment for it. */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted();
        thread.execute(this::write);
        thread.shutdown();
        try {
            thread.awaitTermination(LONGEST_CLOSE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        thread.shutdownNow();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "service-breaker-decisions");
        thread.setDaemon(true);
        return thread;
    }
}
