package io.servicebreaker.spring.jdbc;

import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Usage;
import io.servicebreaker.cost.Money;
import io.servicebreaker.cost.SpendRecord;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** What people read who ask the database. */
final class StoredRecords {

    private StoredRecords() {}

    static List<SpendRecord> in(DataSource database) {
        return new JdbcTemplate(database)
                .query("SELECT * FROM service_breaker_spend_record", (row, number) -> record(row));
    }

    private static SpendRecord record(ResultSet row) throws SQLException {
        int input = row.getInt("input_tokens");
        boolean told = !row.wasNull();
        String cause = row.getString("cause");
        return new SpendRecord(
                instant(row, "booked_at"),
                instant(row, "ended_at"),
                row.getString("service"),
                row.getString("model"),
                row.getString("operation"),
                row.getString("category"),
                row.getString("correlation"),
                Outcome.Kind.valueOf(row.getString("outcome")),
                cause == null ? null : FailureCause.valueOf(cause),
                told
                        ? new Usage(
                                input,
                                row.getInt("output_tokens"),
                                row.getInt("cached_input_tokens"),
                                row.getInt("searches"))
                        : null,
                new Money(row.getLong("estimated")),
                new Money(row.getLong("cost")));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
