package io.servicebreaker.coordination;

import io.servicebreaker.event.Event;
import java.time.Instant;

/**
 * The system is run in another mode than before.
 *
 * @param reason why, for people
 */
public record SystemModeChanged(Instant at, SystemMode from, SystemMode to, String reason) implements Event {

    @Override
    public String service() {
        return "";
    }
}
