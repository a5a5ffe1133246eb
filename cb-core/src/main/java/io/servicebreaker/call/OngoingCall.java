package io.servicebreaker.call;

import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * A call that was let through and has not ended yet. The first verdict ends it and later ones are ignored; its methods
 * never throw. Safe for use by many threads.
 */
public final class OngoingCall implements AutoCloseable, Asked {

    private static final AtomicIntegerFieldUpdater<OngoingCall> ENDED =
            AtomicIntegerFieldUpdater.newUpdater(OngoingCall.class, "ended");

    /** Start of a call at which the clock failed: later than any end, so that it took no time that we know of. */
    static final long UNKNOWN_START = Long.MAX_VALUE;

    private final CallOrchestrator orchestrator;
    private final Guard guard;
    private final CallRequest request;
    private final Permit permits;

    /**
     * When the call started; once its answer has begun, the complement of the time that this took, which is negative.
     * One field, because every call pays for this object. Not volatile: the signals of a stream come one by one.
     */
    private long timing;

    @SuppressWarnings("UnusedVariable") // read and written through its updater
    private volatile int ended;

    OngoingCall(CallOrchestrator orchestrator, Guard guard, CallRequest request, Permit permits, long startedNanos) {
        this.orchestrator = orchestrator;
        this.guard = guard;
        this.request = request;
        this.permits = permits;
        this.timing = startedNanos;
    }

    /**
     * A piece of a streamed answer has arrived; to be reported for each. The time until the first, not until the end of
     * the stream, is judged as slow or timed out, and a call that goes on answering is not taken for one that hangs.
     */
    public void answering() {
        if (timing >= 0) {
            timing = ~durationUntil(orchestrator.now());
        }
        orchestrator.progressed(permits);
    }

    /** The call gave an answer. */
    public void succeeded() {
        answered(null);
    }

    /** The call gave an answer, and this is what it told us. */
    public void succeeded(CallReport report) {
        answered(report);
    }

    /** The call threw. A cancellation or interruption is recognised by its type. */
    public void failed(Throwable error) {
        threw(error, null);
    }

    /** The call threw, and this is what it told us. */
    public void failed(Throwable error, CallReport report) {
        threw(error, report);
    }

    /** The caller gave up: says nothing about the service. */
    public void cancelled() {
        if (claim()) {
            end(Outcome.ignored(FailureCause.CANCELLED), orchestrator.now());
        }
    }

    /** Without a verdict before: gives everything back, and says nothing about the service. */
    @Override
    public void close() {
        cancelled();
    }

    /** The verdict of a completed stage. */
    void ended(@Nullable Object result, @Nullable Throwable error) {
        if (error == null) {
            succeeded();
        } else if (error instanceof CancellationException) {
            cancelled();
        } else {
            failed(error);
        }
    }

    CallRequest request() {
        return request;
    }

    Guard guard() {
        return guard;
    }

    Permit permits() {
        return permits;
    }

    private void answered(@Nullable CallReport report) {
        if (!claim()) {
            return;
        }
        long now = orchestrator.now();
        Outcome outcome;
        try {
            outcome = Objects.requireNonNull(guard.classifier().answered(request, report, durationUntil(now)))
                    .of(request);
        } catch (Throwable e) {
            orchestrator.faults().record("classifier", e);
            outcome = Outcome.SUCCESS;
        }
        end(outcome, now);
    }

    private void threw(Throwable error, @Nullable CallReport report) {
        if (!claim()) {
            return;
        }
        long now = orchestrator.now();
        Outcome outcome;
        try {
            outcome = Objects.requireNonNull(guard.classifier().failed(request, error, report))
                    .of(request);
        } catch (Throwable e) {
            orchestrator.faults().record("classifier", e);
            outcome = Outcome.ignored(FailureCause.LOCAL_ERROR); // who cannot judge must not blame the service
        }
        end(outcome, now);
    }

    private boolean claim() {
        return ENDED.compareAndSet(this, 0, 1);
    }

    /** A result that nobody can date belongs into no window. */
    private void end(Outcome outcome, long now) {
        if (now == CallOrchestrator.UNKNOWN_TIME) {
            orchestrator.end(this, Outcome.ignored(FailureCause.LOCAL_ERROR), 0, 0);
        } else {
            orchestrator.end(this, outcome, durationUntil(now), now);
        }
    }

    private long durationUntil(long now) {
        return timing < 0 ? ~timing : Math.max(0, now - timing);
    }
}
