package io.servicebreaker.spring.aop;

import io.servicebreaker.call.CallRequest;
import io.servicebreaker.cost.TokenEstimate;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Makes the request of a call. Without expressions it is always the same one. */
final class RequestSource {

    private final CallRequest fixed;
    private final @Nullable ArgumentExpression deadline;
    private final @Nullable ArgumentExpression model;
    private final @Nullable ArgumentExpression tokens;
    private final @Nullable CallHints hints;

    RequestSource(
            CallRequest fixed,
            @Nullable ArgumentExpression deadline,
            @Nullable ArgumentExpression model,
            @Nullable ArgumentExpression tokens,
            @Nullable CallHints hints) {
        this.fixed = hints == null ? fixed : hints.prepared(fixed);
        this.hints = hints;
        this.deadline = deadline;
        this.model = model;
        this.tokens = tokens;
    }

    /** The request as far as it is known before there are arguments. */
    CallRequest fixed() {
        return fixed;
    }

    CallRequest request(@Nullable Object[] arguments) {
        CallRequest request = withTokens(withModel(withDeadline(fixed, arguments), arguments), arguments);
        return hints == null ? request : hints.applied(request, arguments);
    }

    private CallRequest withDeadline(CallRequest request, @Nullable Object[] arguments) {
        Duration left = deadline == null ? null : deadline.read(arguments, null, Duration.class::cast);
        return left == null ? request : request.deadline(left);
    }

    private CallRequest withModel(CallRequest request, @Nullable Object[] arguments) {
        String id = model == null ? null : model.read(arguments, null, Object::toString);
        return id == null ? request : request.model(id);
    }

    private CallRequest withTokens(CallRequest request, @Nullable Object[] arguments) {
        CallRequest estimated =
                tokens == null ? null : tokens.read(arguments, null, value -> estimated(request, value));
        return estimated == null ? request : estimated;
    }

    private static CallRequest estimated(CallRequest request, Object estimate) {
        if (estimate instanceof TokenEstimate both) {
            return request.estimatedTokens(both.input(), both.output());
        }
        if (estimate instanceof Number input) {
            return request.estimatedTokens(Math.toIntExact(input.longValue()), 0);
        }
        throw new IllegalArgumentException(
                "neither a number nor a TokenEstimate: " + estimate.getClass().getName());
    }
}
