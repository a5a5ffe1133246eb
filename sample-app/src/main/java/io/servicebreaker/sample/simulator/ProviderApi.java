package io.servicebreaker.sample.simulator;

import org.jspecify.annotations.Nullable;

/** The wire format of one provider. */
interface ProviderApi {

    /** The answer to a request that the provider does not accept, or null if it accepts it. */
    @Nullable
    Answer refusal(Request request);

    /** The answer to an accepted request that meets this fate. */
    Answer answer(Request request, Fate fate);

    /** What the provider sends when it fails inside a stream, or null if it just cuts the connection. */
    @Nullable
    String streamError();

    /** Whether faults reach this request at all. */
    default boolean canFail(Request request) {
        return true;
    }
}
