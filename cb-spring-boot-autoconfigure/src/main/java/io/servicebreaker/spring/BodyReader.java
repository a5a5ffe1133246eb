package io.servicebreaker.spring;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Sees the body of an answer on its way to the client that reads it. Its methods never throw. Pieces and the end come one
 * after the other, from whatever threads; only {@link #closed} may come at any time. The first end decides.
 */
public interface BodyReader {

    /** The client begins to wait for the next piece. */
    default void awaited() {}

    /** A piece of the body; it may begin and end anywhere. Position and limit of the buffer stay. */
    void read(ByteBuffer piece);

    /** Why the client must not wait for more, although something may have come; null while it may. */
    default @Nullable IOException ended() {
        return null;
    }

    /** The body has ended. */
    void completed();

    /** The body has broken off. */
    void failed(Throwable error);

    /** The client is no longer interested. */
    void closed();
}
