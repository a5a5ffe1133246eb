package io.servicebreaker.cost.ledger;

import io.servicebreaker.cost.Budgets;
import io.servicebreaker.cost.Money;
import io.servicebreaker.cost.Period;
import io.servicebreaker.cost.SpendRecord;
import io.servicebreaker.cost.SpendRecorder;
import io.servicebreaker.time.TimeSource;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what calls cost into a ledger, behind the calls, and what others have spent out of it. Safe for use by many
 * threads.
 *
 * <p>One thread takes the records from the calls, twenty times a second, and never waits for the store; another hands them
 * to it. What the store has not taken by the next time is written to a local file as well. So the end of the process loses
 * what calls have cost in the last tenth of a second, and nothing else; and as what is reserved is noted too, the calls that
 * were under way then count as if they had cost what was expected.
 */
public final class LedgerWriter implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(LedgerWriter.class);

    /** Twice this is the most that can be lost. */
    private static final Duration INTERVAL = Duration.ofMillis(50);

    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    /** How often it is asked what others have spent. */
    private static final Duration SYNC = Duration.ofSeconds(1);

    private static final int MOST_AT_ONCE = 100;

    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(5);

    private final String writer = UUID.randomUUID().toString();
    private final SpendLedger ledger;
    private final SpendRecorder recorder;
    private final Budgets budgets;
    private final TimeSource time;
    private final Backlog backlog;
    private final SpillFiles files;
    private final OrphanFiles orphans;
    private final ReservedPeak reserved;
    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(2, LedgerWriter::thread);

    /** Of the thread that uses the store. */
    private boolean opened;

    private long syncAt;
    private long nextTry;
    private Duration pause = SHORTEST_PAUSE;

    private volatile boolean known;
    private volatile @Nullable Instant failingSince;
    private volatile @Nullable String problem;

    /**
     * Creates one that does nothing before it is started.
     *
     * @param directory where files are written while the store cannot be used; need not exist
     */
    public LedgerWriter(SpendLedger ledger, SpendRecorder recorder, Budgets budgets, Path directory, TimeSource time) {
        this.ledger = ledger;
        this.recorder = recorder;
        this.budgets = budgets;
        this.time = time;
        this.files = new SpillFiles(directory, writer);
        this.orphans = new OrphanFiles(directory, writer);
        this.backlog = new Backlog(writer, files);
        this.reserved = new ReservedPeak(budgets);
    }

    /** Learns what has been spent before, if the store can be used, and begins to write. */
    @SuppressWarnings("FutureReturnValueIgnored") // neither throws anything, and they end with the threads
    public void start() {
        store();
        long nanos = INTERVAL.toNanos();
        threads.scheduleWithFixedDelay(this::collect, nanos, nanos, TimeUnit.NANOSECONDS);
        threads.scheduleWithFixedDelay(this::store, nanos, nanos, TimeUnit.NANOSECONDS);
    }

    /** Takes the records from the calls. */
    void collect() {
        try {
            backlog.spillWhatWaits();
            Map<String, Money> before = reserved.look();
            do {
                List<SpendRecord> records = new ArrayList<>();
                if (backlog.hasRoom()) {
                    recorder.drain(records::add, Backlog.BATCH);
                }
                backlog.add(records, time.now(), before);
            } while (backlog.hasRoom() && recorder.size() > 0);
        } catch (RuntimeException | Error e) {
            log.error("What calls cost could not be taken from them, and is tried again", e);
        }
    }

    /** Hands the records to the store, if it can be used. */
    void store() {
        if (failingSince != null && time.nanos() < nextTry) {
            return;
        }
        try {
            open();
            sync();
            storeWhatWaits();
            files.replay(this::replay);
            takeOver();
            succeeded();
        } catch (RuntimeException | Error e) {
            failed(e);
        }
    }

    private void open() {
        if (!opened) {
            ledger.open();
            opened = true;
        }
    }

    /** What others have left behind when they died, once. Only then is it known what has been spent. */
    private void takeOver() {
        if (!known) {
            orphans.takeOver(this::replay, last -> last.reserveIn(ledger));
            syncAt = 0;
            sync();
            known = true;
        }
    }

    /** There may be hours of it, and others want to be heard of meanwhile. */
    private void replay(Written written) {
        append(written);
        sync();
    }

    /** As long as there is any, but under a load that does not end, others want to be heard of, too. */
    private void storeWhatWaits() {
        Written next = backlog.next();
        for (int i = 0; next != null && i < MOST_AT_ONCE; i++) {
            store(next);
            backlog.remove(next);
            next = backlog.next();
        }
    }

    private void store(Written written) {
        append(written);
        written.reserveIn(ledger);
    }

    private void append(Written written) {
        if (written.size() > 0) {
            ledger.append(written.batch());
        }
    }

    private void sync() {
        long now = time.nanos();
        if (now < syncAt) {
            return;
        }
        for (Period period : Period.values()) {
            Instant begin = budgets.begin(period);
            budgets.others(period, begin, ledger.spentByOthers(writer, begin), !known);
        }
        syncAt = now + SYNC.toNanos();
    }

    private void succeeded() {
        if (failingSince != null) {
            log.info("The ledger of what calls cost can be used again");
        }
        failingSince = null;
        problem = null;
        pause = SHORTEST_PAUSE;
    }

    private void failed(Throwable e) {
        if (failingSince == null) {
            log.warn(
                    "The ledger of what calls cost cannot be used. Calls go on, and what they cost waits in memory and"
                            + " in a local file until it can",
                    e);
            failingSince = time.now();
        }
        problem = String.valueOf(e.getMessage());
        nextTry = time.nanos() + pause.toNanos();
        pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
    }

    /** Whether it has been found out what had been spent before. Reads one field; for calls that may not begin before. */
    public boolean knowsWhatWasSpent() {
        return known;
    }

    /** How it goes. */
    public LedgerStatus status() {
        return new LedgerStatus(
                failingSince,
                problem,
                recorder.size() + backlog.size(),
                files.size(),
                backlog.unspillable(),
                recorder.unrecorded());
    }

    /** Writes what there is, and waits a moment for it; what the store does not take then stays in a file. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            threads.awaitTermination(LONGEST_CLOSE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        boolean idle = threads.isTerminated();
        threads.shutdownNow();
        reserved.forget();
        collect();
        if (idle) {
            store();
        }
        backlog.spillWhatWaits();
        files.close();
        LedgerStatus last = status();
        if (last.unspillable() != null && last.waiting() > 0) {
            log.error("What {} calls have cost is lost: neither the ledger nor a file takes it", last.waiting());
        }
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "service-breaker-ledger");
        thread.setDaemon(true);
        return thread;
    }
}
