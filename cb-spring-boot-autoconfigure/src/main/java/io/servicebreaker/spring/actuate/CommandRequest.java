package io.servicebreaker.spring.actuate;

import java.security.Principal;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.convert.DurationStyle;

/** What somebody asks for, as it came; whoever needs a part of it has it checked. */
record CommandRequest(
        @Nullable String updateState,
        @Nullable String action,
        @Nullable String reason,
        @Nullable String expiresIn,
        @Nullable String scope,
        SecurityContext security) {

    /** Who asks. */
    String by() {
        Principal principal = security.getPrincipal();
        return principal == null ? "anonymous" : principal.getName();
    }

    /** Why, in their words. */
    String why() {
        if (reason == null || reason.isBlank()) {
            throw CommandException.wrong("reason is missing", List.of("a sentence for whoever asks why"));
        }
        return reason.strip();
    }

    /**
     * For how long; null if they do not say.
     *
     * @param longest allowed
     */
    @Nullable
    Duration expiry(Duration longest) {
        if (expiresIn == null || expiresIn.isBlank()) {
            return null;
        }
        return duration(expiresIn)
                .filter(expiry -> !expiry.isNegative() && !expiry.isZero() && expiry.compareTo(longest) <= 0)
                .orElseThrow(() ->
                        CommandException.wrong("expiresIn is '" + expiresIn + "'", List.of(allowedExpiry(longest))));
    }

    /** Likewise, where it has to be said. */
    Duration neededExpiry(Duration longest) {
        Duration expiry = expiry(longest);
        if (expiry == null) {
            throw CommandException.wrong("expiresIn is missing", List.of(allowedExpiry(longest)));
        }
        return expiry;
    }

    private static String allowedExpiry(Duration longest) {
        return "a positive duration with its unit, such as PT10M or 10m, of at most " + longest;
    }

    private static Optional<Duration> duration(String text) {
        // To Spring a number alone is milliseconds, to an operator anything else.
        if (text.chars().noneMatch(Character::isLetter)) {
            return Optional.empty();
        }
        try {
            return Optional.of(DurationStyle.detectAndParse(text.strip()));
        } catch (IllegalArgumentException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    /**
     * The one of some values that a text names, in any case.
     *
     * @param field what the text is, for people
     */
    static <E extends Enum<E>> E oneOf(Class<E> values, String field, @Nullable String text) {
        E[] all = values.getEnumConstants();
        List<String> allowed = Arrays.stream(all).map(Enum::name).toList();
        if (text == null) {
            throw CommandException.wrong(field + " is missing", allowed);
        }
        String name = text.strip().toUpperCase(Locale.ROOT).replace('-', '_');
        return Arrays.stream(all)
                .filter(value -> value.name().equals(name))
                .findFirst()
                .orElseThrow(() -> CommandException.wrong(field + " is '" + text + "'", allowed));
    }
}
