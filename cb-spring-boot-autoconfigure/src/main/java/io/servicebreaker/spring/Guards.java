package io.servicebreaker.spring;

import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.call.CallListener;
import io.servicebreaker.call.ConcurrencyLimit;
import io.servicebreaker.call.Gate;
import io.servicebreaker.call.Guard;
import io.servicebreaker.call.OutcomeClassifier;
import io.servicebreaker.provider.ErrorReader;
import io.servicebreaker.provider.StandardClassifier;
import io.servicebreaker.time.TimeSource;
import java.util.ArrayList;
import java.util.List;

/** Puts together what stands around the calls of a service. */
final class Guards {

    private final Breakers breakers;
    private final TimeSource time;
    private final List<ErrorReader> readers;

    Guards(Breakers breakers, TimeSource time, List<ErrorReader> readers) {
        this.breakers = breakers;
        this.time = time;
        this.readers = readers;
    }

    Guard guard(ConfiguredService service, CallListener listener) {
        return new Guard(gates(service), classifier(service), listener);
    }

    /** The breaker comes first: a refusal for want of a place should not hide that the service is down. */
    private List<Gate> gates(ConfiguredService service) {
        List<Gate> gates = new ArrayList<>();
        gates.add(breakers.breaker(service.name()));
        if (service.maxConcurrentCalls() > 0) {
            gates.add(new ConcurrencyLimit(service.maxConcurrentCalls()));
        }
        return gates;
    }

    private OutcomeClassifier classifier(ConfiguredService service) {
        return new StandardClassifier(
                service.settings().timeoutThreshold(), CallerMistakes.addedTo(service.exceptions()), readers, time);
    }
}
