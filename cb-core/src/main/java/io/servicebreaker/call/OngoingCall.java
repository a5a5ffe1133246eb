package io.servicebreaker.call;

import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A call that was let through and has not ended yet. The first verdict ends it and later ones are ignored; its methods
 * never throw. Safe for use by many threads.
 */
public final class OngoingCall implements AutoCloseable, Asked {

    private static final AtomicReferenceFieldUpdater<OngoingCall, Heard> HEARD =
            AtomicReferenceFieldUpdater.newUpdater(OngoingCall.class, Heard.class, "heard");

    private static final Heard NOTHING = new Heard(CallReport.EMPTY, false);
    private static final Heard ENDED = new Heard(CallReport.EMPTY, false);

    /** Start of a call at which the clock failed: later than any end, so that it took no time that we know of. */
    static final long UNKNOWN_START = Long.MAX_VALUE;

    /** Who cannot judge must not blame the service. */
    private static final Outcome UNJUDGED = Outcome.ignored(FailureCause.LOCAL_ERROR);

    private final CallOrchestrator orchestrator;
    private final Guard guard;
    private final CallRequest request;
    private final Permit permits;

    /**
     * When the call started; once its answer has begun, the complement of the time that this took, which is negative.
     * One field, because every call pays for this object. Not volatile: the signals of a stream come one by one.
     */
    private long timing;

    /** What the attempts within the call have told; {@link #ENDED} afterwards. One field, as above. */
    private volatile Heard heard = NOTHING;

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

    /**
     * The provider has answered an attempt within the call, maybe not the last. An attempt that failed counts at once:
     * clients retry, and a service is not to be called for the minutes that this can take. The end of the call is then
     * not counted again.
     *
     * @param answer an HTTP status of 400 and above is a failure
     */
    public void attempted(CallReport answer) {
        if (answer.status().orElse(0) < 400) {
            remember(before -> before.then(answer, false));
        } else {
            failedAttempt(answer, judged(classifier -> classifier.attempted(request, null, answer)));
        }
    }

    /** An attempt within the call, maybe not the last, has got no answer; as {@link #attempted(CallReport)} otherwise. */
    public void attempted(Throwable error) {
        failedAttempt(CallReport.EMPTY, judged(classifier -> classifier.attempted(request, error, null)));
    }

    /** Something has become known that is no verdict, such as the tokens used, which a stream tells at its end. */
    public void told(CallReport report) {
        remember(before -> before.then(report, before.counted));
    }

    /** What has become known of the call so far. */
    public CallReport told() {
        return heard.report;
    }

    /** The call gave an answer. */
    public void succeeded() {
        answered(null, Outcome.SUCCESS);
    }

    /** The call gave an answer, and this is what it told us. */
    public void succeeded(CallReport report) {
        answered(report, Outcome.SUCCESS);
    }

    /** The call looked something up, and it is there. */
    public void hit() {
        answered(null, Outcome.HIT);
    }

    /** The call looked something up, and it is not there: no failure. */
    public void missed() {
        answered(null, Outcome.MISS);
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
        Heard last = claim();
        if (last != ENDED) {
            Outcome outcome = timing < 0 ? Outcome.CANCELLED_WHILE_ANSWERING : Outcome.CANCELLED;
            end(last.addedTo(outcome), false, orchestrator.now());
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

    /** What was asked for. */
    public CallRequest request() {
        return request;
    }

    Guard guard() {
        return guard;
    }

    Permit permits() {
        return permits;
    }

    /** As the classifier says; if that is a success, and something was looked up, with what became of it. */
    private void answered(@Nullable CallReport report, Outcome success) {
        Heard last = claim();
        if (last == ENDED) {
            return;
        }
        long now = orchestrator.now();
        Outcome outcome;
        try { // not as below: a lambda would be an allocation for each call
            outcome = Objects.requireNonNull(guard.classifier().answered(request, report, durationUntil(now)))
                    .of(request)
                    .ofLookup(success);
        } catch (Throwable e) {
            orchestrator.faults().record("classifier", e);
            outcome = success;
        }
        end(last.addedTo(outcome), last.counted, now);
    }

    private void threw(Throwable error, @Nullable CallReport report) {
        Heard last = claim();
        if (last == ENDED) {
            return;
        }
        long now = orchestrator.now();
        Outcome outcome = judged(classifier -> classifier.failed(request, error, last.knownOf(report)));
        end(outcome == null ? UNJUDGED : remarked(outcome), last.counted, now);
    }

    /** Also who is interrupted in the middle of an answer pays for what came. */
    private Outcome remarked(Outcome outcome) {
        boolean billed = timing < 0 && outcome.cause() == FailureCause.CANCELLED;
        return billed ? outcome.remarked(Outcome.Remark.ANSWER_BEGUN) : outcome;
    }

    /** Null if the classifier is broken. */
    private @Nullable Outcome judged(Function<OutcomeClassifier, Outcome> judgement) {
        try {
            return Objects.requireNonNull(judgement.apply(guard.classifier())).of(request);
        } catch (Throwable e) {
            orchestrator.faults().record("classifier", e);
            return null;
        }
    }

    private void failedAttempt(CallReport answer, @Nullable Outcome outcome) {
        boolean counts = outcome != null && outcome.kind() == Outcome.Kind.FAILURE;
        long now = orchestrator.now();
        if (!remember(before -> before.then(answer, counts))
                || outcome == null
                || now == CallOrchestrator.UNKNOWN_TIME) {
            return;
        }
        if (counts || outcome.cooldown() != null) {
            orchestrator.attempted(permits, outcome, now);
        }
    }

    /** Whether the call has not ended. */
    private boolean remember(UnaryOperator<Heard> more) {
        Heard before;
        do {
            before = heard;
        } while (before != ENDED && !HEARD.compareAndSet(this, before, more.apply(before)));
        return before != ENDED;
    }

    private Heard claim() {
        return HEARD.getAndSet(this, ENDED);
    }

    /** A result that nobody can date belongs into no window. */
    private void end(Outcome outcome, boolean counted, long now) {
        if (now == CallOrchestrator.UNKNOWN_TIME) {
            orchestrator.end(this, UNJUDGED, false, 0, 0);
        } else {
            boolean again = counted && outcome.kind() == Outcome.Kind.FAILURE && outcome.alarm() == null;
            orchestrator.end(this, outcome, again, durationUntil(now), now);
        }
    }

    private long durationUntil(long now) {
        return timing < 0 ? ~timing : Math.max(0, now - timing);
    }

    /** What the attempts within a call have told. Compared by identity. */
    private static final class Heard {

        private final CallReport report;
        /** Whether the last attempt failed and the gates know. */
        private final boolean counted;

        Heard(CallReport report, boolean counted) {
            this.report = report;
            this.counted = counted;
        }

        Heard then(CallReport next, boolean nextCounted) {
            return new Heard(next.after(report), nextCounted);
        }

        /** An attempt that failed before is no part of an answer, but what it used is. */
        Outcome addedTo(Outcome outcome) {
            if (report == CallReport.EMPTY) {
                return outcome;
            }
            CallReport rest = report.withoutVerdict();
            return outcome.with(
                    outcome.cooldown(),
                    outcome.report() == null ? rest : outcome.report().or(rest));
        }

        /** What is known of a failure besides the error, if anything. */
        @Nullable
        CallReport knownOf(@Nullable CallReport told) {
            if (report == CallReport.EMPTY) {
                return told;
            }
            CallReport failure = report.status().orElse(0) < 400 ? report.withoutVerdict() : report;
            return told == null ? failure : told.or(failure);
        }
    }
}
