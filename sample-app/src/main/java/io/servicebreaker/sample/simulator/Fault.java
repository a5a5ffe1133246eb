package io.servicebreaker.sample.simulator;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A way in which a provider can fail. */
enum Fault {
    NONE,
    RATE_LIMIT,
    QUOTA,
    AUTH,
    OVERLOAD,
    SERVER_ERROR,
    GATEWAY_TIMEOUT,
    TIMEOUT,
    SLOW,
    EMPTY,
    MALFORMED,
    CONTEXT_LENGTH,
    STREAM_STALL,
    STREAM_ERROR;

    /** The name in the control API: {@code rate-limit}. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether the provider answers at once with an error status. */
    boolean isRefusal() {
        return switch (this) {
            case RATE_LIMIT, QUOTA, AUTH, OVERLOAD, SERVER_ERROR, GATEWAY_TIMEOUT, CONTEXT_LENGTH -> true;
            default -> false;
        };
    }

    static Optional<Fault> labelled(String label) {
        return Arrays.stream(values())
                .filter(fault -> fault.label().equals(label))
                .findFirst();
    }

    static List<String> labels() {
        return Arrays.stream(values()).map(Fault::label).toList();
    }
}
