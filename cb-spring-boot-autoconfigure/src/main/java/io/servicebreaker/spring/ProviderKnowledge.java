package io.servicebreaker.spring;

import io.servicebreaker.breaker.Breaker;
import io.servicebreaker.breaker.BreakerState;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.breaker.OperatorCommanded;
import io.servicebreaker.breaker.OperatorCommanded.Command;
import io.servicebreaker.call.CallListener;
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

/** What the answers of each service have told besides how it is. Safe for use by many threads. */
public final class ProviderKnowledge {

    /** The signal that is told how much of the request limit is used, if the service has one of this name. */
    private static final String QUOTA = "quota";

    private final Map<String, RateLimits> limits = new LinkedHashMap<>();
    private final Map<String, TokenUsages> tokens = new LinkedHashMap<>();
    private final Map<String, ProfileClassifier> classifiers = new ConcurrentHashMap<>();

    ProviderKnowledge(ConfiguredServices services, Breakers breakers, ServiceSignals signals, TimeSource time) {
        for (ConfiguredService service : services.all()) {
            tokens.put(service.name(), new TokenUsages());
            if (!service.provider().limits().isEmpty()) {
                limits.put(
                        service.name(),
                        limits(service, breakers.breaker(service.name()), signals.of(service.name()), time));
            }
        }
    }

    private static RateLimits limits(
            ConfiguredService service, Breaker breaker, HealthSignals signals, TimeSource time) {
        return new RateLimits(
                service.provider().limits(),
                service.limits(),
                time,
                () -> isEnforced(breaker),
                used -> signals.observe(QUOTA, used));
    }

    /** An operator wants the service as new. */
    void heed(OperatorCommanded event) {
        if (event.command() == Command.RESET) {
            gate(event.service()).ifPresent(RateLimits::forget);
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

    /** The gate of a service whose provider tells of its limits. */
    Optional<RateLimits> gate(String service) {
        return Optional.ofNullable(limits.get(service));
    }

    List<CallListener> listeners(String service) {
        TokenUsages usages = tokens.get(service);
        if (usages == null) {
            return List.of();
        }
        return gate(service).map(gate -> List.<CallListener>of(gate, usages)).orElse(List.of(usages));
    }

    void add(String service, ProfileClassifier classifier) {
        classifiers.put(service, classifier);
    }

    /** What is left of the service's rate limits, as far as it is known. */
    public List<LimitSnapshot> limits(String service) {
        return gate(service).map(RateLimits::snapshot).orElse(List.of());
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
                + gate(service).map(RateLimits::ignoredTimes).orElse(0L);
    }
}
