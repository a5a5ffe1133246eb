package io.servicebreaker.spring;

import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.breaker.InvalidSettingException;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.RejectionScope;
import io.servicebreaker.provider.FailureEffect;
import io.servicebreaker.provider.FailureRule;
import io.servicebreaker.provider.HealthSignal;
import io.servicebreaker.provider.HealthSignal.Numbers;
import io.servicebreaker.provider.HttpStatuses;
import io.servicebreaker.provider.LimitHeaders;
import io.servicebreaker.provider.LimitUnit;
import io.servicebreaker.provider.Misses;
import io.servicebreaker.provider.ProviderProfile;
import io.servicebreaker.provider.ProviderProfiles;
import io.servicebreaker.provider.StreamSettings;
import io.servicebreaker.spring.ServiceBreakerProperties.Profile;
import io.servicebreaker.spring.ServiceBreakerProperties.Profile.Effect;
import io.servicebreaker.spring.ServiceBreakerProperties.Profile.Empty;
import io.servicebreaker.spring.ServiceBreakerProperties.Profile.Limit;
import io.servicebreaker.spring.ServiceBreakerProperties.Profile.Refused;
import io.servicebreaker.spring.ServiceBreakerProperties.Profile.Rule;
import io.servicebreaker.spring.ServiceBreakerProperties.Profile.Signal;
import io.servicebreaker.spring.ServiceBreakerProperties.Service;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** Adds the profiles of the configuration to ours. What cannot be used fails with the name of the property that holds it. */
final class ProfileResolver {

    private static final String PREFIX = ServiceBreakerProperties.PREFIX + ".profiles.";

    private static final String SCOPES = "Use model, credential or service.";

    private final String path;
    private final Profile profile;
    private final ProviderProfile like;

    private ProfileResolver(String path, Profile profile, ProviderProfile like) {
        this.path = path;
        this.profile = profile;
        this.like = like;
    }

    static ProviderProfiles resolve(Map<String, Profile> configured) {
        ProviderProfiles bundled = ProviderProfiles.bundled();
        List<ProviderProfile> profiles = new ArrayList<>();
        configured.forEach((id, profile) ->
                profiles.add(new ProfileResolver(PREFIX + id + ".", profile, like(id, profile, bundled)).resolve(id)));
        return bundled.with(profiles);
    }

    private static ProviderProfile like(String id, Profile profile, ProviderProfiles bundled) {
        if (profile.like() == null) {
            return bundled.of(id);
        }
        return bundled.find(profile.like())
                .orElseThrow(() -> new InvalidPropertyException(
                        PREFIX + id + ".like",
                        profile.like(),
                        "is not a profile that comes with ServiceBreaker",
                        "Use one of " + String.join(", ", bundled.ids()) + "."));
    }

    private ProviderProfile resolve(String id) {
        if (profile.settings().provider() != null) {
            throw new InvalidPropertyException(
                    path + "settings.provider",
                    profile.settings().provider(),
                    "names a profile in a profile",
                    "Use " + path + "like.");
        }
        ProviderProfile resolved = like.extended(id, settings(), like.limitSettings(), rules(), effects(), limits())
                .with(signals(), misses())
                .with(StepResolver.resolve(path, profile.steps()));
        checkSignals(resolved);
        return resolved;
    }

    private BreakerSettings settings() {
        try {
            Service own = profile.settings();
            BreakerSettings settings = own.applyTo(like.settings().toBuilder()).build();
            Contradictions.check(new StreamSettings(own.firstTokenTimeout(), own.stallTimeout()), settings);
            return settings;
        } catch (InvalidSettingException e) {
            throw new InvalidPropertyException(
                    path + "settings." + e.setting(),
                    e.value(),
                    "is out of range: allowed is " + e.range(),
                    "Set it to a value in this range.");
        }
    }

    private List<FailureRule> rules() {
        List<FailureRule> rules = new ArrayList<>();
        for (Rule rule : profile.rules()) {
            String place = path + "rules[" + rules.size() + "]";
            rules.add(rule(place, rule));
            checkScope(place, rule.scope());
        }
        return rules;
    }

    private static FailureRule rule(String place, Rule rule) {
        if (rule.cause() == null) {
            throw new InvalidPropertyException(
                    place + ".cause", "", "is missing", "Use one of " + List.of(FailureCause.values()) + ".");
        }
        if (rule.status().isEmpty() && rule.code().isEmpty() && rule.exception().isEmpty()) {
            throw new InvalidPropertyException(
                    place,
                    String.valueOf(rule.message()),
                    "has no criterion but a message, which is not enough",
                    "Add status, code or exception.");
        }
        return new FailureRule(
                statuses(place, rule.status()),
                Set.copyOf(rule.code()),
                Set.copyOf(rule.exception()),
                message(place, rule.message()),
                rule.cause(),
                rule.scope(),
                rule.signal());
    }

    private static Set<Integer> statuses(String place, List<String> texts) {
        Set<Integer> statuses = new HashSet<>();
        for (String text : texts) {
            statuses.addAll(HttpStatuses.parse(text)
                    .orElseThrow(() -> new InvalidPropertyException(
                            place + ".status",
                            text,
                            "is neither an HTTP status nor a class of them",
                            "Use 100 to 599, or for example 5xx.")));
        }
        return statuses;
    }

