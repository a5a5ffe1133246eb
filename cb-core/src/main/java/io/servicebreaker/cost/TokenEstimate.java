package io.servicebreaker.cost;

/**
 * How many tokens a call is expected to use.
 *
 * @param input tokens sent, 0 or more
 * @param output tokens generated, 0 or more
 */
public record TokenEstimate(int input, int output) {

    public TokenEstimate {
        if (input < 0 || output < 0) {
            throw new IllegalArgumentException("tokens must not be negative: input " + input + ", output " + output);
        }
    }
}
