package io.servicebreaker.call;

import java.time.Duration;

/**
 * A time in which a scope is not to be called.
 *
 * @param duration how long, above zero and at most {@link #LONGEST}
 * @param source where it comes from, for people: the name of a header or of a setting, never a value of the provider's
 */
public record Cooldown(Duration duration, String source) {

    /** A longer one that a provider asks for is taken for a mistake; a day is real, for daily quotas. */
    public static final Duration LONGEST = Duration.ofDays(2);

    public Cooldown {
        if (!makesSense(duration)) {
            throw new IllegalArgumentException(
                    "cooldown is " + duration + ", allowed is above 0 and at most " + LONGEST);
        }
    }

    /** Whether somebody could mean such a time. */
    public static boolean makesSense(Duration duration) {
        return !duration.isNegative() && !duration.isZero() && duration.compareTo(LONGEST) <= 0;
    }
}
