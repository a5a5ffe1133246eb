package io.servicebreaker.provider;

import io.servicebreaker.call.CallReport;
import java.util.Optional;

/**
 * Reads from a client library's exception what the provider answered. One for each client library; safe for use by many
 * threads.
 */
@FunctionalInterface
public interface ErrorReader {

    /** What the provider answered, or empty if the exception is none of this library's. */
    Optional<CallReport> read(Throwable error);
}
