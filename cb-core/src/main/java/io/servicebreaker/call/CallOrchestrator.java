package io.servicebreaker.call;

import io.servicebreaker.event.Events;
import io.servicebreaker.time.TimeSource;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes a call past the gates of its service, and its outcome back. Safe for use by many threads.
 *
 * <p>Nothing is held while the call runs. If a part of ours throws, the call proceeds as if that part were not there
 * and the fault goes to {@link InternalFaults}. Faults are caught as {@link Throwable}, since parts written in other
 * languages throw checked exceptions that nobody declares.
 */
public final class CallOrchestrator {

    static final long UNKNOWN_TIME = -1;

    private static final Rejection TOO_LATE =
            new Rejection(RejectionReason.DEADLINE, RejectionScope.SERVICE, Rejection.UNKNOWN_TIME, "no time left");

    private final Map<String, Guard> guards;
    private final TimeSource time;
    private final Events events;
    private final InternalFaults faults;
    private final boolean writableStackTraces;

    /**
     * Creates an orchestrator.
     *
     * @param guards by name of the service
     * @param writableStackTraces whether refusals record where they happened
     */
    public CallOrchestrator(
            Map<String, Guard> guards,
            TimeSource time,
            Events events,
            InternalFaults faults,
            boolean writableStackTraces) {
        this.guards = Map.copyOf(guards);
        this.time = time;
        this.events = events;
        this.faults = faults;
        this.writableStackTraces = writableStackTraces;
    }

    /**
     * Makes a guarded call on this thread.
     *
     * @return what the operation returns
     * @throws Exception what the operation throws
     * @throws CallRejectedException if a gate refuses
     * @throws UnknownServiceException if the service is not configured
     */
    public <T extends @Nullable Object> T call(CallRequest request, Callable<T> operation) throws Exception {
        OngoingCall call = begin(request);
        OngoingCall around = CurrentCall.enter(call);
        T result;
        try {
            result = operation.call();
        } catch (Throwable e) {
            call.failed(e);
            throw e;
        } finally {
            CurrentCall.leave(around);
        }
        call.succeeded();
        return result;
    }

    /**
     * Makes a guarded call that ends when its stage completes. The stage of the operation is returned as it is, so that
     * cancelling it reaches the operation.
     *
     * @return the operation's stage, or a failed one with {@link CallRejectedException} or with what the operation threw
     * @throws UnknownServiceException if the service is not configured
     */
    public <T extends @Nullable Object> CompletionStage<T> callAsync(
            CallRequest request, Supplier<? extends CompletionStage<T>> operation) {
        OngoingCall call;
        try {
            call = begin(request);
        } catch (CallRejectedException e) {
            return CompletableFuture.failedFuture(e);
        }
        OngoingCall around = CurrentCall.enter(call);
        CompletionStage<T> stage;
        try {
            stage = operation.get();
            stage.whenComplete(call::ended);
        } catch (Throwable e) {
            call.failed(e);
            return CompletableFuture.failedFuture(e);
        } finally {
            CurrentCall.leave(around);
        }
        return stage;
    }

    /**
     * Asks all gates for leave to make a call that the caller reports on itself.
     *
     * @throws CallRejectedException if a gate refuses; what earlier gates granted has been given back
     * @throws UnknownServiceException if the service is not configured
     */
    public OngoingCall begin(CallRequest request) {
        Asked asked = ask(request);
        if (asked instanceof CallRejectedException refusal) {
            throw refusal;
        }
        return (OngoingCall) asked;
    }

    /**
     * Asks and does not throw what it has to say. The JIT compiler finds this method too long to be inlined; a refusal
     * thrown from inside it would be looked up frame by frame, which takes as long as all the rest.
     */
    private Asked ask(CallRequest request) {
        Guard guard = guardOf(request.service());
        long now;
        try {
            now = time.nanos();
        } catch (Throwable e) {
            faults.record("clock", e);
            return new OngoingCall(this, guard, request, Permit.FREE, OngoingCall.UNKNOWN_START);
        }
        AnswerPath path = AnswerPath.current();
        return ask(guard, path == null ? request : path.asked(request, now), now);
    }

    private Asked ask(Guard guard, CallRequest request, long now) {
        if (request.isTooLate()) {
            return refuse(guard, request, null, TOO_LATE, now);
        }
        Permit permits = Permit.FREE;
        for (Gate gate : guard.gates()) {
            Admission admission = ask(gate, request, now);
            if (admission instanceof Rejection rejection) {
                finish(permits, Outcome.NOT_RUN, now, 0, now);
                return refuse(guard, request, permits.backend(), rejection, now);
            }
            permits = permits.and((Permit) admission);
        }
        return new OngoingCall(this, guard, request, permits, now);
    }

