package io.servicebreaker.provider;

import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.RejectionScope;
import java.util.Collections;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which failures have a cause. All criteria that are given have to be met.
 *
 * <p>The words of a message never decide alone: they change with the provider's mood and may quote the caller.
 *
 * @param statuses HTTP statuses, any of them; empty for all failures
 * @param codes the provider's own codes or types, any of them; empty for all
 * @param exceptions class names of exceptions, any of them or a subclass, anywhere in the chain; empty for all
 * @param message what the message contains: the provider's, else that of an exception that is named here, or of any if
 *     none is; null for any
 * @param cause the cause
 * @param scope what the failure says something about, where it is not the same for all failures of the cause
 * @param signal the health signal in which such failures are counted apart from the others, or null
 */
public record FailureRule(
        Set<Integer> statuses,
        Set<String> codes,
        Set<String> exceptions,
        @Nullable Pattern message,
        FailureCause cause,
        @Nullable RejectionScope scope,
        @Nullable String signal) {

    public FailureRule {
        statuses = Set.copyOf(statuses);
        codes = Set.copyOf(codes);
        exceptions = Set.copyOf(exceptions);
        if (statuses.isEmpty() && codes.isEmpty() && exceptions.isEmpty()) {
            throw new IllegalArgumentException(
                    "a rule needs a status, a code or an exception; a message is not enough");
        }
    }

    boolean matches(Evidence evidence) {
        return (statuses.isEmpty() || statuses.contains(evidence.status()))
                && (codes.isEmpty() || codes.contains(evidence.code()))
                && (exceptions.isEmpty() || !Collections.disjoint(exceptions, evidence.exceptions()))
                && (message == null || evidence.says(message, exceptions));
    }
}
