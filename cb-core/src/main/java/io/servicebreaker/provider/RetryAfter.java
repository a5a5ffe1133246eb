package io.servicebreaker.provider;

import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.Outcome;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads how long a provider asks to wait: {@code retry-after-ms} in milliseconds, else {@code Retry-After} in seconds or
 * as a date (RFC 9110, section 10.2.3). What cannot be understood says nothing; so does a wait that is over already, and
 * one that is longer than anybody waits.
 */
final class RetryAfter {

    /** More digits than any wait needs, and few enough not to overflow. */
    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}(\\.\\d{1,9})?");

    private RetryAfter() {}

    static Optional<Duration> read(CallReport report, Instant now) {
        Optional<Duration> millis = report.header("retry-after-ms").flatMap(text -> number(text, 1e6));
        Optional<Duration> wait =
                millis.isPresent() ? millis : report.header("Retry-After").flatMap(text -> secondsOrDate(text, now));
        return wait.filter(RetryAfter::makesSense);
    }

    private static boolean makesSense(Duration wait) {
        return !wait.isZero() && !wait.isNegative() && wait.compareTo(Outcome.LONGEST_WAIT) <= 0;
    }

    private static Optional<Duration> secondsOrDate(String text, Instant now) {
        Optional<Duration> seconds = number(text, 1e9);
        return seconds.isPresent() ? seconds : date(text, now);
    }

    private static Optional<Duration> number(String text, double unitNanos) {
        String digits = text.strip();
        return NUMBER.matcher(digits).matches()
                ? Optional.of(Duration.ofNanos(Math.round(Double.parseDouble(digits) * unitNanos)))
                : Optional.empty();
    }

    private static Optional<Duration> date(String text, Instant now) {
        try {
            Instant date = ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return Optional.of(Duration.between(now, date));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
