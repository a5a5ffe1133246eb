package io.servicebreaker.call;

import io.servicebreaker.event.Event;
import java.time.Instant;

/**
 * A call was refused.
 *
 * @param request the call, without its prompt
 * @param rejection why
 */
public record CallRejected(Instant at, CallRequest request, Rejection rejection) implements Event {

    @Override
    public String service() {
        return request.service();
    }
}
