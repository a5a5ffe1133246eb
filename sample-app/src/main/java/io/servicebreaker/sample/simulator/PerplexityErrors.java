package io.servicebreaker.sample.simulator;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/** The error answers of Perplexity; its {@code code} is the status as a number. */
final class PerplexityErrors {

    private static final Answer RATE_LIMITED =
            error(429, "rate_limit_exceeded", "You have exceeded the request rate limit.");

    private static final Map<Fault, Answer> OF_FAULT = new EnumMap<>(Map.ofEntries(
            Map.entry(Fault.RATE_LIMIT, RATE_LIMITED),
            Map.entry(Fault.ABSURD_RATE_LIMIT, RATE_LIMITED),
            Map.entry(
                    Fault.QUOTA,
                    error(401, "insufficient_quota", "You exceeded your current quota, please check your plan.")),
            Map.entry(Fault.AUTH, error(401, "invalid_api_key", "Invalid API key provided.")),
            Map.entry(
                    Fault.OVERLOAD,
                    error(503, "service_unavailable", "The service is overloaded, please try again later.")),
            Map.entry(Fault.SERVER_ERROR, error(500, "internal_server_error", "Internal server error.")),
            Map.entry(Fault.GATEWAY_TIMEOUT, error(504, "gateway_timeout", "The gateway timed out.")),
            Map.entry(Fault.BAD_REQUEST, invalid("invalid_message", "User and assistant roles should be alternating.")),
            Map.entry(
                    Fault.CONTEXT_LENGTH,
                    invalid("context_length_exceeded", "The messages are longer than the context.")),
            Map.entry(
                    Fault.CONTENT_FILTER, invalid("content_filter", "The request was rejected by a content policy."))));

    private PerplexityErrors() {}

    static Set<Fault> faults() {
        Set<Fault> faults = EnumSet.of(Fault.MODEL_NOT_FOUND);
        faults.addAll(OF_FAULT.keySet());
        return faults;
    }

    static Answer of(Fault fault, String model) {
        return fault == Fault.MODEL_NOT_FOUND ? unknownModel(model) : Objects.requireNonNull(OF_FAULT.get(fault));
    }

    static Answer missingKey() {
        return of(Fault.AUTH, "");
    }

    static Answer unknownModel(String model) {
        return invalid("invalid_model", "Invalid model '" + model + "'.");
    }

    static Answer invalid(String type, String message) {
        return error(400, type, message);
    }

    static Answer notFound() {
        return error(404, "not_found", "Not found.");
    }

    private static Answer error(int status, String type, String message) {
        ObjectNode body = Json.object();
        body.putObject("error").put("message", message).put("type", type).put("code", status);
        return Answer.json(status, body);
    }
}
