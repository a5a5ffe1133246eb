package io.servicebreaker.spring.aop;

import io.servicebreaker.call.CallOrchestrator;
import java.lang.reflect.Method;
import org.springframework.resilience.retry.MethodRetryPredicate;

/**
 * Lets Spring's {@code @Retryable(predicate = RetryableFailures.class)} on a guarded method retry what the provider's
 * profile calls retryable, and nothing else: no refusal, no mistake of the caller, no quota that is used up. Safe for use
 * by many threads.
 */
public final class RetryableFailures implements MethodRetryPredicate {

    private final Declarations declarations;
    private final CallOrchestrator orchestrator;

    RetryableFailures(Declarations declarations, CallOrchestrator orchestrator) {
        this.declarations = declarations;
        this.orchestrator = orchestrator;
    }

    /** Whether a failure of the method is worth another attempt; of a method that is not guarded every one is. */
    @Override
    public boolean shouldRetry(Method method, Throwable failure) {
        Declaration declaration = declarations.of(method, method.getDeclaringClass());
        return declaration == null
                || orchestrator.isRetryable(declaration.annotation().value(), failure);
    }
}
