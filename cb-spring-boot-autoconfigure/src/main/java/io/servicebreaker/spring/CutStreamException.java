package io.servicebreaker.spring;

import java.io.IOException;

/** The connection ended as it should, the stream in it did not. Never thrown, only judged. */
public final class CutStreamException extends IOException {

    private static final long serialVersionUID = 1L;

    /** Says just that. */
    public CutStreamException() {
        super("the stream ended before its end");
    }

    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
