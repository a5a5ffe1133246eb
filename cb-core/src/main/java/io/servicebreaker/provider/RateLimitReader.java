package io.servicebreaker.provider;

import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.Cooldown;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads what an answer says of a rate limit. Safe for use by many threads.
 *
 * <p>A count that is absent, {@code -1} or no number is unknown, as is a limit of 0: providers send these when they do
 * not limit at all. A reset that nobody can have meant is ignored and counted.
 */
final class RateLimitReader {

    private static final long NONE = -1;

    /** Twelve digits, so that fractions of it are exact enough. */
    private static final Pattern COUNT = Pattern.compile("\\d{1,12}(\\.0+)?|\\d{1,3}(,\\d{3}){1,3}");

    /** Instants are cut off to seconds. */
    private static final Duration IMPRECISION = Duration.ofSeconds(1);

    private final LongAdder ignored = new LongAdder();

    /** Resets that were of no use. */
    long ignored() {
        return ignored.sum();
    }

    /**
     * What the answer says, or null if it says nothing.
     *
     * @param duration how long the call took: a reset in that time is over, an earlier one makes no sense
     */
    @Nullable
    RateLimit read(CallReport report, LimitHeaders headers, Duration duration, long nowNanos, Instant now) {
        long remaining =
                report.header(headers.remaining()).map(RateLimitReader::count).orElse(NONE);
        long limit = limit(report, headers);
        @Nullable String reset = report.header(headers.reset()).orElse(null);
        if (remaining == NONE || limit == NONE || reset == null) {
            return null;
        }
        if (limit != RateLimit.UNKNOWN && remaining > limit) {
            return null;
        }
        Optional<Duration> wait = Waits.durationOrInstant(reset.strip(), now)
                .filter(named -> named.compareTo(Cooldown.LONGEST) <= 0)
                .filter(named -> named.plus(duration).plus(IMPRECISION).compareTo(Duration.ZERO) >= 0);
        if (wait.isEmpty()) {
            ignored.increment();
            return null;
        }
        return new RateLimit(
                limit, remaining, nowNanos, nowNanos + Math.max(0, wait.get().toNanos()));
    }

    /** A provider that has no such header limits nevertheless; one that says 0 does not. */
    private static long limit(CallReport report, LimitHeaders headers) {
        Optional<String> text = headers.limit() == null ? Optional.empty() : report.header(headers.limit());
        if (text.isEmpty()) {
            return RateLimit.UNKNOWN;
        }
        long limit = count(text.get());
        return limit == 0 ? NONE : limit;
    }

    private static long count(String text) {
        String digits = text.strip();
        if (!COUNT.matcher(digits).matches()) {
            return NONE;
        }
        int fraction = digits.indexOf('.');
        return Long.parseLong((fraction < 0 ? digits : digits.substring(0, fraction)).replace(",", ""));
    }
}
