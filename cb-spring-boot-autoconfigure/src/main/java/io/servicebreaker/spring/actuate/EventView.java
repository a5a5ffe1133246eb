package io.servicebreaker.spring.actuate;

import io.servicebreaker.breaker.BreakerState;
import io.servicebreaker.breaker.OperatorCommanded;
import io.servicebreaker.breaker.OperatorCommanded.Command;
import io.servicebreaker.breaker.Reason.Rule;
import io.servicebreaker.breaker.StateChanged;
import io.servicebreaker.call.CallRejected;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.Rejection;
import io.servicebreaker.call.RejectionScope;
import io.servicebreaker.event.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * An event as the endpoint shows it; what does not apply to its type is absent.
 *
 * @param type simple name of the event's class
 * @param reason why: a sentence for a change or a command, a word for a refusal
 */
record EventView(
        String type,
        Instant at,
        String service,
        @Nullable String reason,
        @Nullable BreakerState from,
        @Nullable BreakerState to,
        @Nullable Rule rule,
        @Nullable Boolean hypothetical,
        @Nullable Command command,
        @Nullable Duration expiresIn,
        @Nullable RejectionScope scope,
        @Nullable String operation,
        @Nullable String model,
        @Nullable Duration retryAfter) {

    /** Events, newest first. */
    record Page(List<EventView> events) implements OperationResponseBody {}

    static EventView of(Event event) {
        if (event instanceof StateChanged change) {
            return ofChange(change);
        }
        if (event instanceof OperatorCommanded command) {
            return ofCommand(command);
        }
        return event instanceof CallRejected refusal ? ofRefusal(refusal) : ofOther(event);
    }

    private static EventView ofChange(StateChanged change) {
        return new EventView(
                "StateChanged",
                change.at(),
                change.service(),
                change.reason().sentence(),
                change.from(),
                change.to(),
                change.reason().rule(),
                change.hypothetical(),
                null,
                null,
                null,
                null,
                null,
                change.retryAfter());
    }

    private static EventView ofCommand(OperatorCommanded command) {
        return new EventView(
                "OperatorCommanded",
                command.at(),
                command.service(),
                command.reason(),
                null,
                null,
                null,
                null,
                command.command(),
                command.expiresIn(),
                null,
                null,
                null,
                null);
    }

    private static EventView ofRefusal(CallRejected refusal) {
        CallRequest request = refusal.request();
        Rejection rejection = refusal.rejection();
        return new EventView(
                "CallRejected",
                refusal.at(),
                refusal.service(),
                rejection.reason().name(),
                null,
                null,
                null,
                null,
                null,
                null,
                rejection.scope(),
                nullIfEmpty(request.operation()),
                nullIfEmpty(request.model()),
                rejection.retryAfter().orElse(null));
    }

    private static EventView ofOther(Event event) {
        String type = event.getClass().getSimpleName();
        return new EventView(
                type, event.at(), event.service(), null, null, null, null, null, null, null, null, null, null, null);
    }

    private static @Nullable String nullIfEmpty(String text) {
        return text.isEmpty() ? null : text;
    }
}
