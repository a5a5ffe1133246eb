package io.servicebreaker.provider;

import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.breaker.BreakerSettingsBuilder;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * A kind of service that we know, with the thresholds that suit it.
 *
 * <p>A service uses the provider of its own name unless it names another; {@link #GENERIC} serves the rest.
 */
public enum Provider {
    /** OpenAI's API. */
    OPENAI("openai", BreakerSettings.defaults().toBuilder().slowCallDuration(seconds(15))),
    /** OpenAI's models on Azure. */
    AZURE_OPENAI("azure-openai", BreakerSettings.defaults().toBuilder().slowCallDuration(seconds(15))),
    /** Anthropic's API. */
    ANTHROPIC("anthropic", BreakerSettings.defaults().toBuilder().slowCallDuration(seconds(15))),
    /** Perplexity's API: it searches before it answers. */
    PERPLEXITY("perplexity", BreakerSettings.defaults().toBuilder().slowCallDuration(seconds(20))),
    /** A LightRAG server. It waits 150 s for the model behind it, so an earlier timeout would blame it for working. */
    LIGHTRAG(
            "lightrag",
            BreakerSettings.defaults().toBuilder()
                    .failureThreshold(7)
                    .slowCallDuration(seconds(30))
                    .timeoutThreshold(seconds(150))),
    /** A cache of answers. */
    CACHE(
            "cache",
            BreakerSettings.defaults().toBuilder()
                    .failureThreshold(10)
                    .recoveryTimeout(seconds(30))
                    .slowCallDuration(seconds(5))),
    /** Any other service. */
    GENERIC("generic", BreakerSettings.defaults().toBuilder());

    private final String id;

    @SuppressWarnings("ImmutableEnumChecker") // a record of numbers and durations
    private final BreakerSettings settings;

    Provider(String id, BreakerSettingsBuilder settings) {
        this.id = id;
        this.settings = settings.build();
    }

    /** Name in the configuration. */
    public String id() {
        return id;
    }

    /** Thresholds for a service of this kind, where the configuration does not say otherwise. */
    public BreakerSettings settings() {
        return settings;
    }

    /** The provider of that name. */
    public static Optional<Provider> of(String id) {
        return Arrays.stream(values())
                .filter(provider -> provider.id.equals(id))
                .findFirst();
    }

    private static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }
}
