package io.servicebreaker.cost.ledger;

/** A ledger will never take what it was given, however often it is tried, but may take something else. */
public final class RefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Creates the exception. */
    public RefusedException(RuntimeException cause) {
        super(cause.getMessage(), cause);
    }
}
