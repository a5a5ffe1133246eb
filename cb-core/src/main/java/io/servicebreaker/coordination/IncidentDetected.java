package io.servicebreaker.coordination;

import io.servicebreaker.event.Event;
import java.time.Instant;
import java.util.List;

/**
 * So many services went down together that it is no coincidence.
 *
 * @param services that went down
 */
public record IncidentDetected(Instant at, List<String> services) implements Event {

    public IncidentDetected {
        services = List.copyOf(services);
    }

    @Override
    public String service() {
        return "";
    }
}
