package io.servicebreaker.sample.simulator;

import tools.jackson.databind.node.ObjectNode;

/** The error answers of Perplexity; its {@code code} is the status as a number. */
final class PerplexityErrors {

    private PerplexityErrors() {}

    static Answer of(Fault fault) {
        return switch (fault) {
            case RATE_LIMIT -> error(429, "rate_limit_exceeded", "You have exceeded the request rate limit.");
            case QUOTA -> error(401, "insufficient_quota", "You exceeded your current quota, please check your plan.");
            case AUTH -> error(401, "invalid_api_key", "Invalid API key provided.");
            case OVERLOAD -> error(503, "service_unavailable", "The service is overloaded, please try again later.");
            case CONTEXT_LENGTH -> invalid("context_length_exceeded", "The messages are longer than the context.");
            case GATEWAY_TIMEOUT -> error(504, "gateway_timeout", "The gateway timed out.");
            default -> error(500, "internal_server_error", "Internal server error.");
        };
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
