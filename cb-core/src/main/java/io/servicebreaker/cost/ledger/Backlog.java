package io.servicebreaker.cost.ledger;

import io.servicebreaker.cost.Money;
import io.servicebreaker.cost.SpendRecord;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a store has not taken yet. Most of it waits in memory for less than a moment; what waits longer is written to files,
 * and only there if it is much. Safe for use by many threads, of which one adds and one removes.
 */
final class Backlog {

    private static final Logger log = LoggerFactory.getLogger(Backlog.class);

    /** Records that are kept together at most. */
    static final int BATCH = 500;

    /** In memory, if they are in a file as well. */
    private static final int MOST_SPILLED = 20;

    /** In memory, if there is no file to write to. */
    private static final int MOST = 200;

    private final String writer;
    private final SpillFiles files;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private Map<String, Money> lastReserved = Map.of();
    private long number;

    /** Never set back, even if the clock is: what is noted later must not seem older. */
    private Instant lastAt = Instant.MIN;

    private long size;
    private volatile @Nullable String unspillable;

    private static final class Waiting {

        final Written written;
        boolean spilled;

        Waiting(Written written) {
            this.written = written;
        }
    }

    Backlog(String writer, SpillFiles files) {
        this.writer = writer;
        this.files = files;
    }

    /** Whether there is room for more. */
    synchronized boolean hasRoom() {
        return waiting.size() < MOST;
    }

    /** Adds what is new, if anything is. */
    synchronized void add(List<SpendRecord> records, Instant at, Map<String, Money> reserved) {
        if (records.isEmpty() && (reserved.equals(lastReserved) || !hasRoom())) {
            return;
        }
        lastReserved = reserved;
        lastAt = at.isBefore(lastAt) ? lastAt : at;
        waiting.addLast(new Waiting(new Written(new SpendBatch(writer, number++, records), lastAt, reserved)));
        size += records.size();
    }

    /** The oldest; null if there is none. */
    synchronized @Nullable Written next() {
        Waiting first = waiting.peekFirst();
        return first == null ? null : first.written;
    }

    /** The store has it. */
    synchronized void remove(Written stored) {
        Waiting first = waiting.peekFirst();
        if (first != null && first.written.batch().number() == stored.batch().number()) {
            waiting.removeFirst();
            size -= stored.size();
        }
    }

    /** Writes to a file what is not in one yet. */
    void spillWhatWaits() {
        for (Waiting each : unspilled()) {
            try {
                files.write(each.written);
            } catch (IOException e) {
                failed(e);
                return;
            }
            spilled(each);
        }
        unspillable = null;
    }

    private synchronized List<Waiting> unspilled() {
        List<Waiting> all = new ArrayList<>();
        for (Waiting each : waiting) {
            if (!each.spilled) {
                all.add(each);
            }
        }
        return all;
    }

    private synchronized void spilled(Waiting written) {
        written.spilled = true;
        while (waiting.size() > MOST_SPILLED && waiting.getFirst().spilled) {
            size -= waiting.removeFirst().written.size();
        }
    }

    private void failed(IOException e) {
        if (unspillable == null) {
            log.error("What calls cost cannot be written to a local file, and waits in memory for its store", e);
        }
        unspillable = e.toString();
    }

    /** How many records wait in memory. */
    synchronized long size() {
        return size;
    }

    /** Why nothing can be written to files; null if it can. */
    @Nullable
    String unspillable() {
        return unspillable;
    }
}
