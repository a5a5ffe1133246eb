package io.servicebreaker.breaker;

import io.servicebreaker.call.FailureCause;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why a breaker is in its state.
 *
 * @param rule which rule decided
 * @param sentence the rule with its numbers, for people
 * @param causes failures by cause since the service was last without trouble, where failures decided
 * @param decidedBy name of the response header or setting that said how long to wait, where one did
 */
public record Reason(
        Rule rule,
        String sentence,
        Map<FailureCause, Integer> causes,
        @Nullable String decidedBy) {

    public Reason {
        causes = Map.copyOf(causes);
    }

    Reason(Rule rule, String sentence, Map<FailureCause, Integer> causes) {
        this(rule, sentence, causes, null);
    }

    Reason(Rule rule, String sentence) {
        this(rule, sentence, Map.of());
    }

    /** What can move a breaker. */
    public enum Rule {
        /** The application started. */
        START,
        /** That many failures in a row. */
        CONSECUTIVE_FAILURES,
        /** Too large a share of calls failed in the window. */
        ERROR_RATE,
        /** Too large a share of calls was slow in the window. */
        SLOW_CALL_RATE,
        /** Calls are so likely to fail that it is better to refuse them. */
        DETECTED,
        /** A health signal of the service says so. */
        SIGNAL,
        /** The provider named a time before which it does not want to be called. */
        PROVIDER_DEADLINE,
        /** The open time was over. */
        PROBING,
        /** A probe failed. */
        FAILED_PROBE,
        /** Too large a share of the probes was slow. */
        SLOW_PROBES,
        /** Calls that were under way when it opened show that calls had better be let through. */
        REVOKED,
        /** Enough probes succeeded. */
        RECOVERED,
        /** An operator said so. */
        OPERATOR,
        /** The time of an operator's command was over. */
        EXPIRED
    }

    @Override
    public String toString() {
        return sentence;
    }
}
