package io.servicebreaker.provider;

import io.servicebreaker.call.CallReport;
import java.util.Optional;

/**
 * Reads from an element of a stream the error that a provider tells in it, since it has sent its status before. One for
 * each kind of elements; safe for use by many threads. Is asked for each element.
 */
@FunctionalInterface
public interface StreamErrorReader {

    /** What the provider would have answered, with a status of 400 and above; empty if the element tells no error. */
    Optional<CallReport> read(Object element);
}
