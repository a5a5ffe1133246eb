package io.servicebreaker.coordination;

import io.servicebreaker.event.Events;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The last decisions about fallbacks, and whoever wants to hear of them. Lock-free; safe for use by many threads. */
public final class Decisions {

    /** How many are kept. */
    public static final int CAPACITY = 1 << 10;

    private final AtomicReferenceArray<DecisionRecord> ring = new AtomicReferenceArray<>(CAPACITY);
    private final AtomicLong count = new AtomicLong();
    private final List<Consumer<? super DecisionRecord>> listeners = new CopyOnWriteArrayList<>();
    private final Events events;

    /** Creates one without decisions. */
    public Decisions(Events events) {
        this.events = events;
    }

    /**
     * Adds a listener that misses none. It is told on the thread of the call: it must neither wait nor throw. Whoever needs
     * more time listens to {@link Events}.
     */
    public void listen(Consumer<? super DecisionRecord> listener) {
        listeners.add(listener);
    }

    /** Keeps a decision and tells of it. */
    public void record(DecisionRecord decision) {
        ring.set((int) (count.getAndIncrement() % CAPACITY), decision);
        listeners.forEach(listener -> listener.accept(decision));
        if (events.hasListeners()) {
            events.publishFrequent(decision);
        }
    }

    /** At most that many of the decisions that are wanted, newest first. */
    public List<DecisionRecord> newest(int limit, Predicate<? super DecisionRecord> wanted) {
        List<DecisionRecord> kept = new ArrayList<>();
        for (int i = 0; i < CAPACITY; i++) {
            DecisionRecord decision = ring.get(i);
            if (decision != null && wanted.test(decision)) {
                kept.add(decision);
            }
        }
        kept.sort(DecisionRecord.NEWEST_FIRST);
        return List.copyOf(kept.subList(0, Math.min(limit, kept.size())));
    }
}
