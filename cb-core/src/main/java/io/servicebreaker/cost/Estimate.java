package io.servicebreaker.cost;

/**
 * What a call is expected to cost.
 *
 * @param amount 0 or more
 * @param method how it was found
 * @param confidence from 0 to 1
 */
public record Estimate(Money amount, Method method, double confidence) {

    /** Ways to an estimate, the best first. */
    public enum Method {
        /** The caller said how many tokens, and the model has a price. */
        TOKENS,
        /** The tokens of the prompt were counted, the request or past answers tell those of the answer, and the model has a price. */
        COUNTED,
        /** What calls of this kind have cost lately, and a deviation more. */
        HISTORY,
        /** Nothing is known but what kind of operation it is. */
        DEFAULT
    }
}
