package io.servicebreaker.sample;

import io.servicebreaker.annotation.ServiceBreaker;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;

/** Second rung: a model's general knowledge. */
@Component
class OpenAiAnswers {

    private final RestClient openAiClient;
    private final String model;

    OpenAiAnswers(RestClient openAiClient, AssistantProperties properties) {
        this.openAiClient = openAiClient;
        this.model = properties.openAi().model();
    }

    @ServiceBreaker(
            value = "openai",
            operation = "chat",
            fallback = "perplexityAnswers::answer",
            acceptResult = "!#result.isBlank()")
    public @Nullable String answer(String question) {
        return ChatCompletion.ask(openAiClient, model, question);
    }
}
