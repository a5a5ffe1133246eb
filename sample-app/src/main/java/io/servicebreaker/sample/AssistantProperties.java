package io.servicebreaker.sample;

import io.servicebreaker.sample.simulator.Simulator;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.Name;

/** Where the assistant finds its services. Without a key or an address, at the simulator. */
@ConfigurationProperties("assistant")
record AssistantProperties(
        @Name("openai") Remote openAi,
        Remote perplexity,
        @Name("lightrag") Remote lightRag) {

    /** By the name of the service. */
    Map<String, Remote> remotes() {
        return Map.of("openai", openAi, "perplexity", perplexity, "lightrag", lightRag);
    }

    /**
     * A remote service.
     *
     * @param url its base address
     * @param key its API key; empty for none
     * @param model the model to ask for; empty for a service that has none and then needs no key either
     * @param readTimeout how long the real one may be silent
     */
    record Remote(String url, String key, String model, Duration readTimeout) {

        boolean isReal() {
            return !url.isBlank() && (model.isBlank() || !key.isBlank());
        }

        /** Where to call: itself, or else the simulator. */
        URI baseUrl(String provider, ObjectProvider<Simulator> simulator) {
            return isReal()
                    ? URI.create(url)
                    : required(simulator.getIfAvailable(), provider).baseUrl(provider);
        }

        private static Simulator required(@Nullable Simulator simulator, String provider) {
            if (simulator == null) {
                throw new IllegalStateException("The simulator is off (simulator.enabled) and assistant." + provider
                        + " has no key or url: set one of them");
            }
            return simulator;
        }
    }
}
