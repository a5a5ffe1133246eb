package io.servicebreaker.spring.actuate;

import io.servicebreaker.coordination.DecisionRecord;
import io.servicebreaker.coordination.Decisions;
import io.servicebreaker.event.Event;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/**
 * The operations of the endpoint, whatever its id.
 *
 * <p>An endpoint cannot have two operations of the same shape, so addresses such as {@code /events} arrive where the
 * name of a service is expected; no service can be called like them.
 */
abstract class BreakerOperations {

    private static final String INSIGHTS = "insights";
    private static final String EVENTS = "events";
    private static final String DECISIONS = "decisions";
    private static final String BUDGETS = "budgets";
    private static final String CORRELATIONS = "correlations";
    private static final String ADJUSTMENTS = "adjustments";
    private static final String EMERGENCY = "emergency";
    private static final int USUAL_LIMIT = 100;

    private final BreakerViews views;
    private final Insights insights;
    private final EventLog log;
    private final Decisions decisions;
    private final OperatorCommands operatorCommands;
    private final EmergencyCommands emergencyCommands;
    private final ExternalEventCommands eventCommands;

    BreakerOperations(
            BreakerViews views,
            Insights insights,
            EventLog log,
            Decisions decisions,
            OperatorCommands operatorCommands,
            EmergencyCommands emergencyCommands,
            ExternalEventCommands eventCommands) {
        this.decisions = decisions;
        this.eventCommands = eventCommands;
        this.views = views;
        this.insights = insights;
        this.log = log;
        this.operatorCommands = operatorCommands;
        this.emergencyCommands = emergencyCommands;
    }

    /** Everything at a glance. */
    @ReadOperation
    public OverviewView overview() {
        return views.overview();
    }

    /** One breaker with its explanation, or what else has an address: insights, events, decisions, adjustments and so on. */
    @ReadOperation
    public WebEndpointResponse<?> one(
            @Selector String name, @Nullable String service, @Nullable Integer limit, @Nullable Integer hours) {
        if (name.equals(INSIGHTS)) {
            return insights.answer(hours);
        }
        if (name.equals(EVENTS)) {
            return events(service, limit == null ? USUAL_LIMIT : limit);
        }
        if (name.equals(DECISIONS)) {
            return decisions(service, limit == null ? USUAL_LIMIT : limit);
        }
        if (name.equals(ADJUSTMENTS)) {
            return adjustments(service, limit == null ? USUAL_LIMIT : limit);
        }
        if (name.equals(BUDGETS)) {
            return new WebEndpointResponse<>(views.budgets());
        }
        if (name.equals(CORRELATIONS)) {
            return new WebEndpointResponse<>(views.correlations());
        }
        return views.find(name)
                .<WebEndpointResponse<?>>map(breaker -> new WebEndpointResponse<>(views.of(breaker)))
                .orElseGet(() -> unknown(name));
    }

    private WebEndpointResponse<?> decisions(@Nullable String service, int limit) {
        if (limit < 1) {
            return tooFew(limit);
        }
        Predicate<DecisionRecord> wanted =
                decision -> service == null || decision.service().equals(service);
        return new WebEndpointResponse<>(new DecisionView.Page(
                decisions.newest(limit, wanted).stream().map(DecisionView::of).toList()));
    }

    private WebEndpointResponse<?> adjustments(@Nullable String service, int limit) {
        return limit < 1 ? tooFew(limit) : new WebEndpointResponse<>(views.adjustments(service, limit));
    }

    private static WebEndpointResponse<?> tooFew(int limit) {
        return ProblemView.badRequest("limit is " + limit, List.of("at least 1"));
    }

    private WebEndpointResponse<?> events(@Nullable String service, int limit) {
        if (limit < 1) {
            return tooFew(limit);
        }
        Predicate<Event> wanted =
                event -> service == null || EventView.serviceOf(event).equals(service);
        return new WebEndpointResponse<>(new EventView.Page(
                log.newest(limit, wanted).stream().map(EventView::of).toList()));
    }

    /** Gives a command to a breaker and answers the breaker after it, or one for an emergency, or tells of an event. */
    @WriteOperation
    public WebEndpointResponse<?> command(
            @Selector String name,
            @Nullable String updateState,
            @Nullable String action,
            @Nullable String reason,
            @Nullable String expiresIn,
            @Nullable String scope,
            @Nullable String type,
            @Nullable String service,
            SecurityContext security) {
        CommandRequest request = new CommandRequest(updateState, action, reason, expiresIn, scope, security);
        try {
            if (name.equals(EVENTS)) {
                return new WebEndpointResponse<>(eventCommands.post(type, service, request));
            }
            return name.equals(EMERGENCY)
                    ? new WebEndpointResponse<>(emergencyCommands.give(request))
                    : toBreaker(name, request);
        } catch (CommandException e) {
            return e.answer();
        }
    }

    private WebEndpointResponse<?> toBreaker(String name, CommandRequest request) {
        var breaker = views.find(name);
        if (breaker.isEmpty()) {
            return unknown(name);
        }
        operatorCommands.give(breaker.get(), request);
        return new WebEndpointResponse<>(views.of(breaker.get()));
    }

    private WebEndpointResponse<?> unknown(String name) {
        return ProblemView.notFound("Service '" + name + "' is not configured", views.names());
    }
}
