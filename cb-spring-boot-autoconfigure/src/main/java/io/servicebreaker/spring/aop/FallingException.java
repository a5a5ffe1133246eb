package io.servicebreaker.spring.aop;

/** Takes a hop from the subscriber that decided on it to the operator behind it, which goes on; nobody else sees it. */
final class FallingException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Hop hop;

    FallingException(Hop hop) {
        super(null, hop.failure(), false, false);
        this.hop = hop;
    }

    Hop hop() {
        return hop;
    }
}
