package io.servicebreaker.call;

/**
 * An answer came, but {@code acceptResult} says that it is not good enough. Has no stack trace: it tells a fallback
 * method why it was asked.
 */
public class UnacceptableResultException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Creates the exception. */
    public UnacceptableResultException(String message) {
        super(message, null, false, false);
    }
}
