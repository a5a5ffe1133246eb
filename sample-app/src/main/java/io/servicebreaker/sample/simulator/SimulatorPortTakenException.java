package io.servicebreaker.sample.simulator;

import java.io.Serial;

/** Somebody else listens on the simulator's port. Not Boot's own exception, which is read as the web server's. */
final class SimulatorPortTakenException extends IllegalStateException {

    @Serial
    private static final long serialVersionUID = 1L;

    SimulatorPortTakenException(int port, Throwable cause) {
        super("The simulator cannot listen on port " + port + ": it is taken", cause);
    }
}
