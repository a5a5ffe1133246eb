package io.servicebreaker.sample.simulator;

import java.io.IOException;
import java.io.Serial;

/**
 * Ends a connection in the middle of an answer.
 *
 * <p>The JDK's server closes the socket when a handler throws; closing the exchange instead would end the answer as if it
 * were complete.
 */
final class ConnectionCutException extends IOException {

    @Serial
    private static final long serialVersionUID = 1L;

    ConnectionCutException(String reason) {
        super(reason);
    }
}
