package io.servicebreaker.provider;

import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.Cooldown;
import io.servicebreaker.call.FailureCause;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads how long a provider wants not to be called. Safe for use by many threads.
 *
 * <p>Asked in this order, the first that makes sense wins: {@code retry-after-ms}, {@code Retry-After} in seconds or as a
 * date (RFC 9110, section 10.2.3), the resets of the limits that are used up, the words of the error. What cannot be
 * understood, is over already or is longer than anybody waits says nothing and is counted.
 */
final class CooldownReader {

    private static final Pattern NONE_LEFT = Pattern.compile("0+(\\.0+)?");

    private static final String AMOUNT =
            "(\\d{1,9}(?:\\.\\d{1,9})?)\\s?" + "(ms|milliseconds?|s|secs?|seconds?|m|min|minutes?|h|hours?|d|days?)";
    private static final Pattern ONE_AMOUNT = Pattern.compile(AMOUNT + "\\s?", Pattern.CASE_INSENSITIVE);
    /** Begins with what "try again in 2 s" and "retry after 2 s" have in common. */
    private static final Pattern WORDS = Pattern.compile(
            "try(?: again)?(?: your request)? (?:in|after) ((?:" + AMOUNT + "\\s?)+)(?:\\W|$)",
            Pattern.CASE_INSENSITIVE);

    private static final Set<FailureCause> TOLD_IN_WORDS =
            EnumSet.of(FailureCause.RATE_LIMIT, FailureCause.QUOTA, FailureCause.OVERLOADED);

    private final List<LimitHeaders> limits;
    private final LongAdder ignored = new LongAdder();

    CooldownReader(List<LimitHeaders> limits) {
        this.limits = limits;
    }

    /** Times that a provider named which were of no use. */
    long ignored() {
        return ignored.sum();
    }

    Optional<Cooldown> read(CallReport report, Evidence evidence, FailureCause cause, Instant now) {
        return header(report, "retry-after-ms", Waits::millis)
                .or(() -> header(report, "retry-after", text -> Waits.secondsOrDate(text, now)))
                .or(() -> cause == FailureCause.RATE_LIMIT ? longestReset(report, now) : Optional.empty())
                .or(() -> TOLD_IN_WORDS.contains(cause) ? inWords(evidence.message()) : Optional.empty());
    }

    private Optional<Cooldown> header(CallReport report, String name, Form form) {
        return report.header(name).flatMap(text -> usable(form.read(text.strip()), name));
    }

    private Optional<Cooldown> usable(Optional<Duration> named, String source) {
        Optional<Duration> usable = named.filter(Cooldown::makesSense);
        if (usable.isEmpty()) {
            ignored.increment();
        }
        return usable.map(duration -> new Cooldown(duration, source));
    }

    /** A limit of which something is left did not cause the refusal, and its reset says nothing. */
    private Optional<Cooldown> longestReset(CallReport report, Instant now) {
        Optional<Cooldown> longest = Optional.empty();
        for (LimitHeaders limit : limits) {
            boolean usedUp = report.header(limit.remaining())
                    .filter(left -> NONE_LEFT.matcher(left.strip()).matches())
                    .isPresent();
            if (usedUp) {
                Optional<Cooldown> reset = header(report, limit.reset(), text -> Waits.durationOrInstant(text, now));
                longest = longer(longest, reset);
            }
        }
        return longest;
    }

    private static Optional<Cooldown> longer(Optional<Cooldown> one, Optional<Cooldown> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.or(() -> other);
        }
        return one.get().duration().compareTo(other.get().duration()) >= 0 ? one : other;
    }

    private Optional<Cooldown> inWords(String message) {
        Matcher matcher = WORDS.matcher(message);
        for (int at = indexOfTry(message, 0); at >= 0; at = indexOfTry(message, at + 1)) {
            if (matcher.region(at, message.length()).lookingAt()) {
                return usable(Optional.of(sum(matcher)), "error message");
            }
        }
        return Optional.empty();
    }

    /** Three times as fast as leaving the search to the expression, which tries it at every character. */
    private static int indexOfTry(String message, int from) {
        for (int i = from; i <= message.length() - 3; i++) {
            char first = message.charAt(i);
            if ((first == 't' || first == 'T') && message.regionMatches(true, i, "try", 0, 3)) {
                return i;
            }
        }
        return -1;
    }

    private static Duration sum(Matcher words) {
        boolean one = words.start(1) == words.start(2); // as in nearly all messages
        return one ? nanos(amountNanos(words.group(2), words.group(3))) : sum(words.group(1));
    }

    private static Duration sum(String amounts) {
        double nanos = 0;
        for (Matcher amount = ONE_AMOUNT.matcher(amounts); amount.find(); ) {
            nanos += amountNanos(amount.group(1), amount.group(2));
        }
        return nanos(nanos);
    }

    private static double amountNanos(String number, String unit) {
        return Double.parseDouble(number) * unitNanos(unit);
    }

    /** Too large a number becomes the longest time, which makes no sense. */
    private static Duration nanos(double nanos) {
        return Duration.ofNanos(Math.round(nanos));
    }

    private static double unitNanos(String unit) {
        return switch (Character.toLowerCase(unit.charAt(0))) {
            case 's' -> 1e9;
            case 'h' -> 3_600e9;
            case 'd' -> 86_400e9;
            default -> unit.equalsIgnoreCase("ms") || unit.regionMatches(true, 0, "milli", 0, 5) ? 1e6 : 60e9;
        };
    }

    @FunctionalInterface
    private interface Form {
        Optional<Duration> read(String text);
    }
}
