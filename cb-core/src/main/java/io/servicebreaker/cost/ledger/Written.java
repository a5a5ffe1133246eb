package io.servicebreaker.cost.ledger;

import io.servicebreaker.cost.Money;
import java.time.Instant;
import java.util.Map;

/**
 * What a writer has to tell a store at one time.
 *
 * @param batch what calls have cost, maybe nothing
 * @param reserved what was reserved by service before these were taken: a call that ended between the two counts twice
 *     until the next time rather than not at all
 */
record Written(SpendBatch batch, Instant at, Map<String, Money> reserved) {

    int size() {
        return batch.records().size();
    }

    void reserveIn(SpendLedger ledger) {
        ledger.reserve(batch.writer(), at, reserved);
    }
}
