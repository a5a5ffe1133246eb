package io.servicebreaker.cost.ledger;

import io.servicebreaker.cost.SpendRecord;
import java.util.List;

/** The ledger of the tests is none that allows what others do not. */
class MemoryLedgerTest extends SpendLedgerContract {

    @Override
    protected SpendLedger emptyLedger() {
        return new MemoryLedger();
    }

    @Override
    protected SpendLedger again(SpendLedger before) {
        return before;
    }

    @Override
    protected List<SpendRecord> records(SpendLedger of) {
        return ((MemoryLedger) of).records();
    }
}
