package io.servicebreaker.call;

import java.time.Duration;
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

    /** Start of a call at which the clock failed: later than any end, so that it took no time that we know of. */
    static final long UNKNOWN_START = Long.MAX_VALUE;

    /** Who cannot judge must not blame the service. */
    private static final Outcome UNJUDGED = Outcome.ignored(FailureCause.LOCAL_ERROR);

    private final CallOrchestrator orchestrator;
    private final Guard guard;
    private final CallRequest request;
    private final Permit permits;
    private final long begunNanos;

    /**
     * What has been heard before the end, null for nothing; how the call ended afterwards. One field, because every call
     * pays for this object.
     */
    private volatile @Nullable Heard heard;

    OngoingCall(CallOrchestrator orchestrator, Guard guard, CallRequest request, Permit permits, long startedNanos) {
        this.orchestrator = orchestrator;
        this.guard = guard;
        this.request = request;
        this.permits = permits;
        this.begunNanos = startedNanos;
    }

    /**
     * A piece of a streamed answer has arrived; to be reported for each. The time until the first, not until the end of
     * the stream, is judged as slow or timed out, and a call that goes on answering is not taken for one that hangs.
     */
    public void answering() {
        Heard before = heard;
        if (before == null || !before.isAnswering()) {
            answerBegins();
        }
        orchestrator.progressed(permits);
    }

    /** Told once: whoever wins the race tells it. */
    private void answerBegins() {
        long now = orchestrator.now();
        Heard seen;
        Heard after;
        do {
            seen = heard;
            Heard before = seen == null ? Heard.NOTHING : seen;
            if (before.isOver || before.isAnswering()) {
                return;
            }
            after = new Heard(before.report, before.failure, taken(now));
        } while (!HEARD.compareAndSet(this, seen, after));
        if (now != CallOrchestrator.UNKNOWN_TIME && begunNanos != UNKNOWN_START) {
            orchestrator.answering(permits, begunNanos, now);
        }
    }

    /**
     * The provider has answered an attempt within the call, maybe not the last. An attempt that failed counts at once:
     * clients retry, and a service is not to be called for the minutes that this can take. The end of the call is then
     * not counted again.
     *
     * @param answer an HTTP status of 400 and above is a failure
     * @return false if the call has ended, so that nobody has heard of it
     */
    public boolean attempted(CallReport answer) {
        Heard before = heard;
        if (isOver(before)) {
            return false;
        }
        if (answer.status().orElse(0) >= 400) {
            Outcome outcome = judged(classifier -> classifier.attempted(request, null, answer));
            return failedAttempt(told -> dated(answer, told).after(told.report), outcome);
        }
        boolean saysNothing = before == null && answer.isMereVerdict();
        return saysNothing || remember(told -> told.with(dated(answer, told).after(told.report), null));
    }

    /**
     * An attempt within the call, maybe not the last, has got no answer; as {@link #attempted(CallReport)} otherwise.
     *
     * @return false if the call has ended, so that nobody has heard of it
     */
    public boolean attempted(Throwable error) {
        if (isOver()) {
            return false;
        }
        Outcome outcome = judged(classifier -> classifier.attempted(request, error, null));
        return failedAttempt(told -> told.report.withoutAnswer(), outcome);
    }

    /** Something has become known that is no verdict, such as the tokens used, which a stream tells at its end. */
    public void told(CallReport report) {
        remember(before -> before.with(dated(report, before).after(before.report), before.failure));
    }

    /** Whether the call has ended. */
    public boolean isOver() {
        return isOver(heard);
    }

    /** Whether the call has ended as a failure of the service. */
    public boolean hasFailed() {
        Outcome outcome = failure();
        return outcome != null && outcome.kind() == Outcome.Kind.FAILURE;
    }

    /** How the call has ended, if that was without an answer; null otherwise. */
    public @Nullable Outcome failure() {
        Heard known = heard;
        return known != null && known.isOver ? known.failure : null;
    }

    /** How long a call took that has ended without an answer, in nanoseconds; otherwise 0. */
    public long durationNanos() {
        Heard known = heard;
        return known != null && known.isOver ? Math.max(0, known.firstNanos) : 0;
    }

    /** Whether the call is made in a fallback, because another did not answer. */
    public boolean isFallback() {
        return request.isFallback();
    }

    /** The call to make when it is tried again: at the same backend, in the time that is left of its deadline. */
    public CallRequest again() {
        CallRequest same = request.at(backend());
        Duration deadline = request.deadlineOrNull();
        long now = deadline == null || begunNanos == UNKNOWN_START ? CallOrchestrator.UNKNOWN_TIME : orchestrator.now();
        return deadline == null || now == CallOrchestrator.UNKNOWN_TIME
                ? same
                : same.deadline(deadline.minusNanos(taken(now)));
    }

    /** The path that it is on, or null if nobody follows one. */
    public @Nullable AnswerPath path() {
        return request.path();
    }

    private static boolean isOver(@Nullable Heard known) {
        return known != null && known.isOver;
    }

    /** The backend that was chosen for it, or null if its service has none. */
    public @Nullable Backend backend() {
        return permits.backend();
    }

    /** How much work it should ask for, as things are now. */
    public DegradationLevel degradation() {
        return orchestrator.degradation(guard, request);
    }

    /** How it may ask for less: as decided when it began, else as its service suggests for its level now. */
    public DegradationHints hints() {
        DegradationHints decided = request.hints();
        return decided == null ? guard.steps().at(degradation()) : decided;
    }

    /** What has become known of the call so far. */
    public CallReport told() {
        Heard now = heard;
        return now == null ? CallReport.EMPTY : now.report;
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
        if (!isOver(last)) {
            Outcome outcome = last.isAnswering() ? Outcome.CANCELLED_WHILE_ANSWERING : Outcome.CANCELLED;
            end(last, last.addedTo(outcome), orchestrator.now());
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
        if (isOver(last)) {
            return;
        }
        long now = orchestrator.now();
        Outcome outcome;
        try { // not as below: a lambda would be an allocation for each call
            outcome = Objects.requireNonNull(classifier().answered(request, report, duration(last, now)))
                    .of(request)
                    .ofLookup(success);
        } catch (Throwable e) {
            orchestrator.faults().record("classifier", e);
            outcome = success;
        }
        end(last, last.addedTo(outcome), now);
    }

    private void threw(Throwable error, @Nullable CallReport report) {
        Heard last = claim();
        if (isOver(last)) {
            return;
        }
        long now = orchestrator.now();
        CallReport known = last.knownOf(report);
        Outcome failure = last.failure;
        Outcome outcome = judged(classifier -> failure == null
                ? classifier.failed(request, error, known)
                : classifier.failedAfter(request, error, known, failure));
        end(last, outcome == null ? UNJUDGED : remarked(outcome, last), now);
    }

    /** Also who is interrupted in the middle of an answer pays for what came. */
    private static Outcome remarked(Outcome outcome, Heard last) {
        boolean billed = last.isAnswering() && outcome.cause() == FailureCause.CANCELLED;
        return billed ? outcome.remarked(Outcome.Remark.ANSWER_BEGUN) : outcome;
    }

    private OutcomeClassifier classifier() {
        OutcomeClassifier classifier = guard.classifier();
        return permits.isLate() ? classifier.forLateCalls() : classifier;
    }

    /** Null if the classifier is broken. */
    private @Nullable Outcome judged(Function<OutcomeClassifier, Outcome> judgement) {
        try {
            return Objects.requireNonNull(judgement.apply(classifier())).of(request);
        } catch (Throwable e) {
            orchestrator.faults().record("classifier", e);
            return null;
        }
    }

    private boolean failedAttempt(Function<Heard, CallReport> told, @Nullable Outcome outcome) {
        long now = orchestrator.now();
        boolean matters = outcome != null
                && now != CallOrchestrator.UNKNOWN_TIME
                && (outcome.kind() == Outcome.Kind.FAILURE || outcome.cooldown() != null);
        Outcome failure = matters ? outcome : null;
        boolean heardOf = remember(before -> before.with(told.apply(before), failure));
        if (heardOf && failure != null) {
            orchestrator.attempted(permits, failure, now);
        }
        return heardOf;
    }

    /** What headers say holds from now on, not from the end of a stream that may take minutes. */
    private CallReport dated(CallReport report, Heard before) {
        long now = report.hasHeaders() && !before.isAnswering() && begunNanos != UNKNOWN_START
                ? orchestrator.now()
                : CallOrchestrator.UNKNOWN_TIME;
        return now == CallOrchestrator.UNKNOWN_TIME ? report : report.arrived(begunNanos, now);
    }

    /** Whether the call has not ended. */
    private boolean remember(UnaryOperator<Heard> more) {
        while (true) {
            Heard before = heard;
            if (isOver(before)) {
                return false;
            }
            Heard after;
            try {
                after = more.apply(before == null ? Heard.NOTHING : before);
            } catch (RuntimeException | Error e) {
                orchestrator.faults().record("report of an attempt", e);
                return true;
            }
            if (HEARD.compareAndSet(this, before, after)) {
                return true;
            }
        }
    }

    private Heard claim() {
        while (true) {
            Heard last = heard;
            if (isOver(last) || HEARD.compareAndSet(this, last, Heard.ENDED)) {
                return last == null ? Heard.NOTHING : last;
            }
        }
    }

    /**
     * A result that nobody can date belongs into no window.
     *
     * @param last what had been heard before
     */
    private void end(Heard last, Outcome outcome, long now) {
        if (outcome.kind() != Outcome.Kind.SUCCESS) {
            long taken = now == CallOrchestrator.UNKNOWN_TIME ? 0 : duration(last, now);
            heard = new Heard(CallReport.EMPTY, outcome, taken, true);
        }
        if (now == CallOrchestrator.UNKNOWN_TIME) {
            orchestrator.end(this, UNJUDGED, false, false, 0, 0);
        } else {
            boolean counted = last.failure != null && outcome.saysNoMoreThan(last.failure);
            orchestrator.end(this, outcome, counted, last.isAnswering(), duration(last, now), now);
        }
    }

    long begunNanos() {
        return begunNanos;
    }

    /** Of a stream, until its answer began. */
    private long duration(Heard last, long now) {
        return last.isAnswering() ? last.firstNanos : taken(now);
    }

    private long taken(long now) {
        return Math.max(0, now - begunNanos);
    }
}
