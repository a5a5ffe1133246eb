package io.servicebreaker.support;

/** Throws checked exceptions where none is declared, as code in Kotlin or Groovy does. */
public final class Sneaky {

    private Sneaky() {}

    /** Throws the exception; the return type lets a caller write {@code throw}. */
    public static RuntimeException raise(Throwable error) {
        throw Sneaky.<RuntimeException>raiseAs(error);
    }

    @SuppressWarnings("unchecked") // erased: nothing is cast
    private static <E extends Throwable> E raiseAs(Throwable error) throws E {
        throw (E) error;
    }
}
