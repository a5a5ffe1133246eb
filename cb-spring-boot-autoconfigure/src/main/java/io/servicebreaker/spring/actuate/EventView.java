package io.servicebreaker.spring.actuate;

import io.servicebreaker.adaptive.ThresholdsAdjusted;
import io.servicebreaker.breaker.BreakerScope;
import io.servicebreaker.breaker.BreakerState;
import io.servicebreaker.breaker.OperatorCommanded;
import io.servicebreaker.breaker.Reason.Rule;
import io.servicebreaker.breaker.StateChanged;
import io.servicebreaker.call.CallRejected;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.Rejection;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.call.RejectionScope;
import io.servicebreaker.coordination.FailuresCorrelated;
import io.servicebreaker.cost.CostRules;
import io.servicebreaker.event.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/** An event as the endpoint shows it. */
sealed interface EventView
        permits EventView.Change,
                EventView.Command,
                EventView.Refusal,
                EventView.Correlated,
                EventView.Other,
                AdjustmentView,
                CostEventView,
                CoordinationEventView {

    /** Simple name of the event's class. */
    String type();

    /** When it happened. */
    Instant at();

    /** The service that it happened to, or {@code *} for all together. */
    String service();

    /** Events, newest first. */
    record Page(List<EventView> events) implements OperationResponseBody {}

    /** A change of state. */
    record Change(
            String type,
            Instant at,
            String service,
            @Nullable String model,
            @Nullable String credential,
            @Nullable String backend,
            BreakerState from,
            BreakerState to,
            Rule rule,
            String reason,
            @Nullable Duration retryAfter,
            boolean hypothetical)
            implements EventView {}

    /** What an operator did. */
    record Command(
            String type,
            Instant at,
            String service,
            OperatorCommanded.Command command,
            String reason,
            @Nullable Duration expiresIn)
            implements EventView {}

    /** A refused call. */
    record Refusal(
            String type,
            Instant at,
            String service,
            RejectionReason reason,
            RejectionScope scope,
            @Nullable String operation,
            @Nullable String model,
            @Nullable Duration retryAfter)
            implements EventView {}

    /** Services were found to fail together, or no longer do. */
    record Correlated(String type, Instant at, String service, CorrelationView correlation) implements EventView {}

    /** An event that we know no more of. */
    record Other(String type, Instant at, String service) implements EventView {}

    static EventView of(Event event) {
        String type = event.getClass().getSimpleName();
        if (event instanceof StateChanged change) {
            return of(type, change);
        }
        if (event instanceof OperatorCommanded done) {
            return new Command(type, done.at(), done.service(), done.command(), done.reason(), done.expiresIn());
        }
        if (event instanceof CallRejected refused) {
            return of(type, refused);
        }
        if (event instanceof FailuresCorrelated found) {
            return new Correlated(type, found.at(), serviceOf(event), CorrelationView.of(found.correlation()));
        }
        if (event instanceof ThresholdsAdjusted step) {
            return AdjustmentView.of(step);
        }
        EventView aboutMoney = CostEventView.of(type, event);
        EventView known = aboutMoney == null ? CoordinationEventView.of(type, event) : aboutMoney;
        return known == null ? new Other(type, event.at(), event.service()) : known;
    }

    /** The service as the view of an event has it. */
    static String serviceOf(Event event) {
        return event.service().isEmpty() ? CostRules.ALL_SERVICES : event.service();
    }

    private static Change of(String type, StateChanged change) {
        return new Change(
                type,
                change.at(),
                change.service(),
                idAt(RejectionScope.MODEL, change.scope()),
                idAt(RejectionScope.CREDENTIAL, change.scope()),
                nullIfEmpty(change.scope().backend()),
                change.from(),
                change.to(),
                change.reason().rule(),
                change.reason().sentence(),
                change.retryAfter(),
                change.hypothetical());
    }

    private static Refusal of(String type, CallRejected refused) {
        CallRequest request = refused.request();
        Rejection rejection = refused.rejection();
        return new Refusal(
                type,
                refused.at(),
                refused.service(),
                rejection.reason(),
                rejection.scope(),
                nullIfEmpty(request.operation()),
                nullIfEmpty(request.model()),
                rejection.retryAfter().orElse(null));
    }

    private static @Nullable String idAt(RejectionScope level, BreakerScope scope) {
        return scope.level() == level ? scope.id() : null;
    }

    private static @Nullable String nullIfEmpty(String text) {
        return text.isEmpty() ? null : text;
    }
}
