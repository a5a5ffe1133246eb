package io.servicebreaker.provider;

import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.time.TimeSource;
import java.time.Duration;
import java.util.List;

/** Classifiers with the settings of a test and defaults for the rest. */
public final class Classifiers {

    private Classifiers() {}

    /** One that knows no more than what HTTP and the types of exceptions mean. */
    public static ProfileClassifier generic(
            Duration timeout, ExceptionRules rules, List<ErrorReader> readers, TimeSource time) {
        return of(ProviderProfiles.GENERIC, timeout, rules, readers, time);
    }

    /** One for a provider that we know. */
    public static ProfileClassifier of(
            String provider, Duration timeout, ExceptionRules rules, List<ErrorReader> readers, TimeSource time) {
        BreakerSettings settings =
                BreakerSettings.defaults().toBuilder().timeoutThreshold(timeout).build();
        ProviderProfile profile = ProviderProfiles.bundled().find(provider).orElseThrow();
        return new ProfileClassifier(profile, settings, CooldownSettings.DEFAULTS, rules, readers, time);
    }
}
