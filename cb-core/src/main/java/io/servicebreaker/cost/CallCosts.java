package io.servicebreaker.cost;

/**
 * What the calls of one operation to one model have cost since the start. Immutable.
 *
 * @param model that they asked for, or empty
 * @param operation type, or empty
 * @param calls those that were made and have ended
 * @param inputTokens sent, as far as answers told
 * @param outputTokens received, likewise
 * @param spent by all of them
 * @param known what is spent by those whose cost became known, not only assumed
 * @param estimated what the latter were expected to cost
 * @param missed sum of the distances between what each of the latter was expected to cost and has cost
 * @param method how the cost of the latest call was expected
 * @param confidence of the latest expectation, from 0 to 1
 */
public record CallCosts(
        String model,
        String operation,
        long calls,
        long inputTokens,
        long outputTokens,
        Money spent,
        Money known,
        Money estimated,
        Money missed,
        Estimate.Method method,
        double confidence) {}
