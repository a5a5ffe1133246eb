package io.servicebreaker.cost.ledger;

import io.servicebreaker.cost.SpendRecord;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Records that are kept together. Immutable.
 *
 * @param writer who made them, a random id of at most 36 characters
 * @param number which of that writer's batches it is
 * @param records in the order in which the calls ended
 */
public record SpendBatch(String writer, long number, List<SpendRecord> records) {

    private static final Pattern NOT_PLAIN = Pattern.compile("[^ -~]");

    public SpendBatch {
        records = List.copyOf(records);
    }

    /** The same with a question mark for each character that not all stores have. */
    SpendBatch inPlainCharacters() {
        return new SpendBatch(
                writer, number, records.stream().map(SpendBatch::plain).toList());
    }

    private static SpendRecord plain(SpendRecord record) {
        return new SpendRecord(
                record.bookedAt(),
                record.endedAt(),
                plain(record.service()),
                plain(record.model()),
                plain(record.operation()),
                plain(record.category()),
                plain(record.correlation()),
                record.outcome(),
                record.cause(),
                record.usage(),
                record.estimated(),
                record.cost());
    }

    private static String plain(String name) {
        return NOT_PLAIN.matcher(name).replaceAll("?");
    }
}
