package io.servicebreaker.spring.aop;

import io.servicebreaker.call.AnswerPath;
import io.servicebreaker.call.AnswerStep;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.OngoingCall;
import io.servicebreaker.coordination.DecisionRecord;
import io.servicebreaker.coordination.DecisionRecord.Answer;
import io.servicebreaker.coordination.DecisionRecord.Result;
import io.servicebreaker.cost.Money;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

/**
 * One step down a ladder: a call has not answered, and somebody else may. Its first end is recorded, and later ones are
 * ignored. Safe for use by many threads.
 */
final class Hop {

    private final Hops hops;
    private final CallRequest request;
    private final Mishap mishap;
    private final AnswerPath path;
    private final int number;
    private final @Nullable Fallback fallback;
    private final @Nullable Rung rung;
    private final Instant at;
    private final long askedNanos;
    private final Duration latency;
    private final @Nullable Money cost;
    private final @Nullable Double confidence;
    private final AtomicBoolean ended = new AtomicBoolean();

    /**
     * Decides who is asked.
     *
     * @param call null if it was refused, on this thread
     * @param fallback null if there is none
     * @param confidence that an answer told which is not good enough, if it did
     */
    Hop(
            Hops hops,
            CallRequest request,
            @Nullable OngoingCall call,
            Mishap mishap,
            @Nullable Fallback fallback,
            @Nullable Double confidence) {
        this.hops = hops;
        this.request = request;
        this.mishap = mishap;
        this.path = hops.below(request, call, mishap);
        this.fallback = fallback;
        this.rung = fallback == null || isTooDeep() ? null : fallback.rungFor(mishap);
        this.number = path.nextHop();
        this.at = hops.now();
        this.askedNanos = hops.nanos();
        this.latency = Duration.ofNanos(call == null ? 0 : call.durationNanos());
        this.cost = hops.cost(request, call);
        this.confidence = confidence;
    }

    boolean hasRung() {
        return rung != null;
    }

    /** What has happened to the call. */
    Throwable failure() {
        return mishap.failure();
    }

    /** Of whoever is asked. */
    AnswerPath path() {
        return path;
    }

    /**
     * Asks the chosen method.
     *
     * @throws Throwable what that method throws, with the failure as a suppressed exception
     */
    @Nullable
    Object ask(MethodInvocation invocation) throws Throwable {
        if (fallback == null || rung == null) {
            throw failure();
        }
        AnswerPath around = AnswerPath.enter(path);
        try {
            return fallback.answer(invocation, rung, failure());
        } catch (Throwable e) {
            failed(e);
            throw e;
        } finally {
            AnswerPath.leave(around);
        }
    }

    /**
     * The chosen method has answered.
     *
     * @param result nothing may mean that it was looked up and is not there
     */
    void answered(@Nullable Object result) {
        if (rung == null) {
            return;
        }
        String by = path.answeredBy().orElse(null);
        if (by == null && EmptyAnswer.isEmpty(result) && path.isMissed()) {
            end(Result.MISSED);
        } else if (ended.compareAndSet(false, true)) {
            Duration taken = Duration.ofNanos(Math.max(0, hops.nanos() - askedNanos));
            if (by == null) {
                by = rung.name();
                path.answered(by, AnswerStep.Result.ANSWERED, taken);
            }
            OptionalDouble told = path.confidence();
            hops.tell(record(Result.ANSWERED, new Answer(by, taken, told.isEmpty() ? null : told.getAsDouble())));
        }
    }

    /** The chosen method has failed, or the caller has given up. */
    void failed(Throwable error) {
        if (rung != null) {
            end(Fallback.unwrapped(error) instanceof CancellationException ? Result.CANCELLED : Result.FAILED);
        }
    }

    /** The caller has given up. */
    void cancelled() {
        if (rung != null) {
            end(Result.CANCELLED);
        }
    }

    /** Nobody is asked. */
    void nobody() {
        end(Result.NOBODY_ASKED);
    }

    /** Nothing is answered instead of a service that was not called. */
    void empty() {
        path.answered(request.service(), AnswerStep.Result.MISSED, Duration.ZERO);
    }

    private void end(Result result) {
        if (ended.compareAndSet(false, true)) {
            hops.tell(record(result, null));
        }
    }

    private boolean isTooDeep() {
        return path.depth() > hops.maxDepth();
    }

    private DecisionRecord record(Result result, @Nullable Answer answer) {
        return new DecisionRecord(
                path.id(),
                number,
                at,
                request.service(),
                request.operation(),
                mishap.cause(),
                mishap.refusal(),
                fallback == null ? List.of() : fallback.names(),
                rung == null ? null : rung.name(),
                mishap.sentence(request.service()) + "; " + choice(),
                latency,
                cost,
                confidence,
                result,
                answer);
    }

    private String choice() {
        if (rung != null) {
            return "asked is " + rung.name() + ", " + rung.purpose();
        }
        if (fallback == null) {
            return "it has no fallback";
        }
        return isTooDeep()
                ? "no more than " + hops.maxDepth() + " fallbacks are asked within each other"
                : "none of its fallbacks is for that";
    }
}
