package io.servicebreaker.spring.aop;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One of the names in a {@code fallback} attribute.
 *
 * @param bean null for the bean of the guarded method
 */
record FallbackName(@Nullable String bean, String method) {

    private static final String SEPARATOR = "::";

    /** Those that an attribute lists; none if it is empty. */
    static List<FallbackName> in(String attribute) {
        return Arrays.stream(attribute.split(",", -1))
                .filter(name -> !attribute.isEmpty())
                .map(FallbackName::of)
                .toList();
    }

    private static FallbackName of(String text) {
        int separator = text.indexOf(SEPARATOR);
        return separator < 0
                ? new FallbackName(null, text.trim())
                : new FallbackName(
                        text.substring(0, separator).trim(),
                        text.substring(separator + SEPARATOR.length()).trim());
    }

    @Override
    public String toString() {
        return bean == null ? method : bean + SEPARATOR + method;
    }
}
