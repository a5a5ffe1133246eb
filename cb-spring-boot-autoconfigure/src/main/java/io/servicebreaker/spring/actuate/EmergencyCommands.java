package io.servicebreaker.spring.actuate;

import io.servicebreaker.cost.CostOverride;
import io.servicebreaker.cost.CostRules;
import io.servicebreaker.spring.ServiceCosts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks what is asked for in an emergency, does it and leaves a trace of it. */
final class EmergencyCommands {

    private static final Duration LONGEST = Duration.ofHours(24);

    private final ServiceCosts costs;
    private final CommandRoles roles;
    private final CommandTrail trail;

    EmergencyCommands(ServiceCosts costs, CommandRoles roles, CommandTrail trail) {
        this.costs = costs;
        this.roles = roles;
        this.trail = trail;
    }

    /** What can be asked for. */
    enum Action {
        /** Lets calls pass the cost rules that allow it. */
        OVERRIDE_BUDGET
    }

    /**
     * Carries out a command.
     *
     * @throws CommandException if a value is missing or wrong, or whoever asks may not
     */
    OverrideView give(CommandRequest request) {
        if (!roles.isInCharge(request.security())) {
            throw trail.denied(request, "the whole application", roles.emergency());
        }
        Action action = CommandRequest.oneOf(Action.class, "action", request.action());
        String why = request.why();
        Duration expiry = request.neededExpiry(LONGEST);
        String scope = scope(request.scope());
        CostOverride override = costs.rules().override(scope, why, request.by(), expiry);
        Map<String, String> data = new LinkedHashMap<>();
        data.put("command", action.name());
        data.put("scope", scope);
        trail.given(request, action + " to the calls of " + words(scope), expiry, data);
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
