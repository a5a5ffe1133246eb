package io.servicebreaker.sample;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.servicebreaker.annotation.ServiceBreaker;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;

/** First rung: our own documents. */
@Component
class LightRagAnswers {

    private final RestClient lightRagClient;

    LightRagAnswers(RestClient lightRagClient) {
        this.lightRagClient = lightRagClient;
    }

    @ServiceBreaker(
            value = "lightrag",
            operation = "query",
            fallback = "openAiAnswers::answer",
            acceptResult = "!#result.isBlank()")
    public @Nullable String answer(String question) {
        Retrieved retrieved = lightRagClient
                .post()
                .uri("/query")
                .contentType(MediaType.APPLICATION_JSON)
                .body(Map.of("query", question, "mode", "mix"))
                .retrieve()
                .body(Retrieved.class);
        return retrieved == null ? "" : retrieved.groundedText();
    }

    /** LightRAG marks a canned reply for want of context with {@code llm_generated: false}. */
    record Retrieved(
            @Nullable String response,
            @JsonProperty("llm_generated") @Nullable Boolean generated) {

        String groundedText() {
            return response == null || Boolean.FALSE.equals(generated) ? "" : response;
        }
    }
}
