package io.servicebreaker.spring.jdbc;

import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Usage;
import io.servicebreaker.cost.Money;
import io.servicebreaker.cost.SpendRecord;
import io.servicebreaker.cost.ledger.RefusedException;
import io.servicebreaker.cost.ledger.SpendBatch;
import io.servicebreaker.cost.ledger.SpendLedger;
import io.servicebreaker.time.TimeSource;
import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * What calls cost, in a database: a row for each call, for good, and what each writer has spent in each quarter of an hour,
 * written together, so that nobody has to add up a month of calls. See docs/decisions/0016. Safe for use by many threads.
 */
final class JdbcSpendLedger implements SpendLedger {

    /** More than two months. */
    private static final Duration TOTALS_KEPT = Duration.ofDays(70);

    private static final long QUARTER_SECONDS = 15 * 60;
    private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);

    /** A row that says when, if there is no other. */
    private static final Map<String, Money> NOTHING = Map.of("", Money.ZERO);

    private static final String INSERT_RECORD = """
            INSERT INTO service_breaker_spend_record
              (application, writer, batch_number, batch_position, booked_at, ended_at, service, model, operation, category,
               correlation, outcome, cause, input_tokens, output_tokens, cached_input_tokens, searches, estimated, cost,
               currency)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""";

    private static final String SPENT_BY_OTHERS = """
            SELECT service, SUM(amount) FROM (
              SELECT service, spent AS amount FROM service_breaker_spend_total
               WHERE application = ? AND currency = ? AND writer <> ? AND quarter_hour >= ?
              UNION ALL
              SELECT service, CAST(cost AS NUMERIC(38)) FROM service_breaker_spend_record
               WHERE application = ? AND currency = ? AND writer <> ? AND booked_at >= ? AND booked_at < ?
              UNION ALL
              SELECT service, CAST(amount AS NUMERIC(38)) FROM service_breaker_reservation
               WHERE application = ? AND currency = ? AND writer <> ? AND reserved_at >= ?
                 AND service <> ''
            ) others GROUP BY service""";

    private final Database database;
    private final String application;
    private final String currency;
    private final TimeSource time;

    /** One service's in one quarter of an hour. */
    private record Quarter(String service, Instant begin) {}

    /**
     * Creates one that is not open yet.
     *
     * @param application its name; what others have in the same database does not count
     * @param currency code of the one in which all amounts are; what is there in another does not count
     */
    JdbcSpendLedger(Database database, String application, String currency, TimeSource time) {
        this.database = database;
        this.application = application;
        this.currency = currency;
        this.time = time;
    }

    @Override
    public void open() {
        database.prepare();
        OffsetDateTime oldest = timestamp(time.now().minus(TOTALS_KEPT));
        database.transact(jdbc -> jdbc.update(
                        "DELETE FROM service_breaker_spend_total WHERE application = ? AND quarter_hour < ?",
                        application,
                        oldest)
                + jdbc.update(
                        "DELETE FROM service_breaker_reservation WHERE application = ? AND reserved_at < ?",
                        application,
                        oldest));
    }

    @Override
    public void append(SpendBatch batch) {
        taken(() -> database.transact(jdbc -> {
            if (!has(batch, jdbc)) {
                insert(batch, jdbc);
                add(batch, jdbc);
            }
            return true;
        }));
    }

    private static boolean has(SpendBatch batch, JdbcTemplate jdbc) {
        return !jdbc.queryForList(
                        "SELECT batch_number FROM service_breaker_spend_record"
                                + " WHERE writer = ? AND batch_number = ? AND batch_position = 0",
                        batch.writer(),
                        batch.number())
                .isEmpty();
    }

    private void insert(SpendBatch batch, JdbcTemplate jdbc) {
        List<Integer> positions = new ArrayList<>();
        for (int i = 0; i < batch.records().size(); i++) {
            positions.add(i);
        }
        jdbc.batchUpdate(INSERT_RECORD, positions, positions.size(), (statement, position) -> {
            statement.setString(1, application);
            statement.setString(2, batch.writer());
            statement.setLong(3, batch.number());
            statement.setInt(4, position);
            statement.setString(20, currency);
            set(statement, batch.records().get(position));
        });
    }

    private static void set(PreparedStatement statement, SpendRecord record) throws SQLException {
        statement.setObject(5, timestamp(record.bookedAt()));
        statement.setObject(6, timestamp(record.endedAt()));
        statement.setString(7, record.service());
        statement.setString(8, record.model());
        statement.setString(9, record.operation());
        statement.setString(10, record.category());
        statement.setString(11, record.correlation());
        statement.setString(12, record.outcome().name());
        FailureCause cause = record.cause();
        statement.setString(13, cause == null ? null : cause.name());
        Usage usage = record.usage();
        statement.setObject(14, usage == null ? null : usage.input(), Types.INTEGER);
        statement.setObject(15, usage == null ? null : usage.output(), Types.INTEGER);
        statement.setObject(16, usage == null ? null : usage.cachedInput(), Types.INTEGER);
        statement.setObject(17, usage == null ? null : usage.searches(), Types.INTEGER);
        statement.setLong(18, record.estimated().billionths());
        statement.setLong(19, record.cost().billionths());
    }

    /** Nobody else has rows of this writer, so what is not there yet cannot come between. */
    private void add(SpendBatch batch, JdbcTemplate jdbc) {
        Map<Quarter, BigDecimal> sums = new LinkedHashMap<>();
        for (SpendRecord record : batch.records()) {
            sums.merge(
                    new Quarter(record.service(), quarter(record.bookedAt())),
                    BigDecimal.valueOf(record.cost().billionths()),
                    BigDecimal::add);
        }
        sums.forEach((quarter, sum) -> {
            Object[] row = {sum, application, timestamp(quarter.begin), quarter.service, batch.writer(), currency};
            int updated = jdbc.update(
                    "UPDATE service_breaker_spend_total SET spent = spent + ?"
                            + " WHERE application = ? AND quarter_hour = ? AND service = ? AND writer = ?"
                            + " AND currency = ?",
                    row);
            if (updated == 0) {
                jdbc.update(
                        "INSERT INTO service_breaker_spend_total (spent, application, quarter_hour, service, writer,"
                                + " currency) VALUES (?, ?, ?, ?, ?, ?)",
                        row);
            }
        });
    }

    @Override
    public void reserve(String writer, Instant at, Map<String, Money> reserved) {
        List<Object[]> rows = new ArrayList<>();
        Map<String, Money> noted = reserved.isEmpty() ? NOTHING : reserved;
        noted.forEach((service, amount) ->
                rows.add(new Object[] {application, writer, service, timestamp(at), amount.billionths(), currency}));
        taken(() -> database.transact(jdbc -> {
            if (hasLater(writer, at, jdbc)) {
                return true;
            }
            jdbc.update(
                    "DELETE FROM service_breaker_reservation WHERE application = ? AND writer = ?",
                    application,
                    writer);
            jdbc.batchUpdate(
                    "INSERT INTO service_breaker_reservation (application, writer, service, reserved_at, amount, currency)"
                            + " VALUES (?, ?, ?, ?, ?, ?)",
                    rows);
            return true;
        }));
    }

    private boolean hasLater(String writer, Instant at, JdbcTemplate jdbc) {
        Long later = jdbc.queryForObject(
                "SELECT COUNT(*) FROM service_breaker_reservation WHERE application = ? AND writer = ? AND reserved_at > ?",
                Long.class,
                application,
                writer,
                timestamp(at));
        return later != null && later > 0;
    }

    /** Tells what will never be taken from what was not taken now. */
    private static void taken(Runnable work) {
        try {
            work.run();
        } catch (StoreException e) {
            throw e.isAboutData() ? new RefusedException(e) : e;
        }
    }

    /** Exact also for an offset such as +05:07, whose days begin within a quarter: of that one the calls are added up. */
    @Override
    public Map<String, Money> spentByOthers(String writer, Instant since) {
        Instant begun = quarter(since);
        OffsetDateTime from = timestamp(since);
        OffsetDateTime whole = timestamp(begun.equals(since) ? since : begun.plusSeconds(QUARTER_SECONDS));
        return database.transact(jdbc -> {
            Map<String, Money> spent = new HashMap<>();
            jdbc.query(
                    SPENT_BY_OTHERS,
                    row -> {
                        spent.put(row.getString(1), money(row.getBigDecimal(2)));
                    },
                    application,
                    currency,
                    writer,
                    whole,
                    application,
                    currency,
                    writer,
                    from,
                    whole,
                    application,
                    currency,
                    writer,
                    from);
            return spent;
        });
    }

    private static Money money(BigDecimal billionths) {
        return new Money(billionths.min(MOST).longValueExact());
    }

    private static Instant quarter(Instant at) {
        return Instant.ofEpochSecond(Math.floorDiv(at.getEpochSecond(), QUARTER_SECONDS) * QUARTER_SECONDS);
    }

    /** In microseconds, as the store has no finer ones and would round up to the next day. */
    private static OffsetDateTime timestamp(Instant at) {
        return at.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }
}
