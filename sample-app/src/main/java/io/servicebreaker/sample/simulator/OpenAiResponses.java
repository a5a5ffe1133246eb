package io.servicebreaker.sample.simulator;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The Responses API of OpenAI, as far as text goes: one message, whole or in pieces. */
final class OpenAiResponses {

    private final Ids ids;
    private final InstantSource time;

    OpenAiResponses(Ids ids, InstantSource time) {
        this.ids = ids;
        this.time = time;
    }

    Answer answer(ChatRequest asked, Fault fault) {
        String text = OpenAiChat.text(asked, fault);
        Format format = new Format(
                ids.next("resp_"),
                ids.next("msg_"),
                OpenAiModels.served(asked.model()),
                time.instant().getEpochSecond());
        ObjectNode usage = usage(asked.promptTokens(), Tokens.count(text));
        if (!asked.stream()) {
            return Answer.json(200, format.response("completed", text, usage));
        }
        Answer whole = Answer.typedEvents(format.events(text, usage));
        int sent = whole.beginning().frames().size();
        return switch (fault) {
            case STREAM_ERROR -> whole.failing(Answer.typedEvent(format.failure(null, sent)));
            case STREAM_ERROR_BILLED -> whole.failing(Answer.typedEvent(format.failure(usage, sent)));
            default -> whole;
        };
    }

    private static ObjectNode usage(int inputTokens, int outputTokens) {
        ObjectNode usage = Json.object().put("input_tokens", inputTokens);
        usage.putObject("input_tokens_details").put("cached_tokens", 0).put("cache_write_tokens", 0);
        usage.put("output_tokens", outputTokens);
        usage.putObject("output_tokens_details").put("reasoning_tokens", 0);
        return usage.put("total_tokens", inputTokens + outputTokens);
    }

    /**
     * The shape of one response.
     *
     * @param created seconds since 1970
     */
    private record Format(String id, String messageId, String model, long created) {

        ObjectNode response(String status, @Nullable String text, @Nullable JsonNode usage) {
            ObjectNode response = Json.object()
                    .put("id", id)
                    .put("object", "response")
                    .put("created_at", created)
                    .put("status", status)
                    .putNull("error")
                    .putNull("incomplete_details")
                    .putNull("instructions")
                    .put("model", model);
            response.set("output", text == null ? Json.array() : Json.array(message(text)));
            response.put("parallel_tool_calls", true).put("temperature", 1.0).put("tool_choice", "auto");
            response.set("tools", Json.array());
            response.put("top_p", 1.0).set("usage", usage);
            response.set("metadata", Json.object());
            return response;
        }

        List<ObjectNode> events(String text, JsonNode usage) {
            List<ObjectNode> events = new ArrayList<>();
            events.add(event("response.created", events.size(), response("in_progress", null, null)));
            Prose.pieces(text).forEach(piece -> events.add(delta(piece, events.size())));
            events.add(event("response.completed", events.size(), response("completed", text, usage)));
            return events;
        }

        ObjectNode failure(@Nullable JsonNode usage, int number) {
            ObjectNode response = response("failed", null, usage);
            response.putObject("error")
                    .put("code", "server_error")
                    .put("message", "The server had an error while processing your request.");
            return event("response.failed", number, response);
        }

        private ObjectNode delta(String piece, int number) {
            ObjectNode delta = numbered("response.output_text.delta", number)
                    .put("item_id", messageId)
                    .put("output_index", 0)
                    .put("content_index", 0)
                    .put("delta", piece);
            delta.set("logprobs", Json.array());
            return delta;
        }

        private ObjectNode message(String text) {
            ObjectNode content = Json.object().put("type", "output_text").put("text", text);
            content.set("annotations", Json.array());
            content.set("logprobs", Json.array());
            ObjectNode message = Json.object()
                    .put("type", "message")
                    .put("id", messageId)
                    .put("status", "completed")
                    .put("role", "assistant");
            message.set("content", Json.array(content));
            return message;
        }

        private static ObjectNode event(String type, int number, JsonNode response) {
            ObjectNode event = numbered(type, number);
            event.set("response", response);
            return event;
        }

        private static ObjectNode numbered(String type, int number) {
            return Json.object().put("type", type).put("sequence_number", number);
        }
    }
}
