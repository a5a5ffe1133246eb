package io.servicebreaker.adaptive;

import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.event.Events;
import io.servicebreaker.time.TimeSource;
import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;

/**
 * Compares two settings on the calls of a service as they end. Calls hand over what became of them and go on; all else is done
 * by whoever {@link #look looks}, one thread at a time.
 *
 * <p>Only what is known counts: nobody can tell how a call would have ended that the service's own breaker refused. For the
 * first window, the longer of both, nothing counts, as the breakers do not know yet what the service's own knows.
 */
final class ShadowRun {

    /** Calls between two looks, of which one comes each second. More are not heard. */
    static final int WAITING = 1 << 14;

    private final TimeSource time;
    private final long countsFrom;
    private final Shadow present;
    private final Shadow other;
    private final MessagePassingQueue<Heard> waiting = new MpscAtomicArrayQueue<>(WAITING);
    private long calls;
    private double excess;

    private record Heard(Outcome outcome, long durationNanos, long at) {}

    /**
     * Begins.
     *
     * @param nobody told of what the breakers do; closed
     */
    ShadowRun(String service, BreakerSettings present, BreakerSettings other, TimeSource time, Events nobody) {
        this.time = time;
        this.countsFrom = time.nanos()
                + Math.max(present.window().toNanos(), other.window().toNanos());
        this.present = new Shadow(service, present, time, nobody);
        this.other = new Shadow(service, other, time, nobody);
    }

    /** A call that was let through has ended. */
    void finished(Outcome outcome, long durationNanos) {
        waiting.offer(new Heard(outcome, durationNanos, time.nanos()));
    }

    /** Lets both learn of what has ended since the last time. */
    void look() {
        waiting.drain(this::hear, WAITING);
    }

    private void hear(Heard heard) {
        double loss = present.hear(heard.outcome, heard.durationNanos, heard.at);
        double otherLoss = other.hear(heard.outcome, heard.durationNanos, heard.at);
        Outcome.Kind kind = heard.outcome.kind();
        if (heard.at >= countsFrom && (kind == Outcome.Kind.SUCCESS || kind == Outcome.Kind.FAILURE)) {
            calls++;
            excess += otherLoss - loss;
        }
    }

    /** Nanoseconds for which calls have counted; negative if they do not yet. */
    long age(long now) {
        return now - countsFrom;
    }

    /** Calls that counted so far. */
    long calls() {
        return calls;
    }

    /** How much more the decisions of the other settings have cost, in refused calls that would have succeeded. */
    double excess() {
        return excess;
    }
}
