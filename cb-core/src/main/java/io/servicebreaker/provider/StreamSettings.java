package io.servicebreaker.provider;

import io.servicebreaker.breaker.InvalidSettingException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long a streamed answer is waited for. Keep-alives are no content, and time in which nothing was asked for is not
 * waited.
 *
 * @param firstTokenTimeout for the first content, above 0 and at most {@link #LONGEST}; null for any time
 * @param stallTimeout for the next content, likewise
 */
public record StreamSettings(
        @Nullable Duration firstTokenTimeout, @Nullable Duration stallTimeout) {

    /** Nobody waits longer, and a mistake in the unit shows. */
    public static final Duration LONGEST = Duration.ofDays(1);

    /** Streams are waited for without end. */
    public static final StreamSettings UNLIMITED = new StreamSettings(null, null);

    public StreamSettings {
        check("stream.first-token-timeout", firstTokenTimeout);
        check("stream.stall-timeout", stallTimeout);
    }

    private static void check(String setting, @Nullable Duration value) {
        if (value != null && (value.isNegative() || value.isZero() || value.compareTo(LONGEST) > 0)) {
            throw new InvalidSettingException(setting, value, "above 0 and at most " + LONGEST);
        }
    }

    /** Whether any time is limited. */
    public boolean isLimited() {
        return firstTokenTimeout != null || stallTimeout != null;
    }
}
