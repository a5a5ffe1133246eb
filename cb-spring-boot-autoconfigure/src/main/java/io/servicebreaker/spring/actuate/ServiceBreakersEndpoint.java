package io.servicebreaker.spring.actuate;

import io.servicebreaker.coordination.Decisions;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/** The same where another library has the usual id. */
@WebEndpoint(id = ServiceBreakersEndpoint.ID, defaultAccess = Access.READ_ONLY)
final class ServiceBreakersEndpoint extends BreakerOperations {

    static final String ID = "servicebreakers";

    ServiceBreakersEndpoint(
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
