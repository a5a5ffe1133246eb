package io.servicebreaker.sample.simulator;

import java.io.Serial;

/** The property {@code replay} cannot be understood. */
final class InvalidReplayException extends IllegalArgumentException {

    @Serial
    private static final long serialVersionUID = 1L;

    InvalidReplayException(String value, String reason) {
        super("The replay '" + value + "' cannot be played: " + reason);
    }
}
