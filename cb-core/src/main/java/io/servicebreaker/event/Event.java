package io.servicebreaker.event;

import java.time.Instant;

/**
 * Something that happened. Immutable, named in the past tense and declared by the package that raises it.
 *
 * <p>An event may arrive after a newer one, because the publishing thread can be preempted between the change and the
 * publishing. Events inform people and statistics; nothing that admits calls may depend on their order.
 */
public interface Event {

    /** When it happened. */
    Instant at();

    /** The service that it happened to. */
    String service();
}
