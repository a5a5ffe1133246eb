package io.servicebreaker.coordination;

import io.servicebreaker.event.Event;
import java.time.Instant;

/**
 * This application has become so short of resources that calls are refused, or is so no more.
 *
 * @param begins whether it has begun; else it has ended
 * @param heap as in {@link LoadReading}
 * @param cpu as in {@link LoadReading}
 * @param reason why, for people
 */
public record LoadShedding(Instant at, boolean begins, double heap, double cpu, String reason) implements Event {

    @Override
    public String service() {
        return "";
    }
}
