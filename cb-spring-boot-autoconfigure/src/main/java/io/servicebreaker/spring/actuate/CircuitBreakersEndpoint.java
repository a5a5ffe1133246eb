package io.servicebreaker.spring.actuate;

import io.servicebreaker.coordination.Decisions;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/** Circuit breakers of the configured services. */
@WebEndpoint(id = CircuitBreakersEndpoint.ID, defaultAccess = Access.READ_ONLY)
final class CircuitBreakersEndpoint extends BreakerOperations {

    static final String ID = "circuitbreakers";

    CircuitBreakersEndpoint(
            BreakerViews views,
            Insights insights,
            EventLog log,
            Decisions decisions,
            OperatorCommands operatorCommands,
            EmergencyCommands emergencyCommands,
            ExternalEventCommands eventCommands) {
        super(views, insights, log, decisions, operatorCommands, emergencyCommands, eventCommands);
    }
}
