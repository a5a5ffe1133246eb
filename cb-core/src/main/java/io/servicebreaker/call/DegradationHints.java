package io.servicebreaker.call;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Suggestions how a call may ask for as little work as its level wants, by name. Immutable. Names and values are those of
 * whoever reads them, but for {@link #MODEL} and {@link #MAX_TOKENS}.
 *
 * @param level that they are for
 * @param values by name
 */
public record DegradationHints(DegradationLevel level, Map<String, String> values) {

    /** Name of the id of a model. */
    public static final String MODEL = "model";

    /** Name of the number of tokens that the answer may have. */
    public static final String MAX_TOKENS = "max-tokens";

    public DegradationHints {
        values = Map.copyOf(values);
    }

    /** The model to ask, if another one is suggested. */
    public Optional<String> model() {
        return get(MODEL);
    }

    /** Tokens that the answer may have at most, if a bound is suggested. */
    public OptionalInt maxTokens() {
        return number(MAX_TOKENS);
    }

    /** The suggestion of that name, if there is one. */
    public Optional<String> get(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /** The suggestion of that name, if there is one and it is a whole number. */
    public OptionalInt number(String name) {
        @Nullable String value = values.get(name);
        try {
            return value == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(value));
        } catch (NumberFormatException e) {
            return OptionalInt.empty();
        }
    }
}
