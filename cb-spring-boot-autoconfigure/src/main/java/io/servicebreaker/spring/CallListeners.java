package io.servicebreaker.spring;

import io.servicebreaker.call.Backend;
import io.servicebreaker.call.CallListener;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Rejection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Several listeners as one; the others are told also when one of them throws. */
final class CallListeners implements CallListener {

    private final CallListener[] listeners;
    private final InternalFaults faults;

    private CallListeners(List<CallListener> listeners, InternalFaults faults) {
        this.listeners = listeners.toArray(CallListener[]::new);
        this.faults = faults;
    }

    static CallListener of(List<CallListener> listeners, InternalFaults faults) {
        List<CallListener> hearing =
                listeners.stream().filter(listener -> listener != NONE).toList();
        return switch (hearing.size()) {
            case 0 -> NONE;
            case 1 -> hearing.get(0);
            default -> new CallListeners(hearing, faults);
        };
    }

    @Override
    public void finished(CallRequest request, Outcome outcome, long durationNanos) {
        finished(request, null, outcome, durationNanos);
    }

    @Override
    public void rejected(CallRequest request, Rejection rejection) {
        rejected(request, null, rejection);
    }

    @Override
    public void finished(CallRequest request, @Nullable Backend backend, Outcome outcome, long durationNanos) {
        for (CallListener listener : listeners) {
            try {
                listener.finished(request, backend, outcome, durationNanos);
            } catch (RuntimeException | Error e) {
                faults.record("listener of calls", e);
            }
        }
    }

    @Override
    public void rejected(CallRequest request, @Nullable Backend backend, Rejection rejection) {
        for (CallListener listener : listeners) {
            try {
                listener.rejected(request, backend, rejection);
            } catch (RuntimeException | Error e) {
                faults.record("listener of refusals", e);
            }
        }
    }
}