    /**
     * Whether a call that failed may succeed a moment later, for whoever retries around guarded calls: not if it was
     * refused, given up or the caller's own mistake, or if its quota is used up.
     *
     * @throws UnknownServiceException if the service is not configured
     */
    public boolean isRetryable(String service, Throwable error) {
        Guard guard = guardOf(service);
        try {
            return guard.classifier().isRetryable(error);
        } catch (Throwable e) {
            faults.record("classifier", e);
            return false;
        }
    }

    /**
     * How much work a call should ask for that is about to be made.
     *
     * @throws UnknownServiceException if the service is not configured
     */
    public DegradationLevel degradation(CallRequest request) {
        return degradation(guardOf(request.service()), request);
    }

    DegradationLevel degradation(Guard guard, CallRequest request) {
        if (request.isEssential()) {
            return DegradationLevel.FULL;
        }
        try {
            return guard.degradation().get();
        } catch (Throwable e) {
            faults.record("degradation", e);
            return DegradationLevel.FULL;
        }
    }

    private Guard guardOf(String service) {
        Guard guard = guards.get(service);
        if (guard == null) {
            throw new UnknownServiceException(service, guards.keySet());
        }
        return guard;
    }

    private Admission ask(Gate gate, CallRequest request, long now) {
        try {
            Admission answer = gate.admit(request, now);
            Objects.requireNonNull(answer); // its result would be cast to a second interface: slow, see decision 0015
            return answer;
        } catch (Throwable e) {
            faults.record("gate " + gate.getClass().getSimpleName(), e);
            return Permit.FREE;
        }
    }

    private CallRejectedException refuse(
            Guard guard, CallRequest request, @Nullable Backend backend, Rejection rejection, long now) {
        try {
            guard.listener().rejected(request, backend, rejection);
        } catch (Throwable e) {
            faults.record("listener of refusals", e);
        }
        AnswerPath path = request.path();
        if (path != null) {
            path.refused(request, rejection);
        }
        publish(request, rejection, now);
        return new CallRejectedException(request.service(), rejection, writableStackTraces);
    }

    private void publish(CallRequest request, Rejection rejection, long now) {
        try {
            if (events.hasListeners()) {
                events.publishFrequent(new CallRejected(time.at(now), request.withoutPrompt(), rejection));
            }
        } catch (Throwable e) {
            faults.record("event of a refusal", e);
        }
    }

    void progressed(Permit permits) {
        try {
            permits.progressed();
        } catch (Throwable e) {
            faults.record("permit", e);
        }
    }

    void answering(Permit permits, long begunNanos, long now) {
        try {
            permits.answering(begunNanos, now);
        } catch (Throwable e) {
            faults.record("permit", e);
        }
    }

    void attempted(Permit permits, Outcome outcome, long now) {
        try {
            permits.attempted(outcome, now);
        } catch (Throwable e) {
            faults.record("permit", e);
        }
    }

    /**
     * Settles a call; called once for each.
     *
     * @param counted whether its last attempt has told the gates already how the call ends
     * @param streamed whether they have been told that its answer began
     */
    void end(OngoingCall call, Outcome outcome, boolean counted, boolean streamed, long durationNanos, long now) {
        Outcome told = counted ? outcome.alreadyCounted() : outcome;
        if (streamed) {
            finishStream(call.permits(), told, call.begunNanos(), durationNanos, now);
        } else {
            finish(call.permits(), told, call.begunNanos(), durationNanos, now);
        }
        try {
            call.guard().listener().finished(call.request(), call.backend(), outcome, durationNanos);
        } catch (Throwable e) {
            faults.record("listener of calls", e);
        }
        AnswerPath path = call.request().path();
        if (path != null) {
            path.ended(call.request(), outcome, durationNanos);
        }
    }

    private void finishStream(Permit permits, Outcome outcome, long begunNanos, long durationNanos, long now) {
        try {
            permits.finishStream(outcome, begunNanos, durationNanos, now);
        } catch (Throwable e) {
            faults.record("permit", e);
        }
    }

    private void finish(Permit permits, Outcome outcome, long begunNanos, long durationNanos, long now) {
        try {
            permits.finish(outcome, begunNanos, durationNanos, now);
        } catch (Throwable e) {
            faults.record("permit", e);
        }
    }

    /** The time, or {@link #UNKNOWN_TIME} if the clock is broken. */
    long now() {
        try {
            return time.nanos();
        } catch (Throwable e) {
            faults.record("clock", e);
            return UNKNOWN_TIME;
        }
    }

    InternalFaults faults() {
        return faults;
    }
}
