package io.servicebreaker.cost.ledger;

import io.servicebreaker.cost.SpendRecord;
import java.util.List;

/**
 * Records that are kept together. Immutable.
 *
 * @param writer who made them, a random id of at most 36 characters
 * @param number which of that writer's batches it is
 * @param records in the order in which the calls ended
 */
public record SpendBatch(String writer, long number, List<SpendRecord> records) {

    public SpendBatch {
        records = List.copyOf(records);
    }
}
