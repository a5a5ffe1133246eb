package io.servicebreaker.spring.actuate;

import io.servicebreaker.coordination.SystemHealth;
import io.servicebreaker.cost.CostOverride;
import io.servicebreaker.cost.CostRules;
import io.servicebreaker.spring.ServiceCosts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/** Checks what is asked for in an emergency, does it and leaves a trace of it. */
final class EmergencyCommands {

    private static final Duration LONGEST = Duration.ofHours(24);

    private final ServiceCosts costs;
    private final SystemHealth system;
    private final CommandRoles roles;
    private final CommandTrail trail;

    EmergencyCommands(ServiceCosts costs, SystemHealth system, CommandRoles roles, CommandTrail trail) {
        this.costs = costs;
        this.system = system;
        this.roles = roles;
        this.trail = trail;
    }

    /** What can be asked for. */
    enum Action {
        /** Lets nothing but essential calls, probes and the cache through. */
        ENTER,
        /** Ends that. */
        LEAVE,
        /** Lets calls pass the cost rules that allow it. */
        OVERRIDE_BUDGET
    }

    /**
     * Carries out a command.
     *
     * @throws CommandException if a value is missing or wrong, or whoever asks may not
     */
    OperationResponseBody give(CommandRequest request) {
        if (!roles.isInCharge(request.security())) {
            throw trail.denied(request, "the whole application", roles.emergency());
        }
        return switch (CommandRequest.oneOf(Action.class, "action", request.action())) {
            case ENTER -> enter(request);
            case LEAVE -> leave(request);
            case OVERRIDE_BUDGET -> overrideBudget(request);
        };
    }

    private SystemView enter(CommandRequest request) {
        String why = request.why();
        Duration expiry = request.neededExpiry(LONGEST);
        mustHoldForAll(request);
        system.declareEmergency(why, request.by(), expiry);
        trail.given(request, "ENTER an emergency", expiry, Map.of("command", Action.ENTER.name()));
        return SystemView.of(system);
    }

    private SystemView leave(CommandRequest request) {
        request.why();
        mustHoldForAll(request);
        if (system.endEmergency() == null) {
            throw CommandException.wrong("action is LEAVE, and there is no emergency", List.of("ENTER"));
        }
        trail.given(request, "LEAVE the emergency", null, Map.of("command", Action.LEAVE.name()));
        return SystemView.of(system);
    }

    private static void mustHoldForAll(CommandRequest request) {
        String scope = request.scope();
        if (scope != null && !scope.isBlank() && !scope.strip().equals(CostRules.ALL_SERVICES)) {
            throw CommandException.wrong(
                    "scope is '" + scope + "', and an emergency is one of all services",
                    List.of(CostRules.ALL_SERVICES));
        }
    }

    private OverrideView overrideBudget(CommandRequest request) {
        String why = request.why();
        Duration expiry = request.neededExpiry(LONGEST);
        String scope = scope(request.scope());
        CostOverride override = costs.rules().override(scope, why, request.by(), expiry);
        Map<String, String> data = new LinkedHashMap<>();
        data.put("command", Action.OVERRIDE_BUDGET.name());
        data.put("scope", scope);
        trail.given(request, Action.OVERRIDE_BUDGET + " to the calls of " + words(scope), expiry, data);
        return OverrideView.of(override, costs.rules().rules());
    }

    private static String words(String scope) {
        return scope.equals(CostRules.ALL_SERVICES) ? "all services" : "'" + scope + "'";
    }

    private String scope(@Nullable String text) {
        String scope = text == null || text.isBlank() ? CostRules.ALL_SERVICES : text.strip();
        List<String> allowed = new ArrayList<>(List.of(CostRules.ALL_SERVICES));
        allowed.addAll(costs.budgets().services());
        if (!allowed.contains(scope)) {
            throw CommandException.wrong("scope is '" + text + "', which is no service that spends", allowed);
        }
        return scope;
    }
}
