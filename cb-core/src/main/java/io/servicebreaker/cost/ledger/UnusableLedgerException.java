package io.servicebreaker.cost.ledger;

/** A ledger can never be used as it is configured, so that it makes no sense to wait until it can. */
public final class UnusableLedgerException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Creates the exception. */
    public UnusableLedgerException(RuntimeException cause) {
        super(cause.getMessage(), cause);
    }
}
