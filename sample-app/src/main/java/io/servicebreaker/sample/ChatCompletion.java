package io.servicebreaker.sample;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.client.RestClient;

/** What the assistant reads of a chat completion, as OpenAI and Perplexity give it. */
record ChatCompletion(@Nullable List<Choice> choices) {

    record Choice(@Nullable Message message) {}

    record Message(@Nullable String content) {}

    /** Asks a question and returns the text of the answer, empty if there is none. */
    static String ask(RestClient client, String model, String question) {
        ChatCompletion completion = client.post()
                .uri("/chat/completions")
                .contentType(MediaType.APPLICATION_JSON)
                .body(Map.of("model", model, "messages", List.of(Map.of("role", "user", "content", question))))
                .retrieve()
                .body(ChatCompletion.class);
        return completion == null ? "" : completion.text();
    }

    private String text() {
        if (choices == null || choices.isEmpty()) {
            return "";
        }
        Message message = choices.get(0).message();
        return message == null || message.content() == null ? "" : message.content();
    }
}
