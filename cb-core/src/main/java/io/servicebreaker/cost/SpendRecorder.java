package io.servicebreaker.cost;

import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Usage;
import io.servicebreaker.time.TimeSource;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.atomic.MpmcAtomicArrayQueue;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Notes down what calls cost until somebody takes the notes away. It never waits, and allocates nothing once it has been
 * in use. Calls may end on many threads; one at a time may take the notes.
 *
 * <p>When more calls have ended than there are notes, their costs are added up and become one record for each service.
 */
public final class SpendRecorder {

    /** Of the records in which costs were only added up. */
    public static final String UNRECORDED = "(unrecorded)";

    /** Where tracing leaves the id of what is being done. */
    private static final String TRACE = "traceId";

    /** Where applications without tracing usually do. */
    private static final String CORRELATION = "correlationId";

    private static final int MOST = 1 << 15;

    private final TimeSource time;
    private final MessagePassingQueue<Note> waiting = new MpscAtomicArrayQueue<>(MOST);
    private final MpmcAtomicArrayQueue<Note> unused = new MpmcAtomicArrayQueue<>(MOST);
    private final AtomicInteger made = new AtomicInteger();
    private final Map<String, AtomicLong> unrecordedCosts = new ConcurrentHashMap<>();
    private final LongAdder unrecorded = new LongAdder();

    /** Creates one without notes. */
    public SpendRecorder(TimeSource time) {
        this.time = time;
    }

    /** What the call that this thread makes is found by, or empty. */
    static String correlation() {
        String trace = MDC.get(TRACE);
        String id = trace == null ? MDC.get(CORRELATION) : trace;
        return id == null ? "" : id;
    }

    void record(
            CallRequest request,
            String correlation,
            Instant booked,
            Outcome outcome,
            long amount,
            long cost,
            long now) {
        Note note = note();
        if (note == null) {
            unrecordedCosts
                    .computeIfAbsent(request.service(), service -> new AtomicLong())
                    .addAndGet(cost);
            unrecorded.increment();
            return;
        }
        note.write(request, correlation, booked, outcome, amount, cost, now);
        waiting.offer(note); // there is room for all that are ever made
    }

    private @Nullable Note note() {
        Note note = unused.poll();
        if (note != null || made.get() >= MOST || made.incrementAndGet() > MOST) {
            return note;
        }
        return new Note();
    }

    /** Takes at most that many records away. */
    public void drain(Consumer<SpendRecord> to, int most) {
        waiting.drain(
                note -> {
                    SpendRecord record = note.read(time);
                    unused.offer(note);
                    to.accept(record);
                },
                most);
        unrecordedCosts.forEach((service, sum) -> {
            long cost = sum.getAndSet(0);
            if (cost != 0) {
                to.accept(unrecorded(service, new Money(cost)));
            }
        });
    }

    private SpendRecord unrecorded(String service, Money cost) {
        return new SpendRecord(
                time.now(),
                time.now(),
                service,
                "",
                UNRECORDED,
                "",
                "",
                Outcome.Kind.IGNORED,
                FailureCause.UNKNOWN,
                null,
                cost,
                cost);
    }

    /** How many calls have no record of their own, because too many others had not been taken away. */
    public long unrecorded() {
        return unrecorded.sum();
    }

    /** How many records wait. */
    public int size() {
        return waiting.size();
    }

    /** One call; used for another when it has been read. */
    private static final class Note {

        private @Nullable CallRequest request;
        private String correlation = "";
        private Outcome outcome = Outcome.NOT_RUN;
        private Instant booked = Instant.EPOCH;
        private long amount;
        private long cost;
        private long now;

        void write(
                CallRequest ofRequest,
                String ofCorrelation,
                Instant bookedAt,
                Outcome ended,
                long reserved,
                long paid,
                long endNanos) {
            this.request = ofRequest;
            this.correlation = ofCorrelation;
            this.booked = bookedAt;
            this.outcome = ended;
            this.amount = reserved;
            this.cost = paid;
            this.now = endNanos;
        }

        SpendRecord read(TimeSource time) {
            CallRequest asked = Objects.requireNonNull(request);
            CallReport report = outcome.report();
            Usage usage = report == null ? null : report.usage().orElse(null);
            String model = report == null ? asked.model() : report.model().orElse(asked.model());
            SpendRecord record = new SpendRecord(
                    booked,
                    time.at(now),
                    asked.service(),
                    model,
                    asked.operation(),
                    asked.category(),
                    correlation,
                    outcome.end(),
                    outcome.cause(),
                    usage,
                    new Money(amount),
                    new Money(cost));
            request = null;
            outcome = Outcome.NOT_RUN; // what it refers to may be large
            return record;
        }
    }
}
