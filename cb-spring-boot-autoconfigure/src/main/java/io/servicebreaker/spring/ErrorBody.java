package io.servicebreaker.spring;

import io.servicebreaker.call.CallReport;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads what the body of an error says: the provider's own code and its words. Apart from its user, since Jackson may be
 * absent.
 *
 * <p>OpenAI and those who follow it write {@code {"error": {"code", "type", "message"}}}, FastAPI, which LightRAG is made
 * with, {@code {"detail": …}}.
 */
final class ErrorBody {

    private ErrorBody() {}

    /** The report with what the body adds to it. */
    static CallReport addTo(CallReport report, byte[] body) {
        if (body.length == 0 || body.length > ErrorReport.LONGEST_BODY || body[0] != '{') {
            return report;
        }
        try {
            return wordsOf(JsonMapper.shared().readTree(body)).addTo(report);
        } catch (JacksonException e) {
            return report;
        }
    }

    private static ErrorWords wordsOf(JsonNode body) {
        JsonNode error = body.path("error");
        return new ErrorWords(
                text(error.path("details").path("error_code")),
                text(error.path("code")),
                text(error.path("type")),
                message(body, error));
    }

    private static @Nullable String message(JsonNode body, JsonNode error) {
        for (JsonNode place :
                new JsonNode[] {error.path("message"), error, body.path("detail"), body.path("message")}) {
            String text = string(place);
            if (text != null) {
                return text;
            }
        }
        return null;
    }

    private static @Nullable String text(JsonNode node) {
        return node.isInt() ? node.asString() : string(node);
    }

    private static @Nullable String string(JsonNode node) {
        return node.isString() && !node.stringValue().isBlank() ? node.stringValue() : null;
    }
}
