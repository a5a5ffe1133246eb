package io.servicebreaker.spring.http;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the provider's own code from an error's body: {@code {"error": {"code": …, "type": …}}}, as OpenAI and those who
 * follow it write it. Apart from its user, since Jackson may be absent.
 */
final class ErrorCode {

    /** A longer body is no error message. */
    private static final int LONGEST = 16 * 1024;
    /** Told in {@code type} while {@code code} goes into details, and the one that classifiers need. */
    private static final String NO_QUOTA = "insufficient_quota";

    private ErrorCode() {}

    static Optional<String> of(byte[] body) {
        if (body.length == 0 || body.length > LONGEST || body[0] != '{') {
            return Optional.empty();
        }
        try {
            return code(JsonMapper.shared().readTree(body).path("error"));
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> code(JsonNode error) {
        String code = text(error.path("code"));
        String type = text(error.path("type"));
        return Optional.ofNullable(code == null || NO_QUOTA.equals(type) ? type : code);
    }

    private static @Nullable String text(JsonNode node) {
        return node.isString() && !node.stringValue().isBlank() ? node.stringValue() : null;
    }
}
