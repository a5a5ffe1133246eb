package io.servicebreaker.sample;

import io.servicebreaker.annotation.ServiceBreaker;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;

/** Third rung: a search of the web. */
@Component
class PerplexityAnswers {

    private final RestClient perplexityClient;
    private final String model;

    PerplexityAnswers(RestClient perplexityClient, AssistantProperties properties) {
        this.perplexityClient = perplexityClient;
        this.model = properties.perplexity().model();
    }

    @ServiceBreaker(
            value = "perplexity",
            operation = "search",
            fallback = "cachedAnswers::answer",
            acceptResult = "!#result.isBlank()")
    public @Nullable String answer(String question) {
        return ChatCompletion.ask(perplexityClient, model, question);
    }
}
