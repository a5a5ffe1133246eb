package io.servicebreaker.cost.ledger;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How the keeping of records goes.
 *
 * @param failingSince since when the store cannot be used; null if it can
 * @param problem why, in the words of the store; null if it can be used
 * @param waiting records in memory that the store does not have yet
 * @param spilled records in local files, until the store has them
 * @param unspillable why they cannot be written to a file; null if they can or need not be
 * @param unrecorded calls since the start whose cost is kept, but no record of their own
 */
public record LedgerStatus(
        @Nullable Instant failingSince,
        @Nullable String problem,
        long waiting,
        long spilled,
        @Nullable String unspillable,
        long unrecorded) {

    /** Whether everything is kept, or will be in a moment. */
    public boolean isUp() {
        return failingSince == null && unspillable == null;
    }
}
