package io.servicebreaker.sample.simulator;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.IntNode;
import tools.jackson.databind.node.ObjectNode;

/** The error answers of LightRAG: whatever goes wrong behind it, its client sees a 500. */
final class LightRagErrors {

    static final String MODEL_FAILED = inner(500, "The server had an error while processing your request.", "None");

    private static final List<String> MODES = List.of("local", "global", "hybrid", "naive", "mix", "bypass");
    private static final int MIN_QUERY_LENGTH = 3;

    private static final Map<Fault, Answer> OF_FAULT = new EnumMap<>(Map.ofEntries(
            Map.entry(Fault.AUTH, detail(403, "Invalid API Key")),
            Map.entry(Fault.UPSTREAM_AUTH, detail(500, inner(401, "Incorrect API key provided", "'invalid_api_key'"))),
            Map.entry(
                    Fault.RATE_LIMIT,
                    detail(500, inner(429, "Rate limit reached for gpt-4o-mini", "'rate_limit_exceeded'"))),
            Map.entry(
                    Fault.TOKEN_LIMIT,
                    detail(
                            500,
                            inner(
                                    429,
                                    "Rate limit reached for gpt-4o-mini on tokens per min (TPM)",
                                    "'rate_limit_exceeded'"))),
            Map.entry(Fault.QUOTA, detail(500, inner(429, "You exceeded your current quota", "'insufficient_quota'"))),
            Map.entry(
                    Fault.OVERLOAD,
                    detail(500, inner(503, "The server is currently overloaded", "'server_is_overloaded'"))),
            Map.entry(Fault.SERVER_ERROR, detail(500, MODEL_FAILED)),
            Map.entry(Fault.GATEWAY_TIMEOUT, detail(504, "Gateway Timeout")),
            Map.entry(
                    Fault.BAD_REQUEST,
                    unprocessable(
                            "greater_than_equal",
                            "Input should be greater than or equal to 1",
                            IntNode.valueOf(0),
                            "top_k")),
            Map.entry(
                    Fault.CONTEXT_LENGTH,
                    detail(500, inner(400, "The messages are longer than the context", "'context_length_exceeded'"))),
            Map.entry(
                    Fault.CONTENT_FILTER,
                    detail(500, inner(400, "The prompt triggered a content policy", "'content_filter'"))),
            Map.entry(
                    Fault.INDEX_UPDATING,
                    detail(503, "Pipeline is busy with another operation. Wait for it to finish and retry.")),
            Map.entry(Fault.EMBEDDING_FAILURE, detail(500, "Embedding func: Worker execution timeout after 60s")),
            Map.entry(Fault.OUT_OF_MEMORY, detail(500, "CUDA out of memory. Tried to allocate 2.00 GiB."))));

    private LightRagErrors() {}

    static Set<Fault> faults() {
        return OF_FAULT.keySet();
    }

    static Answer of(Fault fault) {
        return Objects.requireNonNull(OF_FAULT.get(fault));
    }

    static Answer notFound() {
        return detail(404, "Not Found");
    }

    static @Nullable Answer invalid(Request request) {
        ObjectNode body = request.body();
        if (body == null) {
            return unprocessable("json_invalid", "JSON decode error", Json.object(), "0");
        }
        JsonNode query = body.path("query");
        if (query.isMissingNode()) {
            return unprocessable("missing", "Field required", body, "query");
        }
        if (!query.isString()) {
            return unprocessable("string_type", "Input should be a valid string", query, "query");
        }
        if (query.stringValue().strip().length() < MIN_QUERY_LENGTH) {
            return unprocessable("string_too_short", "String should have at least 3 characters", query, "query");
        }
        JsonNode mode = body.path("mode");
        if (!mode.isMissingNode() && !MODES.contains(mode.asString(""))) {
            return unprocessable("literal_error", "Input should be one of " + String.join(", ", MODES), mode, "mode");
        }
        return null;
    }

    private static Answer unprocessable(String type, String message, JsonNode input, String field) {
        ObjectNode error = Json.object().put("type", type);
        error.set("loc", Json.strings(List.of("body", field)));
        error.put("msg", message).set("input", input);
        ObjectNode body = Json.object();
        body.set("detail", Json.array(error));
        return Answer.json(422, body);
    }

    private static Answer detail(int status, String text) {
        return Answer.json(status, Json.object().put("detail", text));
    }

    /** The error of the model behind the server, as the server's Python client words it. */
    private static String inner(int status, String message, String code) {
        return "Error code: " + status + " - {'error': {'message': '" + message + "', 'code': " + code + "}}";
    }
}
