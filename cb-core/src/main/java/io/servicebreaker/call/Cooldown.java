package io.servicebreaker.call;

import java.time.Duration;

/**
 * A time in which a scope is not to be called.
 *
 * @param duration how long, above zero and at most {@link #LONGEST}
 * @param source where it comes from, for people: the name of a header or of a setting, never a value of the provider's
 * @param isGuess whether nobody asked for it, so that whoever knows better may end it
 */
public record Cooldown(Duration duration, String source, boolean isGuess) {

    /** A longer one that a provider asks for is taken for a mistake; a day is real, for daily quotas. */
    public static final Duration LONGEST = Duration.ofDays(2);

    public Cooldown {
        if (!makesSense(duration)) {
            throw new IllegalArgumentException(
                    "cooldown is " + duration + ", allowed is above 0 and at most " + LONGEST);
        }
    }

    /** Creates one that is meant as it is. */
    public Cooldown(Duration duration, String source) {
        this(duration, source, false);
    }

    /** Whether somebody could mean such a time. */
    public static boolean makesSense(Duration duration) {
        return !duration.isNegative() && !duration.isZero() && duration.compareTo(LONGEST) <= 0;
    }
}
