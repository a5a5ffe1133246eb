package io.servicebreaker.spring.actuate;

import io.micrometer.core.instrument.MeterRegistry;
import io.servicebreaker.call.CallListener;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Rejection;
import java.util.Arrays;

/**
 * Counts the calls of one service. It exists before the registries, which may need beans that make calls themselves;
 * until one is bound, nothing is counted.
 */
final class MeteredCalls implements CallListener {

    private final String service;
    private volatile CallMeters[] bound = {};

    MeteredCalls(String service) {
        this.service = service;
    }

    synchronized void bindTo(MeterRegistry registry) {
        CallMeters[] more = Arrays.copyOf(bound, bound.length + 1);
        more[bound.length] = new CallMeters(registry, service);
        bound = more;
    }

    @Override
    public void finished(CallRequest request, Outcome outcome, long durationNanos) {
        for (CallMeters meters : bound) {
            meters.finished(outcome, durationNanos);
        }
    }

    @Override
    public void rejected(CallRequest request, Rejection rejection) {
        for (CallMeters meters : bound) {
            meters.rejected(rejection.reason());
        }
    }
}
