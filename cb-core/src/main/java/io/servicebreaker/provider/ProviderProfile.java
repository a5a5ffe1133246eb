package io.servicebreaker.provider;

import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.call.DegradationSteps;
import io.servicebreaker.call.FailureCause;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What is special about a kind of service, as data: the thresholds that suit it, what its errors mean, and what follows
 * from them. Immutable.
 *
 * @param id name in the configuration
 * @param settings thresholds, where the configuration does not say otherwise
 * @param limitSettings how close to its rate limits calls may come, likewise
 * @param rules what its errors mean; the first that matches decides
 * @param effects what follows from each cause
 * @param limits the headers in which it tells of its rate limits
 * @param signals what else tells how well it does
 * @param misses what having no answer means
 * @param prices what its models cost
 * @param steps how its calls may ask for less
 */
public record ProviderProfile(
        String id,
        BreakerSettings settings,
        LimitSettings limitSettings,
        List<FailureRule> rules,
        Map<FailureCause, FailureEffect> effects,
        List<LimitHeaders> limits,
        List<HealthSignal> signals,
        Misses misses,
        PriceTable prices,
        DegradationSteps steps) {

    public ProviderProfile {
        rules = List.copyOf(rules);
        effects = Map.copyOf(effects);
        limits = List.copyOf(limits);
        signals = List.copyOf(signals);
        for (FailureCause cause : FailureCause.values()) {
            if (!effects.containsKey(cause)) {
                throw new IllegalArgumentException("profile " + id + " has no effect for " + cause);
            }
        }
    }

    /** What follows from a cause. */
    public FailureEffect effect(FailureCause cause) {
        return Objects.requireNonNull(effects.get(cause));
    }

    /** A profile like this one: its rules are asked after the given ones, its effects and limits hold where none are. */
    public ProviderProfile extended(
            String newId,
            BreakerSettings newSettings,
            LimitSettings newLimitSettings,
            List<FailureRule> stronger,
            Map<FailureCause, FailureEffect> changed,
            List<LimitHeaders> ownLimits) {
        List<FailureRule> all = new ArrayList<>(stronger);
        all.addAll(rules);
        Map<FailureCause, FailureEffect> merged = new EnumMap<>(effects);
        merged.putAll(changed);
        List<LimitHeaders> newLimits = ownLimits.isEmpty() ? limits : ownLimits;
        return new ProviderProfile(
                newId, newSettings, newLimitSettings, all, merged, newLimits, signals, misses, prices, steps);
    }

    /** This profile with more health signals, which replace those of the same name, and with another meaning of misses. */
    public ProviderProfile with(List<HealthSignal> more, Misses newMisses) {
        Map<String, HealthSignal> all = new LinkedHashMap<>();
        signals.forEach(signal -> all.put(signal.name(), signal));
        more.forEach(signal -> all.put(signal.name(), signal));
        return new ProviderProfile(
                id,
                settings,
                limitSettings,
                rules,
                effects,
                limits,
                List.copyOf(all.values()),
                newMisses,
                prices,
                steps);
    }

    /** This profile with other prices. */
    ProviderProfile with(PriceTable newPrices) {
        return new ProviderProfile(
                id, settings, limitSettings, rules, effects, limits, signals, misses, newPrices, steps);
    }

    /** This profile with more steps, which replace those of the same name. */
    public ProviderProfile with(DegradationSteps more) {
        return new ProviderProfile(
                id, settings, limitSettings, rules, effects, limits, signals, misses, prices, more.over(steps));
    }
}
