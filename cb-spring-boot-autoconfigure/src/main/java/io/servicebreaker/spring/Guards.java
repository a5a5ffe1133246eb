package io.servicebreaker.spring;

import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.call.CallListener;
import io.servicebreaker.call.ConcurrencyLimit;
import io.servicebreaker.call.Gate;
import io.servicebreaker.call.Guard;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.call.OutcomeClassifier;
import io.servicebreaker.coordination.SystemHealth;
import io.servicebreaker.provider.ErrorReader;
import io.servicebreaker.provider.ModelTimes;
import io.servicebreaker.provider.ProfileClassifier;
import io.servicebreaker.provider.RateLimits;
import io.servicebreaker.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Puts together what stands around the calls of a service. */
final class Guards {

    static final Duration SHORTEST_LEASE = Duration.ofMinutes(10);

    private final Breakers breakers;
    private final TimeSource time;
    private final List<ErrorReader> readers;
    private final ServiceSignals signals;
    private final ProviderKnowledge knowledge;
    private final ServiceCosts costs;
    private final InternalFaults faults;
    private final SystemHealth system;
    private final ServiceBackends backends;

    Guards(
            Breakers breakers,
            ServiceSignals signals,
            TimeSource time,
            List<ErrorReader> readers,
            ProviderKnowledge knowledge,
            ServiceCosts costs,
            SystemHealth system,
            ServiceBackends backends,
            InternalFaults faults) {
        this.backends = backends;
        this.system = system;
        this.costs = costs;
        this.faults = faults;
        this.knowledge = knowledge;
        this.breakers = breakers;
        this.signals = signals;
        this.time = time;
        this.readers = readers.stream().map(reader -> forgiving(reader, faults)).toList();
    }

    /** A reader that throws says nothing; the failure is then judged by what else is known of it. */
    private static ErrorReader forgiving(ErrorReader reader, InternalFaults faults) {
        return error -> {
            try {
                return reader.read(error);
            } catch (RuntimeException | Error e) {
                faults.record("reader of errors " + reader.getClass().getName(), e);
                return Optional.empty();
            }
        };
    }

    Guard guard(ConfiguredService service, CallListener listener) {
        return new Guard(
                gates(service),
                classifier(service),
                listener,
                system.levelOf(service.name()),
                service.provider().steps());
    }

    /**
     * The widest comes first: a refusal for want of a place should not hide that a model or the service is down. Money comes
     * last, so that nothing is reserved for a call that another gate refuses.
     */
    private List<Gate> gates(ConfiguredService service) {
        List<Gate> gates = new ArrayList<>();
        gates.add(system.gate(service.name()));
        Optional<Gate> chosen = backends.of(service.name()).map(Gate.class::cast);
        chosen.ifPresentOrElse(gates::add, () -> {
            gates.add(breakers.breaker(service.name()));
            gates.add(breakers.scopes(service.name()));
        });
        Optional<Gate> places = service.maxConcurrentCalls() > 0
                ? Optional.of(new ConcurrencyLimit(service.maxConcurrentCalls(), lease(service)))
                : Optional.empty();
        Optional<RateLimits> known = knowledge.gate(service.name());
        known.<Gate>map(limits -> places.map(limits::then).orElse(limits))
                .or(() -> places)
                .ifPresent(gates::add);
        costs.gate(service.name(), faults)
                .map(money -> known.map(limits -> limits.givingBack(money)).orElse(money))
                .ifPresent(gates::add);
        return gates;
    }

    /** Far longer than a call may take, streams included: a lease is for calls that nobody ever ends. */
    static Duration lease(ConfiguredService service) {
        Duration tenCalls = service.settings().timeoutThreshold().multipliedBy(10);
        return tenCalls.compareTo(SHORTEST_LEASE) > 0 ? tenCalls : SHORTEST_LEASE;
    }

    private OutcomeClassifier classifier(ConfiguredService service) {
        ProfileClassifier classifier = new ProfileClassifier(
                service.provider(),
                service.settings(),
                service.cooldowns(),
                service.exceptions(),
                readers,
                time,
                signals.of(service.name()));
        knowledge.add(service.name(), classifier);
        return service.models().isEmpty() ? classifier : new ModelTimes(classifier, service.models());
    }
}
