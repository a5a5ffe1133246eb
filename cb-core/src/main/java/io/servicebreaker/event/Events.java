package io.servicebreaker.event;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands events to listeners on a thread of its own. Safe for use by many threads.
 *
 * <p>{@link #publish} costs the caller one write into a bounded queue and, at most once per batch, the waking of the
 * delivering thread. A listener that throws is logged and hurts neither the caller nor the other listeners. When
 * listeners are slower than events for so long that the queue is full, the newest events are dropped, counted in
 * {@link #dropped()} and reported in the log.
 */
public final class Events implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Events.class);

    private static final int CAPACITY = 1 << 14;
    /** How long the thread waits for company before it delivers: bounds both the delay and the number of wake-ups. */
    private static final long BATCH_NANOS = 5_000_000;

    /** How many batches pass between two reports of drops: ten seconds of a flood. */
    private static final int QUIET_BATCHES = 2_000;

    private static final long CLOSE_MILLIS = 2_000;
    private static final long ONE_MILLI = 1_000_000;

    private final MessagePassingQueue<Event> queue = new MpscAtomicArrayQueue<>(CAPACITY);
    private final List<Consumer<? super Event>> listeners = new CopyOnWriteArrayList<>();
    private final LongAdder dropped = new LongAdder();
    private final AtomicBoolean delivering = new AtomicBoolean();
    private final Thread thread = new Thread(this::run, "service-breaker-events");

    /** Who delivers now, if anybody. */
    private volatile @Nullable Thread deliverer;

    private volatile boolean idle;
    private volatile boolean closed;
    private long reportedDrops;
    private int quietBatches;

    /** Starts the delivering thread, a daemon. */
    public Events() {
        thread.setDaemon(true);
        thread.start();
    }

    /** Adds a listener for every event. */
    public void subscribe(Consumer<? super Event> listener) {
        listeners.add(listener);
    }

    /** Adds a listener for the events of one type and its subtypes. */
    public <E extends Event> void subscribe(Class<E> type, Consumer<? super E> listener) {
        subscribe(event -> {
            if (type.isInstance(event)) {
                listener.accept(type.cast(event));
            }
        });
    }

    /** Whether anybody listens: lets a frequent event be left unmade. */
    public boolean hasListeners() {
        return !listeners.isEmpty();
    }

    /** Queues the event for the listeners and returns at once; never throws. Once closed, it drops the event. */
    public void publish(Event event) {
        if (closed || !queue.offer(event)) {
            dropped.increment();
            return;
        }
        if (idle) {
            idle = false;
            LockSupport.unpark(thread);
        }
        if (closed) {
            flush(); // closed in between: the last delivery may have missed this event
        }
    }

    /**
     * Like {@link #publish} for an event that may come in floods: half of the queue is left to the others, so that a
     * flood of what follows from a change does not drop the change itself.
     */
    public void publishFrequent(Event event) {
        if (queue.size() < CAPACITY / 2) {
            publish(event);
        } else {
            dropped.increment();
        }
    }

    /** Number of events that were not delivered because the queue was full or closed. */
    public long dropped() {
        return dropped.sum();
    }

    /** Delivers what is queued on the calling thread; returns when the queue is empty or another thread delivers. */
    public void flush() {
        while (!queue.isEmpty() && delivering.compareAndSet(false, true)) {
            deliverer = Thread.currentThread();
            try {
                queue.drain(this::deliver);
            } finally {
                deliverer = null;
                delivering.set(false);
            }
        }
    }

    /** As {@link #flush}, but waits a moment for another thread that delivers, unless it is called by a listener. */
    public void flushAndWait() {
        flush();
        for (int i = 0; i < CLOSE_MILLIS && delivering.get() && deliverer != Thread.currentThread(); i++) {
            LockSupport.parkNanos(this, ONE_MILLI);
            flush();
        }
    }

    /** Stops the thread and delivers what is left, waiting a moment for a delivery under way. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        if (Thread.currentThread() != thread) {
            awaitEnd();
        }
        flush();
    }

    private void awaitEnd() {
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!closed) {
            deliverBatch();
            forgetInterruption();
            LockSupport.parkNanos(this, BATCH_NANOS);
            if (queue.isEmpty()) {
                awaitEvent();
            }
        }
    }

    /** Whatever happens, even out of memory: without this thread nobody would ever hear of anything again. */
    private void deliverBatch() {
        try {
            flush();
            reportDrops();
        } catch (Throwable e) { // telling of it would probably fail as well
            dropped.increment();
        }
    }

    /** An interrupted thread does not park: one that a listener interrupted would spin. */
    private static void forgetInterruption() {
        boolean ignored = Thread.interrupted();
    }

    /** Publishers look at {@code idle} after they have queued, so it is set before the queue is looked at again. */
    private void awaitEvent() {
        idle = true;
        while (idle && queue.isEmpty() && !closed) {
            LockSupport.park(this);
        }
        idle = false;
    }

    private void deliver(Event event) {
        for (Consumer<? super Event> listener : listeners) {
            tell(listener, event);
        }
    }

    private static void tell(Consumer<? super Event> listener, Event event) {
        try {
            listener.accept(event);
        } catch (Throwable e) { // a listener in another language throws checked exceptions that nobody declares
            log.warn("Listener {} failed on {}", listener.getClass().getName(), event, e);
        }
    }

    private void reportDrops() {
        if (quietBatches > 0) {
            quietBatches--;
            return;
        }
        long total = dropped.sum();
        if (total > reportedDrops) {
            quietBatches = QUIET_BATCHES;
            log.warn("{} events dropped because listeners are too slow", total - reportedDrops);
            reportedDrops = total;
        }
    }
}