    private static @Nullable Pattern message(String place, @Nullable String expression) {
        try {
            return expression == null ? null : Pattern.compile(expression, Pattern.CASE_INSENSITIVE);
        } catch (PatternSyntaxException e) {
            throw new InvalidPropertyException(
                    place + ".message",
                    e.getPattern(),
                    "is not a regular expression: " + e.getDescription(),
                    "Correct it.");
        }
    }

    private Map<FailureCause, FailureEffect> effects() {
        Map<FailureCause, FailureEffect> effects = new EnumMap<>(FailureCause.class);
        profile.effects().forEach((cause, effect) -> {
            String place =
                    path + "effects." + cause.name().toLowerCase(Locale.ROOT).replace('_', '-');
            checkScope(place, effect.scope());
            effects.put(cause, effect(place, effect, like.effect(cause)));
        });
        return effects;
    }

    private static void checkScope(String place, @Nullable RejectionScope scope) {
        if (scope == RejectionScope.BUDGET || scope == RejectionScope.SYSTEM) {
            throw new InvalidPropertyException(
                    place + ".scope", scope.name(), "is nothing that a provider's answer is about", SCOPES);
        }
    }

    /** Who says that it counts means that it does not hold, unless that is said too: then it is a contradiction. */
    private static FailureEffect effect(String place, Effect own, FailureEffect weaker) {
        boolean counts = Objects.requireNonNullElse(own.counts(), weaker.counts() && !Boolean.TRUE.equals(own.holds()));
        boolean holds = Objects.requireNonNullElse(own.holds(), weaker.holds() && !counts);
        if (counts && holds) {
            throw new InvalidPropertyException(
                    place + ".holds",
                    "true",
                    "contradicts counts, which is true: what closes off at once is no failure that is counted",
                    "Set one of the two to false.");
        }
        return new FailureEffect(
                counts,
                Objects.requireNonNullElse(own.scope(), weaker.scope()),
                holds,
                Objects.requireNonNullElse(own.retryable(), weaker.retryable()),
                Objects.requireNonNullElse(own.escalates(), weaker.escalates()));
    }

    private List<LimitHeaders> limits() {
        List<LimitHeaders> limits = new ArrayList<>();
        for (Limit limit : profile.limits()) {
            String place = path + "limits[" + limits.size() + "].";
            limits.add(new LimitHeaders(
                    unit(place + "unit", limit.unit()),
                    limit.limit() == null ? null : header(place + "limit", limit.limit()),
                    header(place + "remaining", limit.remaining()),
                    header(place + "reset", limit.reset())));
        }
        return limits;
    }

    private static LimitUnit unit(String property, @Nullable LimitUnit unit) {
        if (unit == null) {
            throw new InvalidPropertyException(
                    property, "", "is missing", "Use one of requests, tokens, input-tokens, output-tokens.");
        }
        return unit;
    }

    private List<HealthSignal> signals() {
        List<HealthSignal> signals = new ArrayList<>();
        for (Signal signal : profile.signals()) {
            signals.add(signal(path + "signals[" + signals.size() + "].", signal));
        }
        return signals;
    }

    private static HealthSignal signal(String place, Signal signal) {
        Numbers numbers =
                new Numbers(signal.atLeast(), signal.over(), signal.minimum(), signal.inARow(), signal.atMost());
        try {
            return HealthSignal.of(signal.name(), signal.bad(), numbers, signal.opens());
        } catch (InvalidSettingException e) {
            throw new InvalidPropertyException(
                    place + e.setting(),
                    e.value(),
                    "is out of range: allowed is " + e.range(),
                    "Set it to a value in this range.");
        }
    }

    private Misses misses() {
        Misses weaker = like.misses();
        return new Misses(
                profile.emptyIs() == null ? weaker.whenEmpty() : profile.emptyIs() == Empty.MISS,
                profile.whenRefused() == null ? weaker.whenRefused() : profile.whenRefused() == Refused.MISS);
    }

    /** A failure that is counted apart has to be counted somewhere. */
    private void checkSignals(ProviderProfile resolved) {
        List<String> known = resolved.signals().stream()
                .filter(HealthSignal::takesRules)
                .map(HealthSignal::name)
                .toList();
        for (int i = 0; i < profile.rules().size(); i++) {
            String signal = profile.rules().get(i).signal();
            if (signal != null && !known.contains(signal)) {
                throw new InvalidPropertyException(
                        path + "rules[" + i + "].signal",
                        signal,
                        "is no signal of the profile that takes failures of rules",
                        known.isEmpty()
                                ? "Add it under " + path + "signals, with in-a-row."
                                : "Use one of " + String.join(", ", known) + ", or add it under " + path
                                        + "signals, with in-a-row.");
            }
        }
    }

    private static String header(String property, @Nullable String name) {
        if (name == null || name.isBlank()) {
            throw new InvalidPropertyException(property, "", "is missing", "Name the response header.");
        }
        return name;
    }
}
