package io.servicebreaker.sample.simulator;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * One HTTP request to a provider.
 *
 * @param route method and path below the provider's own, as in {@code GET /health}
 * @param body the JSON object sent, or null if there is none
 */
record Request(String route, Headers headers, @Nullable ObjectNode body) {

    private static final int MAX_BODY_BYTES = 16 * 1024 * 1024;

    static Request read(HttpExchange http, String provider) throws IOException {
        byte[] bytes = http.getRequestBody().readNBytes(MAX_BODY_BYTES);
        String path = http.getRequestURI().getPath().substring(provider.length() + 1);
        return new Request(
                http.getRequestMethod() + " " + path,
                http.getRequestHeaders(),
                Json.parseObject(new String(bytes, StandardCharsets.UTF_8)));
    }

    boolean hasBearerToken() {
        String authorization = headers.getFirst("Authorization");
        return authorization != null && authorization.matches("(?i)Bearer \\S+");
    }

    boolean flag(String field, boolean otherwise) {
        return body == null ? otherwise : body.path(field).asBoolean(otherwise);
    }

    /** The text of a field, empty if it is missing or no text. */
    String text(String field) {
        return body == null ? "" : body.path(field).asString("");
    }
}
