package io.servicebreaker.spring;

/** The parts of an answer in which something is looked for. */
enum JsonSection {
    /** The whole. */
    ANSWER,
    /** The answer proper, in an event about it. */
    WITHIN,
    USAGE,
    USAGE_DETAILS,
    /** What tools did that the provider has. */
    SERVER_TOOLS,
    COST,
    ERROR,
    ERROR_DETAILS,
    CHOICES,
    CHOICE,
    DELTA,
    /** The list of what a model did, in its order. */
    OUTPUT,
    OUTPUT_ITEM,
    ACTION,
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
            case OUTPUT -> OUTPUT_ITEM;
            case OUTPUT_ITEM -> name.equals("action") ? ACTION : OTHER;
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
            case "output" -> OUTPUT;
            default -> OTHER;
        };
    }

    private static JsonSection ofUsage(String name) {
        return switch (name) {
            case "prompt_tokens_details", "input_tokens_details" -> USAGE_DETAILS;
            case "server_tool_use" -> SERVER_TOOLS;
            case "cost" -> COST;
            default -> OTHER;
        };
    }
}
