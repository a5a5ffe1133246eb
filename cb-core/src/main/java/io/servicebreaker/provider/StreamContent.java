package io.servicebreaker.provider;

/**
 * Tells what in a stream is part of the answer and what only keeps the connection alive. One for each kind of elements;
 * an element is content unless one of them objects. Safe for use by many threads; does no I/O.
 */
@FunctionalInterface
public interface StreamContent {

    /** False for an element that is known to bring nothing of the answer; true for all that this one does not know. */
    boolean isContent(Object element);
}
