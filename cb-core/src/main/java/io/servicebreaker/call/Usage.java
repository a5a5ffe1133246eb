package io.servicebreaker.call;

/**
 * Tokens that a call used.
 *
 * @param input tokens sent, 0 or more, the cached ones included
 * @param output tokens generated, 0 or more
 * @param cachedInput tokens sent that the provider had cached, at most {@code input}
 */
public record Usage(int input, int output, int cachedInput) {

    public Usage {
        if (input < 0 || output < 0 || cachedInput < 0 || cachedInput > input) {
            throw new IllegalArgumentException(
                    "not a token usage: input " + input + ", output " + output + ", cached input " + cachedInput);
        }
    }

    /** Both together; a sum that is too large for an {@code int} stays at the largest. */
    public Usage plus(Usage other) {
        return new Usage(sum(input, other.input), sum(output, other.output), sum(cachedInput, other.cachedInput));
    }

    private static int sum(int one, int other) {
        return (int) Math.min(Integer.MAX_VALUE, (long) one + other);
    }
}
