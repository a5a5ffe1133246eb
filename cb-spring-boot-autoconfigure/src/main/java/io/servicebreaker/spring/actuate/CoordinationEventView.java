package io.servicebreaker.spring.actuate;

import io.servicebreaker.call.DegradationLevel;
import io.servicebreaker.coordination.DegradationChanged;
import io.servicebreaker.coordination.IncidentDetected;
import io.servicebreaker.coordination.LoadShedding;
import io.servicebreaker.coordination.SystemMode;
import io.servicebreaker.coordination.SystemModeChanged;
import io.servicebreaker.event.Event;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An event about the services as a whole. */
sealed interface CoordinationEventView extends EventView {

    /** Calls should ask for more or for less work. */
    record Level(String type, Instant at, String service, DegradationLevel from, DegradationLevel to, String reason)
            implements CoordinationEventView {}

    /** The system is run in another mode. */
    record Mode(String type, Instant at, String service, SystemMode from, SystemMode to, String reason)
            implements CoordinationEventView {}

    /** Several services went down together. */
    record Incident(String type, Instant at, String service, List<String> services) implements CoordinationEventView {}

    /** This application is so short of resources that it refuses calls, or is so no more. */
    record Load(
            String type,
            Instant at,
            String service,
            boolean begins,
            @Nullable Double heap,
            @Nullable Double cpu,
            String reason)
            implements CoordinationEventView {}

    /** Null if the event is about something else. */
    static @Nullable EventView of(String type, Event event) {
        String service = EventView.serviceOf(event);
        if (event instanceof DegradationChanged change) {
            return new Level(type, change.at(), service, change.from(), change.to(), change.reason());
        }
        if (event instanceof SystemModeChanged change) {
            return new Mode(type, change.at(), service, change.from(), change.to(), change.reason());
        }
        if (event instanceof LoadShedding shedding) {
            return new Load(
                    type,
                    shedding.at(),
                    service,
                    shedding.begins(),
                    SystemView.known(shedding.heap()),
                    SystemView.known(shedding.cpu()),
                    shedding.reason());
        }
        return event instanceof IncidentDetected incident
                ? new Incident(type, incident.at(), service, incident.services())
                : null;
    }
}
