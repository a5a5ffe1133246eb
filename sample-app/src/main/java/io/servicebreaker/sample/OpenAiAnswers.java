package io.servicebreaker.sample;

import io.servicebreaker.annotation.ServiceBreaker;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;

/** Second rung: a model's general knowledge. */
@Component
class OpenAiAnswers {

    private final RestClient openAiClient;
    private final String model;
    private final PerplexityAnswers perplexity;

    OpenAiAnswers(RestClient openAiClient, AssistantProperties properties, PerplexityAnswers perplexity) {
        this.openAiClient = openAiClient;
        this.model = properties.openAi().model();
        this.perplexity = perplexity;
    }

    @ServiceBreaker(value = "openai", operation = "chat", fallback = "next", acceptResult = "#result.useful()")
    public Answer answer(Inquiry inquiry) {
        return inquiry.answered("openai", ChatCompletion.ask(openAiClient, model, inquiry.question()));
    }

    public Answer next(Inquiry inquiry, Exception why) {
        inquiry.missed("openai", why);
        return perplexity.answer(inquiry);
    }
}
