package io.servicebreaker.sample.simulator;

import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * A chat completion or response as OpenAI and Perplexity are asked for it.
 *
 * @param prompt the text of all messages
 * @param question the text of the last message
 */
record ChatRequest(String model, String prompt, String question, boolean stream, boolean includeUsage) {

    /** Reads the messages from this field; a text there is a single message. */
    static ChatRequest of(Request request, String field) {
        JsonNode messages = messages(request, field);
        return new ChatRequest(
                request.text("model"),
                messages.valueStream().map(ChatRequest::content).collect(Collectors.joining("\n")),
                messages.isEmpty() ? "" : content(messages.get(messages.size() - 1)),
                request.flag("stream", false),
                includesUsage(request));
    }

    static boolean hasMessages(Request request, String field) {
        return !messages(request, field).isEmpty();
    }

    int promptTokens() {
        return Tokens.count(prompt);
    }

    private static JsonNode messages(Request request, String field) {
        JsonNode messages =
                request.body() == null ? Json.array() : request.body().path(field);
        if (messages.isString() && !messages.stringValue().isEmpty()) {
            return Json.array(Json.object().put("content", messages.stringValue()));
        }
        return messages.isArray() ? messages : Json.array();
    }

    private static boolean includesUsage(Request request) {
        return request.body() != null
                && request.body().path("stream_options").path("include_usage").asBoolean(false);
    }

    private static String content(JsonNode message) {
        JsonNode content = message.path("content");
        if (!content.isArray()) {
            return content.asString("");
        }
        return content.valueStream().map(part -> part.path("text").asString("")).collect(Collectors.joining(" "));
    }
}
