package io.servicebreaker.provider;

import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.RejectionReason;

/** What a provider counts to limit it. */
public enum LimitUnit {
    /** Calls. */
    REQUESTS,
    /** Tokens sent and received. */
    TOKENS,
    /** Tokens sent. */
    INPUT_TOKENS,
    /** Tokens received. */
    OUTPUT_TOKENS;

    /** How much of it a call is expected to use; 0 is unknown. */
    long of(CallRequest request) {
        return switch (this) {
            case REQUESTS -> 1;
            case TOKENS -> (long) request.inputTokens() + request.outputTokens();
            case INPUT_TOKENS -> request.inputTokens();
            case OUTPUT_TOKENS -> request.outputTokens();
        };
    }

    RejectionReason refusal() {
        return this == REQUESTS ? RejectionReason.RATE_LIMITED : RejectionReason.TOKEN_BUDGET;
    }
}
