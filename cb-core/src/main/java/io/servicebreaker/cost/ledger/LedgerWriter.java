package io.servicebreaker.cost.ledger;

import io.servicebreaker.cost.Budgets;
import io.servicebreaker.cost.Money;
import io.servicebreaker.cost.Period;
import io.servicebreaker.cost.SpendRecord;
import io.servicebreaker.cost.SpendRecorder;
import io.servicebreaker.time.TimeSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
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

    /** How often it is asked what others have spent. */
    private static final Duration SYNC = Duration.ofSeconds(1);

    private static final int MOST_AT_ONCE = 100;

    /** For which the start waits until it is known what has been spent. */
    private static final Duration LONGEST_START = Duration.ofSeconds(10);

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
    private final Attempts attempts;
    private final CountDownLatch firstAttempt = new CountDownLatch(1);
    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(2, LedgerWriter::thread);

    /** Taken from the calls and not among what waits yet; of the thread that takes them. */
    private final List<SpendRecord> taken = new ArrayList<>();

    /** Of the thread that uses the store. */
    private boolean opened;

    private long syncAt;
    private final Set<String> refusalsTold = new HashSet<>();

    private volatile boolean known;
    private volatile @Nullable UnusableLedgerException unusable;

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
        this.attempts = new Attempts(time);
        this.reserved = new ReservedPeak(budgets);
    }

    /**
     * Begins to write, and waits a moment for what has been spent before.
     *
     * @throws UnusableLedgerException if the ledger says within that moment that it will never be usable
     */
    public void start() {
        start(LONGEST_START);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // neither throws anything, and they end with the threads
    void start(Duration longest) {
        long nanos = INTERVAL.toNanos();
        threads.scheduleWithFixedDelay(this::collect, nanos, nanos, TimeUnit.NANOSECONDS);
        threads.scheduleWithFixedDelay(this::store, 0, nanos, TimeUnit.NANOSECONDS);
        try {
            if (!firstAttempt.await(longest.toMillis(), TimeUnit.MILLISECONDS)) {
                log.warn(
                        "The ledger of what calls cost has not told within {} s what was spent before. The start goes on,"
                                + " and the budgets count it once it is known",
                        longest.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        UnusableLedgerException never = unusable;
        if (never != null) {
            threads.shutdownNow();
            throw never;
        }
    }

    /** Takes the records from the calls. */
    void collect() {
        try {
            backlog.spillWhatWaits();
            Map<String, Money> before = reserved.look();
            do {
                if (backlog.hasRoom()) {
                    recorder.drain(taken::add, Backlog.BATCH);
                }
                backlog.add(taken, time.now(), before);
                taken.clear(); // and not before: what was taken when something failed is added the next time
            } while (backlog.hasRoom() && recorder.size() > 0);
        } catch (RuntimeException | Error e) {
            log.error("What calls cost could not be taken from them, and is tried again", e);
        }
    }

    /** Hands the records to the store, if it can be used. */
    void store() {
        if (!attempts.isDue()) {
            return;
        }
        try {
            open();
            sync();
            storeWhatWaits();
            files.replay(this::replay);
            takeOver();
            if (attempts.succeeded()) {
                log.info("The ledger of what calls cost can be used again");
            }
        } catch (UnusableLedgerException e) {
            unusable = e;
            failed(e);
        } catch (RuntimeException | Error e) {
            failed(e);
        } finally {
            attempts.end();
            firstAttempt.countDown();
        }
    }

    private void open() {
        if (!opened) {
            attempts.asks();
            ledger.open();
            opened = true;
        }
    }

    /** What others have left behind when they died, once. Only then is it known what has been spent. */
    private void takeOver() {
        if (!known) {
            orphans.takeOver(this::replay, this::reserve);
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
        reserve(written);
    }

    /** What the store will never take must not keep all that follows from it: the money counts more than the names. */
    private void append(Written written) {
        SpendBatch batch = written.batch();
        RefusedException refusal = written.size() == 0 ? null : refusal(() -> ledger.append(batch));
        if (refusal == null) {
            return;
        }
        if (refusal(() -> ledger.append(batch.inPlainCharacters())) != null) {
            setAside(written, refusal);
        } else {
            tellRefusal("The ledger does not take some names as they are, and has them with question marks", refusal);
        }
    }

    private void setAside(Written written, RefusedException refusal) {
        try {
            Path kept = files.setAside(written);
            if (refusalsTold.add(kept.toString())) {
                log.error(
                        "What {} calls have cost is not in the ledger, which will never take it. It is kept as {}",
                        written.size(),
                        kept,
                        refusal);
            }
        } catch (IOException e) {
            refusal.addSuppressed(e);
            throw refusal;
        }
    }

    private void reserve(Written written) {
        RefusedException refusal = refusal(() -> written.reserveIn(ledger));
        if (refusal != null) {
            tellRefusal("The ledger will never take what is reserved, which does not count after a crash", refusal);
        }
    }

    /** Null if it was taken. */
    private @Nullable RefusedException refusal(Runnable question) {
        attempts.asks();
        try {
            question.run();
            return null;
        } catch (RefusedException e) {
            return e;
        }
    }

    private void tellRefusal(String sentence, RefusedException e) {
        if (refusalsTold.add(sentence)) {
            log.warn(sentence, e);
        }
    }

    private void sync() {
        long now = time.nanos();
        if (now < syncAt) {
            return;
        }
        for (Period period : Period.values()) {
            attempts.asks();
            Instant begin = budgets.begin(period);
            budgets.others(period, begin, ledger.spentByOthers(writer, begin), !known);
        }
        syncAt = now + SYNC.toNanos();
    }

    private void failed(Throwable e) {
        boolean before = attempts.failingSince() != null;
        if (!attempts.failed(e)) {
            return;
        }
        if (!before) {
            log.warn(
                    "The ledger of what calls cost cannot be used. Calls go on, and what they cost waits in memory and"
                            + " in local files until it can",
                    e);
        } else {
            LedgerStatus now = status();
            log.warn(
                    "The ledger of what calls cost cannot be used since {}: {}. {} records wait in memory, and {} in local"
                            + " files of {} KiB",
                    now.failingSince(),
                    now.problem(),
                    now.waiting(),
                    now.spilled(),
                    files.bytes() / 1024);
        }
    }

    /** Whether it has been found out what had been spent before. Reads one field; for calls that may not begin before. */
    public boolean knowsWhatWasSpent() {
        return known;
    }

    /** How it goes. */
    public LedgerStatus status() {
        return new LedgerStatus(
                attempts.failingSince(),
                attempts.problem(),
                recorder.size() + backlog.size(),
                files.size(),
                backlog.unspillable(),
                recorder.unrecorded());
    }

    /** Writes what there is, and waits a moment for it; what the store does not take then stays in a file. */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted(); // which would close the files under the hand that writes
        threads.shutdown();
        try {
            threads.awaitTermination(LONGEST_CLOSE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        boolean idle = threads.isTerminated();
        threads.shutdownNow();
        try {
            writeLast(idle);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** To files first: a store that hangs now would keep it for ever. */
    private void writeLast(boolean idle) {
        reserved.forget();
        collect();
        backlog.spillWhatWaits();
        if (idle) {
            store();
        }
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
