package io.servicebreaker.provider;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Reads the statuses that a rule is for: {@code 429}, or {@code 5xx} for a whole class. */
public final class HttpStatuses {

    private static final Pattern ONE = Pattern.compile("[1-5]\\d\\d");
    private static final Pattern CLASS = Pattern.compile("[1-5]xx");

    private HttpStatuses() {}

    /** The statuses of a text, or empty if it is neither a status nor a class. */
    public static Optional<Set<Integer>> parse(String text) {
        if (ONE.matcher(text).matches()) {
            return Optional.of(Set.of(Integer.valueOf(text)));
        }
        if (CLASS.matcher(text).matches()) {
            int first = (text.charAt(0) - '0') * 100;
            return Optional.of(IntStream.range(first, first + 100).boxed().collect(Collectors.toUnmodifiableSet()));
        }
        return Optional.empty();
    }
}
