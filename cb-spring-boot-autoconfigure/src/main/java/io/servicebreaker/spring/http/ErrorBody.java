package io.servicebreaker.spring.http;

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

    /** A longer body is no error message. */
    private static final int LONGEST = 16 * 1024;
    /** Told in {@code type} while {@code code} goes into details, and the one that rules need. */
    private static final String NO_QUOTA = "insufficient_quota";

    private ErrorBody() {}

    /** The report with what the body adds to it. */
    static CallReport addTo(CallReport report, byte[] body) {
        if (body.length == 0 || body.length > LONGEST || body[0] != '{') {
            return report;
        }
        try {
            return addTo(report, JsonMapper.shared().readTree(body));
        } catch (JacksonException e) {
            return report;
        }
    }

    private static CallReport addTo(CallReport report, JsonNode body) {
        JsonNode error = body.path("error");
        String code = code(error);
        String message = message(body, error);
        CallReport withCode = code == null ? report : report.code(code);
        return message == null ? withCode : withCode.message(message);
    }

    /** A code that only repeats the status, as Azure's does, says less than the type. */
    private static @Nullable String code(JsonNode error) {
        String detailed = text(error.path("details").path("error_code"));
        if (detailed != null) {
            return detailed;
        }
        String code = text(error.path("code"));
        String type = text(error.path("type"));
        boolean typeSaysMore = code == null || NO_QUOTA.equals(type) || isNumber(code);
        return typeSaysMore && type != null ? type : code;
    }

    private static boolean isNumber(String code) {
        return code.chars().allMatch(Character::isDigit);
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
