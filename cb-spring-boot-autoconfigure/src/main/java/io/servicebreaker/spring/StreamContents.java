package io.servicebreaker.spring;

/** Tells what a limited stream waits for. Asked by one thread at a time; must not throw. */
@FunctionalInterface
public interface StreamContents<T> {

    /** Whether an element, which has just come, is part of the answer. Asked once for each. */
    boolean isContent(T element);

    /** Whether nothing that matters can follow, so that nothing is waited for. Asked after each element. */
    default boolean areComplete() {
        return false;
    }
}
