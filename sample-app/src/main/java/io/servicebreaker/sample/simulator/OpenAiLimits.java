package io.servicebreaker.sample.simulator;

import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rate limits of the simulated account, and the headers that tell of them. */
final class OpenAiLimits {

    private final RateBudget requests;
    private final RateBudget tokens;

    OpenAiLimits(long requestsPerMinute, long tokensPerMinute, InstantSource time) {
        this.requests = new RateBudget(requestsPerMinute, time);
        this.tokens = new RateBudget(tokensPerMinute, time);
    }

    /** Takes what a request needs; the answer tells which limit was in the way, or is null. */
    @Nullable
    Answer take(String model, long tokensNeeded) {
        if (!requests.take(1)) {
            return OpenAiErrors.rateLimited(model, "requests", requests.timeUntil(1));
        }
        if (!tokens.take(tokensNeeded)) {
            return OpenAiErrors.rateLimited(model, "tokens", tokens.timeUntil(tokensNeeded));
        }
        return null;
    }

    Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        describe(headers, "requests", requests);
        describe(headers, "tokens", tokens);
        return headers;
    }

    /** What the headers say of a used-up limit until the given time has passed. */
    static Map<String, String> exhausted(String what, Duration retryAfter) {
        return Map.of("x-ratelimit-remaining-" + what, "0", "x-ratelimit-reset-" + what, GoDuration.of(retryAfter));
    }

    private static void describe(Map<String, String> headers, String what, RateBudget budget) {
        headers.put("x-ratelimit-limit-" + what, String.valueOf(budget.limit()));
        headers.put("x-ratelimit-remaining-" + what, String.valueOf(budget.remaining()));
        headers.put("x-ratelimit-reset-" + what, GoDuration.of(budget.reset()));
    }
}
