package io.servicebreaker.spring.stream;

import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads JSON. Apart from its user, since Jackson may be absent. */
final class JsonFields {

    /** A longer text is no error. */
    private static final int LONGEST = 16 * 1024;

    private JsonFields() {}

    /** The fields of an object that was read, or is still to be read from text; none if it is no object. */
    static Map<?, ?> of(Object data) {
        try {
            JsonNode json = data instanceof String text ? read(text) : data instanceof JsonNode node ? node : null;
            return json != null && json.isObject() ? JsonMapper.shared().convertValue(json, Map.class) : Map.of();
        } catch (JacksonException e) {
            return Map.of();
        }
    }

    private static JsonNode read(String text) {
        return text.length() > LONGEST
                ? JsonMapper.shared().nullNode()
                : JsonMapper.shared().readTree(text);
    }
}
