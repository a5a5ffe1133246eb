package io.servicebreaker.call;

import io.servicebreaker.time.TimeSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the promise that a fault of ours never becomes a fault of the caller: counts what went wrong inside, and logs
 * the first of each minute. Safe for use by many threads.
 */
public final class InternalFaults {

    private static final Logger log = LoggerFactory.getLogger(InternalFaults.class);
    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final TimeSource time;
    private final LongAdder count = new LongAdder();
    private final AtomicLong quietUntil = new AtomicLong();

    /** Creates an empty record of faults. */
    public InternalFaults(TimeSource time) {
        this.time = time;
    }

    /**
     * Records a fault.
     *
     * @param part the part that threw, for the log line
     */
    public void record(String part, Throwable fault) {
        record(part, "calls proceed as if unguarded", fault);
    }

    /**
     * Records a fault that has another consequence.
     *
     * @param part the part that threw, for the log line
     * @param consequence what becomes of calls, likewise
     */
    public void record(String part, String consequence, Throwable fault) {
        count.increment();
        try {
            if (mayLog()) {
                log.error("Fault in {}: {} ({} faults so far)", part, consequence, count.sum(), fault);
            }
        } catch (Throwable e) {
            count.increment(); // a log that throws is a fault as well, and there is no other place to tell of it
        }
    }

    /** Number of faults since the start. */
    public long count() {
        return count.sum();
    }

    /** The clock may be the part that throws: then the 1st, 2nd, 4th, 8th… fault is logged. */
    private boolean mayLog() {
        try {
            long now = time.nanos();
            long until = quietUntil.get();
            return now >= until && quietUntil.compareAndSet(until, now + QUIET_NANOS);
        } catch (Throwable e) {
            return Long.bitCount(count.sum()) == 1;
        }
    }
}
