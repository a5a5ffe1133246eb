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
    private final OpenAiAnswers openAi;

    LightRagAnswers(RestClient lightRagClient, OpenAiAnswers openAi) {
        this.lightRagClient = lightRagClient;
        this.openAi = openAi;
    }

    @ServiceBreaker(value = "lightrag", operation = "query", fallback = "next", acceptResult = "#result.useful()")
    public Answer answer(Inquiry inquiry) {
        Retrieved retrieved = lightRagClient
                .post()
                .uri("/query")
                .contentType(MediaType.APPLICATION_JSON)
                .body(Map.of("query", inquiry.question(), "mode", "mix"))
                .retrieve()
                .body(Retrieved.class);
        return inquiry.answered("lightrag", retrieved == null ? "" : retrieved.groundedText());
    }

    public Answer next(Inquiry inquiry, Exception why) {
        inquiry.missed("lightrag", why);
        return openAi.answer(inquiry);
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
