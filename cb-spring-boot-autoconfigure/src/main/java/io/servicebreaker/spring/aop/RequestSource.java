package io.servicebreaker.spring.aop;

import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.cost.TokenEstimate;
import org.jspecify.annotations.Nullable;

/** Makes the request of a call. Without expressions it is always the same one. */
final class RequestSource {

    private final CallRequest fixed;
    private final @Nullable ArgumentExpression model;
    private final @Nullable ArgumentExpression tokens;
    private final InternalFaults faults;

    RequestSource(
            CallRequest fixed,
            @Nullable ArgumentExpression model,
            @Nullable ArgumentExpression tokens,
            InternalFaults faults) {
        this.fixed = fixed;
        this.model = model;
        this.tokens = tokens;
        this.faults = faults;
    }

    CallRequest request(@Nullable Object[] arguments) {
        return model == null && tokens == null ? fixed : withTokens(withModel(fixed, arguments), arguments);
    }

    CallRequest fixed() {
        return fixed;
    }

    private CallRequest withModel(CallRequest request, @Nullable Object[] arguments) {
        if (model == null) {
            return request;
        }
        try {
            Object id = model.value(arguments, null);
            return id == null ? request : request.model(id.toString());
        } catch (RuntimeException | Error e) {
            faults.record("expression model = \"" + model + "\"", e);
            return request;
        }
    }

    private CallRequest withTokens(CallRequest request, @Nullable Object[] arguments) {
        if (tokens == null) {
            return request;
        }
        try {
            return estimated(request, tokens.value(arguments, null));
        } catch (RuntimeException | Error e) {
            faults.record("expression estimatedTokens = \"" + tokens + "\"", e);
            return request;
        }
    }

    private static CallRequest estimated(CallRequest request, @Nullable Object estimate) {
        if (estimate == null) {
            return request;
        }
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
