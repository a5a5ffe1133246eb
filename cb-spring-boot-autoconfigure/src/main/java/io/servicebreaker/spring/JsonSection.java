package io.servicebreaker.spring;

/** The parts of an answer in which something is looked for. */
enum JsonSection {
    /** The whole. */
    ANSWER,
    /** The answer proper, in an event about it. */
    WITHIN,
    USAGE,
    USAGE_DETAILS,
    COST,
    ERROR,
    ERROR_DETAILS,
    CHOICES,
    CHOICE,
    DELTA,
    OTHER;

    /** The section of an object or array in this one. */
    JsonSection part(String name) {
        return switch (this) {
            case ANSWER -> ofAnswer(name);
            case WITHIN -> ofEvery(name);
            case USAGE -> ofUsage(name);
            case ERROR -> name.equals("details") ? ERROR_DETAILS : OTHER;
            case CHOICES -> CHOICE;
            case CHOICE -> name.equals("delta") ? DELTA : OTHER;
            default -> OTHER;
        };
    }

    private static JsonSection ofAnswer(String name) {
        return switch (name) {
            case "response", "message" -> WITHIN;
            case "choices" -> CHOICES;
            default -> ofEvery(name);
        };
    }

    private static JsonSection ofEvery(String name) {
        return switch (name) {
            case "usage" -> USAGE;
            case "error" -> ERROR;
            default -> OTHER;
        };
    }

    private static JsonSection ofUsage(String name) {
        return switch (name) {
            case "prompt_tokens_details", "input_tokens_details" -> USAGE_DETAILS;
            case "cost" -> COST;
            default -> OTHER;
        };
    }
}
