package io.servicebreaker.sample.simulator;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** A way in which a provider can fail. */
enum Fault {
    NONE(Manner.SERVES),
    RATE_LIMIT(Manner.REFUSES),
    TOKEN_LIMIT(Manner.REFUSES),
    QUOTA(Manner.REFUSES),
    AUTH(Manner.REFUSES),
    OVERLOAD(Manner.REFUSES),
    MODEL_OVERLOAD(Manner.REFUSES),
    SLOW_DOWN(Manner.REFUSES),
    SERVER_ERROR(Manner.REFUSES),
    GATEWAY_TIMEOUT(Manner.REFUSES),
    BAD_REQUEST(Manner.REFUSES),
    CONTEXT_LENGTH(Manner.REFUSES),
    CONTENT_FILTER(Manner.REFUSES),
    MODEL_NOT_FOUND(Manner.REFUSES),
    INDEX_UPDATING(Manner.REFUSES),
    EMBEDDING_FAILURE(Manner.REFUSES),
    OUT_OF_MEMORY(Manner.REFUSES),
    UPSTREAM_AUTH(Manner.REFUSES),
    TIMEOUT(Manner.HANGS),
    KEEP_ALIVE(Manner.HANGS),
    CONNECTION_RESET(Manner.BREAKS),
    SLOW(Manner.SERVES),
    EMPTY(Manner.SERVES),
    NO_CITATIONS(Manner.SERVES),
    MALFORMED(Manner.SERVES),
    STREAM_STALL(Manner.BREAKS),
    STREAM_CUT(Manner.BREAKS),
    STREAM_ERROR(Manner.BREAKS),
    STREAM_ERROR_BILLED(Manner.BREAKS),
    ABSURD_HEADERS(Manner.SERVES),
    ABSURD_RATE_LIMIT(Manner.REFUSES);

    private static final Set<Fault> OF_EVERY_PROVIDER =
            EnumSet.of(NONE, TIMEOUT, CONNECTION_RESET, SLOW, EMPTY, MALFORMED, STREAM_STALL, STREAM_CUT, STREAM_ERROR);

    private final Manner manner;

    Fault(Manner manner) {
        this.manner = manner;
    }

    /** The name in the control API: {@code rate-limit}. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether the provider answers at once with an error status. */
    boolean isRefusal() {
        return manner == Manner.REFUSES;
    }

    /** Whether the provider says nothing of worth until the connection ends. */
    boolean hangs() {
        return manner == Manner.HANGS;
    }

    /** Whether the time to wait that an operator has set is sent. */
    boolean tellsWait() {
        return isRefusal() && this != ABSURD_RATE_LIMIT;
    }

    /** What can happen at any provider, its own refusals and what else is peculiar to it. */
    static Set<Fault> everyAnd(Collection<Fault> refusals, Fault... others) {
        Set<Fault> faults = EnumSet.copyOf(OF_EVERY_PROVIDER);
        faults.addAll(refusals);
        faults.addAll(List.of(others));
        return faults;
    }

    static Optional<Fault> labelled(String label) {
        return Arrays.stream(values())
                .filter(fault -> fault.label().equals(label))
                .findFirst();
    }

    private enum Manner {
        SERVES,
        REFUSES,
        HANGS,
        BREAKS
    }
}
