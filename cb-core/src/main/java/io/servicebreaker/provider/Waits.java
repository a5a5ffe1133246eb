package io.servicebreaker.provider;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The forms in which providers write how long to wait. What cannot be understood is empty; a time that is over is zero or
 * negative.
 */
final class Waits {

    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}(\\.\\d{1,9})?");

    private Waits() {}

    /** A plain number of milliseconds. */
    static Optional<Duration> millis(String text) {
        return number(text, 1e6);
    }

    /** A plain number of seconds, or a date as HTTP writes it. */
    static Optional<Duration> secondsOrDate(String text, Instant now) {
        return number(text, 1e9).or(() -> date(text, now));
    }

    /** A plain number of seconds, a duration as Go writes it, or an instant (RFC 3339). */
    static Optional<Duration> durationOrInstant(String text, Instant now) {
        return number(text, 1e9).or(() -> GoDuration.parse(text)).or(() -> instant(text, now));
    }

    private static Optional<Duration> number(String digits, double unitNanos) {
        return NUMBER.matcher(digits).matches()
                ? Optional.of(Duration.ofNanos(Math.round(Double.parseDouble(digits) * unitNanos)))
                : Optional.empty();
    }

    private static Optional<Duration> date(String text, Instant now) {
        try {
            ZonedDateTime date = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME);
            return Optional.of(Duration.between(now, date.toInstant()));
        } catch (DateTimeException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    private static Optional<Duration> instant(String text, Instant now) {
        try {
            return Optional.of(Duration.between(now, Instant.parse(text)));
        } catch (DateTimeException | ArithmeticException e) {
            return Optional.empty();
        }
    }
}
