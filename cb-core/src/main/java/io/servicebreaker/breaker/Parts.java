package io.servicebreaker.breaker;

/**
 * What a service consists of, as its breaker sees it: several deployments with breakers of their own, or, as here, nothing
 * that anybody knows of. Safe for use by many threads.
 */
class Parts {

    /** Of most services. */
    static final Parts NONE = new Parts();

    /** The state that the service's breaker is in, where these know better until when it is to be left alone. */
    State followed(State state, long now) {
        return state;
    }

    /** An operator has closed the service: so are these. */
    void close(String reason) {}

    /** An operator wants the service as new: so are these. */
    void reset(String reason) {}

    /** The service is not to be called before a time. */
    void hold(Deadline deadline, long now) {}

    /** As {@link #hold}, where it is not called anyway. */
    void extend(Deadline deadline, long now) {}
}
