package io.servicebreaker.sample.simulator;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The wire format of one provider. */
interface ProviderApi {

    /** The faults that this provider can have. */
    Set<Fault> faults();

    /** The models that requests can name, empty if they name none. */
    Set<String> models();

    /** The answer to a request that the provider does not accept, or null if it accepts it. */
    @Nullable
    Answer refusal(Request request);

    /**
     * The answer to an accepted request that meets this fate.
     *
     * <p>Faults of what is said are in it, an error inside a stream among them; faults of the connection are not.
     */
    Answer answer(Request request, Fate fate);

    /** Whether faults reach this request at all. */
    default boolean canFail(Request request) {
        return true;
    }
}
