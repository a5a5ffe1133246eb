package io.servicebreaker.sample.simulator;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The shape that chat completions have at OpenAI and at those who imitate it.
 *
 * @param created seconds since 1970
 */
record ChatFormat(String id, String model, long created) {

    ObjectNode completion(String text, JsonNode usage) {
        ObjectNode choice = Json.object().put("index", 0);
        choice.putObject("message")
                .put("role", "assistant")
                .put("content", text)
                .putNull("refusal");
        choice.putNull("logprobs").put("finish_reason", "stop");
        ObjectNode completion = envelope("chat.completion");
        completion.set("choices", Json.array(choice));
        completion.set("usage", usage);
        return completion;
    }

    /** The role, the text in pieces, the finish. */
    List<ObjectNode> chunks(String text) {
        List<ObjectNode> chunks = new ArrayList<>();
        chunks.add(chunk(Json.object().put("role", "assistant").put("content", ""), null));
        Prose.pieces(text).forEach(piece -> chunks.add(chunk(Json.object().put("content", piece), null)));
        chunks.add(chunk(Json.object(), "stop"));
        return chunks;
    }

    /** A chunk that holds no choice, only what the whole answer has used. */
    ObjectNode usageChunk(JsonNode usage) {
        ObjectNode chunk = envelope("chat.completion.chunk");
        chunk.set("choices", Json.array());
        chunk.set("usage", usage);
        return chunk;
    }

    ObjectNode chunk(ObjectNode delta, @Nullable String finishReason) {
        ObjectNode choice = Json.object().put("index", 0);
        choice.set("delta", delta);
        choice.putNull("logprobs").put("finish_reason", finishReason);
        ObjectNode chunk = envelope("chat.completion.chunk");
        chunk.set("choices", Json.array(choice));
        return chunk;
    }

    private ObjectNode envelope(String object) {
        return Json.object()
                .put("id", id)
                .put("object", object)
                .put("created", created)
                .put("model", model);
    }

    /** The tokens in the words of chat completions. */
    static ObjectNode usage(int promptTokens, int completionTokens) {
        return Json.object()
                .put("prompt_tokens", promptTokens)
                .put("completion_tokens", completionTokens)
                .put("total_tokens", promptTokens + completionTokens);
    }
}
