package io.servicebreaker.sample.simulator;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The error answers of OpenAI: status, {@code type} and {@code code} as documented. */
final class OpenAiErrors {

    private static final String INVALID = "invalid_request_error";

    private OpenAiErrors() {}

    static Answer of(Fault fault, @Nullable Duration retryAfter, String model) {
        return fault == Fault.RATE_LIMIT
                ? rateLimited(model, "requests", retryAfter)
                : of(fault).with(wait(retryAfter));
    }

    private static Answer of(Fault fault) {
        return switch (fault) {
            case QUOTA ->
                error(
                        429,
                        "You exceeded your current quota, please check your plan and billing details.",
                        "insufficient_quota",
                        null,
                        "insufficient_quota");
            case AUTH -> error(401, "Incorrect API key provided: sk-sim*******ator.", INVALID, null, "invalid_api_key");
            case OVERLOAD ->
                error(
                        503,
                        "The server is currently overloaded. Please try again later.",
                        "server_error",
                        null,
                        "server_is_overloaded");
            case CONTEXT_LENGTH -> contextTooLong(OpenAiModels.contextTokens() + 1);
            case GATEWAY_TIMEOUT -> error(504, "The gateway timed out.", "server_error", null, null);
            default -> Answer.json(500, serverError());
        };
    }

    static Answer rateLimited(String model, String type, @Nullable Duration retryAfter) {
        String advice = retryAfter == null ? "" : " Please try again in " + GoDuration.of(retryAfter) + ".";
        return error(
                        429,
                        "Rate limit reached for " + model + " on " + type + " per min." + advice,
                        type,
                        null,
                        "rate_limit_exceeded")
                .with(wait(retryAfter));
    }

    static Answer missingKey() {
        return error(
                401,
                "You didn't provide an API key. Provide it in an Authorization header using Bearer auth.",
                INVALID,
                null,
                null);
    }

    static Answer unreadableBody() {
        return error(400, "We could not parse the JSON body of your request.", INVALID, null, null);
    }

    static Answer missing(String parameter) {
        return error(
                400,
                "Missing required parameter: '" + parameter + "'.",
                INVALID,
                parameter,
                "missing_required_parameter");
    }

    static Answer unknownModel(String model) {
        return error(
                404,
                "The model `" + model + "` does not exist or you do not have access to it.",
                INVALID,
                null,
                "model_not_found");
    }

    static Answer contextTooLong(int tokens) {
        return error(
                400,
                "This model's maximum context length is " + OpenAiModels.contextTokens()
                        + " tokens. However, your messages resulted in " + tokens + " tokens.",
                INVALID,
                "messages",
                "context_length_exceeded");
    }

    static Answer unknownUrl(String route) {
        return error(404, "Invalid URL (" + route + ")", INVALID, null, null);
    }

    static ObjectNode serverError() {
        return body("The server had an error while processing your request.", "server_error", null, null);
    }

    private static Answer error(
            int status, String message, String type, @Nullable String parameter, @Nullable String code) {
        return Answer.json(status, body(message, type, parameter, code));
    }

    private static ObjectNode body(String message, String type, @Nullable String parameter, @Nullable String code) {
        ObjectNode body = Json.object();
        body.putObject("error")
                .put("message", message)
                .put("type", type)
                .put("param", parameter)
                .put("code", code);
        return body;
    }

    private static Map<String, String> wait(@Nullable Duration retryAfter) {
        Map<String, String> headers = new LinkedHashMap<>(RetryAfter.header(retryAfter));
        if (retryAfter != null) {
            headers.put("retry-after-ms", String.valueOf(retryAfter.toMillis()));
        }
        return headers;
    }
}
