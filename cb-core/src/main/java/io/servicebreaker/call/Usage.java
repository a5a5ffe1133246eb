package io.servicebreaker.call;

import org.jspecify.annotations.Nullable;

/**
 * What a call used.
 *
 * @param input tokens sent, 0 or more, the cached ones included
 * @param output tokens generated, 0 or more
 * @param cachedInput tokens sent that the provider had cached, at most {@code input}
 * @param searches that the model made, 0 or more
 */
public record Usage(int input, int output, int cachedInput, int searches) {

    public Usage {
        if (input < 0 || output < 0 || cachedInput < 0 || cachedInput > input || searches < 0) {
            throw new IllegalArgumentException("not a usage: input " + input + ", output " + output + ", cached input "
                    + cachedInput + ", searches " + searches);
        }
    }

    /** Tokens alone. */
    public Usage(int input, int output, int cachedInput) {
        this(input, output, cachedInput, 0);
    }

    /** Both together; a sum that is too large for an {@code int} stays at the largest. */
    public Usage plus(Usage other) {
        return new Usage(
                sum(input, other.input),
                sum(output, other.output),
                sum(cachedInput, other.cachedInput),
                sum(searches, other.searches));
    }

    /** This one and, if it knows of no searches, those of another account of the same answer. */
    Usage or(@Nullable Usage weaker) {
        return searches > 0 || weaker == null || weaker.searches == 0
                ? this
                : new Usage(input, output, cachedInput, weaker.searches);
    }

    private static int sum(int one, int other) {
        return (int) Math.min(Integer.MAX_VALUE, (long) one + other);
    }
}
