package io.servicebreaker.spring;

import io.servicebreaker.breaker.Breaker;
import io.servicebreaker.breaker.BreakerState;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.breaker.OperatorCommanded;
import io.servicebreaker.breaker.OperatorCommanded.Command;
import io.servicebreaker.call.Backend;
import io.servicebreaker.call.CallListener;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Rejection;
import io.servicebreaker.provider.HealthSignals;
import io.servicebreaker.provider.LimitSnapshot;
import io.servicebreaker.provider.ProfileClassifier;
import io.servicebreaker.provider.RateLimits;
import io.servicebreaker.provider.TokenUsage;
import io.servicebreaker.provider.TokenUsages;
import io.servicebreaker.time.TimeSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleConsumer;
import org.jspecify.annotations.Nullable;

/** What the answers of each service have told besides how it is. Safe for use by many threads. */
public final class ProviderKnowledge {

    /** The signal that is told how much of the request limit is used, if the service has one of this name. */
    private static final String QUOTA = "quota";

    private static final String ALL = "";

    /** By service and id of the backend, {@link #ALL} where a service has none. */
    private final Map<String, Map<String, RateLimits>> limits = new LinkedHashMap<>();

    private final Map<String, TokenUsages> tokens = new LinkedHashMap<>();
    private final Map<String, ProfileClassifier> classifiers = new ConcurrentHashMap<>();
    private final TimeSource time;

    ProviderKnowledge(ConfiguredServices services, Breakers breakers, ServiceSignals signals, TimeSource time) {
        this.time = time;
        for (ConfiguredService service : services.all()) {
            tokens.put(service.name(), new TokenUsages());
            if (!service.provider().limits().isEmpty()) {
                limits.put(
                        service.name(), limits(service, breakers.breaker(service.name()), signals.of(service.name())));
            }
        }
    }

    /**
     * What one backend has used up says little of the service: its calls go to another. If there is none, whoever chooses
     * knows whether an operator lets all calls through.
     */
    private Map<String, RateLimits> limits(ConfiguredService service, Breaker breaker, HealthSignals signals) {
        if (service.backends().isEmpty()) {
            DoubleConsumer quota = used -> signals.observe(QUOTA, used);
            return Map.of(ALL, limits(service, () -> isEnforced(breaker), quota));
        }
        Map<String, RateLimits> byBackend = new LinkedHashMap<>();
        service.backends().forEach(one -> byBackend.put(one.backend().id(), limits(service, () -> true, used -> {})));
        return byBackend;
    }

    private RateLimits limits(ConfiguredService service, BooleanSupplier enforced, DoubleConsumer used) {
        return new RateLimits(service.provider().limits(), service.limits(), time, enforced, used);
    }

    /** An operator wants the service as new. */
    void heed(OperatorCommanded event) {
        if (event.command() == Command.RESET) {
            all(event.service()).values().forEach(RateLimits::forget);
        }
    }

    /** An operator's command that lets all calls through holds for a refusal by limits too; observed, it is counted. */
    private static boolean isEnforced(Breaker breaker) {
        BreakerState state = breaker.state();
        if (state == BreakerState.OBSERVING) {
            breaker.countUnenforced();
        }
        return state != BreakerState.DISABLED && state != BreakerState.OBSERVING;
    }

    /** The gate of a service without backends whose provider tells of its limits. */
    Optional<RateLimits> gate(String service) {
        return gate(service, ALL);
    }

    /** The gate of one backend of a service whose provider tells of its limits. */
    Optional<RateLimits> gate(String service, String backend) {
        return Optional.ofNullable(all(service).get(backend));
    }

    private Map<String, RateLimits> all(String service) {
        return limits.getOrDefault(service, Map.of());
    }

    List<CallListener> listeners(String service) {
        TokenUsages usages = tokens.get(service);
        if (usages == null) {
            return List.of();
        }
        Map<String, RateLimits> known = all(service);
        if (known.isEmpty()) {
            return List.of(usages);
        }
        RateLimits single = known.get(ALL);
        return List.of(single == null ? new LimitsOfBackends(known, time) : single, usages);
    }

    void add(String service, ProfileClassifier classifier) {
        classifiers.put(service, classifier);
    }

    /** What is left of the rate limits of a service without backends, as far as it is known. */
    public List<LimitSnapshot> limits(String service) {
        return limits(service, ALL);
    }

    /** What is left of the rate limits of one of a service's backends, as far as it is known. */
    public List<LimitSnapshot> limits(String service, String backend) {
        return gate(service, backend).map(RateLimits::snapshot).orElse(List.of());
    }

    /** How many tokens calls of the service use, by model. */
    public Map<String, TokenUsage> tokens(String service) {
        TokenUsages usages = tokens.get(service);
        return usages == null ? Map.of() : usages.snapshot();
    }

    /** Times that the service's provider named which made no sense and were ignored. */
    public long ignoredTimes(String service) {
        ProfileClassifier classifier = classifiers.get(service);
        return (classifier == null ? 0 : classifier.ignoredTimes())
                + all(service).values().stream()
                        .mapToLong(RateLimits::ignoredTimes)
                        .sum();
    }

    /** Hands what becomes of a call to the limits of the backend that was chosen for it. */
    private record LimitsOfBackends(Map<String, RateLimits> byBackend, TimeSource time) implements CallListener {

        @Override
        public void finished(CallRequest request, @Nullable Backend backend, Outcome outcome, long durationNanos) {
            RateLimits limits = backend == null ? null : byBackend.get(backend.id());
            if (limits != null) {
                limits.finished(request, outcome, durationNanos);
            }
        }

        @Override
        public void rejected(CallRequest request, @Nullable Backend backend, Rejection rejection) {
            RateLimits limits = backend == null ? null : byBackend.get(backend.id());
            if (limits != null) {
                limits.giveBack(request, time.nanos());
            }
        }

        @Override
        public void finished(CallRequest request, Outcome outcome, long durationNanos) {}

        @Override
        public void rejected(CallRequest request, Rejection rejection) {}
    }
}
