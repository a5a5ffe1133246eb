package io.servicebreaker.sample.simulator;

import java.math.BigDecimal;
import java.time.Duration;

/** Writes durations as Go does: {@code 15ms}, {@code 1.5s}, {@code 6m0s}. */
final class GoDuration {

    private static final long SECOND_MILLIS = 1000;
    private static final long MINUTE_MILLIS = 60 * SECOND_MILLIS;

    private GoDuration() {}

    static String of(Duration duration) {
        long millis = duration.toMillis();
        if (millis > 0 && millis < SECOND_MILLIS) {
            return millis + "ms";
        }
        String seconds = seconds(millis % MINUTE_MILLIS);
        if (millis < MINUTE_MILLIS) {
            return seconds;
        }
        String minutes = duration.toMinutesPart() + "m" + seconds;
        return duration.toHours() == 0 ? minutes : duration.toHours() + "h" + minutes;
    }

    private static String seconds(long millis) {
        return BigDecimal.valueOf(millis, 3).stripTrailingZeros().toPlainString() + "s";
    }
}
