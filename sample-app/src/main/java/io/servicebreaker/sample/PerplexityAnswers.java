package io.servicebreaker.sample;

import io.servicebreaker.annotation.ServiceBreaker;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;

/** Third rung: a search of the web. */
@Component
class PerplexityAnswers {

    private final RestClient perplexityClient;
    private final String model;
    private final CachedAnswers cache;

    PerplexityAnswers(RestClient perplexityClient, AssistantProperties properties, CachedAnswers cache) {
        this.perplexityClient = perplexityClient;
        this.model = properties.perplexity().model();
        this.cache = cache;
    }

    @ServiceBreaker(value = "perplexity", operation = "search", fallback = "next", acceptResult = "#result.useful()")
    public Answer answer(Inquiry inquiry) {
        return inquiry.answered("perplexity", ChatCompletion.ask(perplexityClient, model, inquiry.question()));
    }

    public Answer next(Inquiry inquiry, Exception why) {
        inquiry.missed("perplexity", why);
        return cache.answer(inquiry).orElseGet(() -> inquiry.answered("cache", ""));
    }
}
