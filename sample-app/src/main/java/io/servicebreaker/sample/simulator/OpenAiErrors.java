package io.servicebreaker.sample.simulator;

import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The error answers of OpenAI: status, {@code type} and {@code code} as documented. */
final class OpenAiErrors {

    private static final String INVALID = "invalid_request_error";
    private static final String SERVER = "server_error";

    private static final Map<Fault, Refusal> OF_FAULT = new EnumMap<>(Map.ofEntries(
            Map.entry(Fault.RATE_LIMIT, (model, retryAfter) -> rateLimited(model, "requests", retryAfter)),
            Map.entry(Fault.TOKEN_LIMIT, (model, retryAfter) -> rateLimited(model, "tokens", retryAfter)),
            Map.entry(Fault.ABSURD_RATE_LIMIT, (model, retryAfter) -> rateLimited(model, "requests", null)),
            Map.entry(
                    Fault.QUOTA,
                    always(
                            429,
                            "You exceeded your current quota, please check your plan and billing details.",
                            "insufficient_quota",
                            null,
                            "insufficient_quota")),
            Map.entry(
                    Fault.AUTH,
                    always(401, "Incorrect API key provided: sk-sim*******ator.", INVALID, null, "invalid_api_key")),
            Map.entry(
                    Fault.OVERLOAD,
                    always(
                            503,
                            "The server is currently overloaded. Please try again later.",
                            SERVER,
                            null,
                            "server_is_overloaded")),
            Map.entry(
                    Fault.MODEL_OVERLOAD,
                    always(
                            503,
                            "That model is currently overloaded with other requests. You can retry your request.",
                            SERVER,
                            null,
                            null)),
            Map.entry(Fault.SLOW_DOWN, always(503, "Slow Down", "service_unavailable_error", null, "slow_down")),
            Map.entry(Fault.SERVER_ERROR, always(Answer.json(500, serverError()))),
            Map.entry(Fault.GATEWAY_TIMEOUT, always(504, "The gateway timed out.", SERVER, null, null)),
            Map.entry(
                    Fault.BAD_REQUEST,
                    always(
                            400,
                            "Invalid 'temperature': decimal above maximum value. Expected a value <= 2.",
                            INVALID,
                            "temperature",
                            "decimal_above_max_value")),
            Map.entry(Fault.CONTEXT_LENGTH, always(contextTooLong(OpenAiModels.contextTokens() + 1))),
            Map.entry(
                    Fault.CONTENT_FILTER,
                    always(
                            400,
                            "The response was filtered due to the prompt triggering a content policy.",
                            INVALID,
                            "prompt",
                            "content_filter")),
            Map.entry(
                    Fault.MODEL_NOT_FOUND,
                    (model, retryAfter) -> unknownModel(model).with(wait(retryAfter)))));

    private OpenAiErrors() {}

    static Set<Fault> faults() {
        return OF_FAULT.keySet();
    }

    static Answer of(Fault fault, @Nullable Duration retryAfter, String model) {
        return Objects.requireNonNull(OF_FAULT.get(fault)).answer(model, retryAfter);
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
        return body("The server had an error while processing your request.", SERVER, null, null);
    }

    private static Refusal always(
            int status, String message, String type, @Nullable String parameter, @Nullable String code) {
        return always(error(status, message, type, parameter, code));
    }

    private static Refusal always(Answer answer) {
        return (model, retryAfter) -> answer.with(wait(retryAfter));
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

    /** What is answered to a request for a model, and with which wait. */
    private interface Refusal {

        Answer answer(String model, @Nullable Duration retryAfter);
    }
}
