package io.servicebreaker.spring.jdbc;

import static java.util.stream.Collectors.groupingBy;

import io.servicebreaker.adaptive.CallMinute;
import io.servicebreaker.adaptive.HistoryStore;
import io.servicebreaker.adaptive.HourBlock;
import io.servicebreaker.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * What became of calls, in a database: a row for each hour of a service, and for each writer that was there in that hour, with its
 * minutes. Safe for use by many threads.
 *
 * <p>A writer replaces its row with what the row was and what is new, so that it does no harm to write the same again when nobody
 * heard whether it was kept.
 */
final class JdbcHistoryStore implements HistoryStore {

    private static final Logger log = LoggerFactory.getLogger(JdbcHistoryStore.class);

    private static final Duration BETWEEN_DELETIONS = Duration.ofHours(1);

    /** What is deleted at a time, so that no transaction is long. */
    private static final Duration DELETED_AT_ONCE = Duration.ofDays(1);

    private static final String OF_ROW =
            " WHERE application = ? AND currency = ? AND service = ? AND hour_start = ? AND writer = ?";

    private final String writer = UUID.randomUUID().toString();
    private final Database database;
    private final String application;
    private final String currency;
    private final Duration kept;
    private final TimeSource time;
    private final ReentrantLock writing = new ReentrantLock();

    /** What is in our rows of the latest hours; of the thread that writes, as is what follows. */
    private final Map<Row, HourBlock> own = new HashMap<>();

    private final Set<String> refused = new HashSet<>();
    private long deleteAt;

    /** One of ours. */
    private record Row(String service, Instant hour) {}

    /**
     * Creates one, without connecting.
     *
     * @param application its name; what others have in the same database does not count
     * @param currency code of the one in which its calls are priced; what is there in another does not count
     * @param kept for how long
     */
    JdbcHistoryStore(Database database, String application, String currency, Duration kept, TimeSource time) {
        this.database = database;
        this.application = application;
        this.currency = currency;
        this.kept = kept;
        this.time = time;
    }

    @Override
    public void append(List<CallMinute> minutes) {
        writing.lock();
        try {
            database.prepare();
            Map<Row, HourBlock> after = new HashMap<>();
            minutes.stream()
                    .collect(groupingBy(minute -> new Row(minute.service(), HourBlock.hour(minute.start()))))
                    .forEach((row, more) -> before(row).ifPresent(block -> after.put(row, block.plus(more))));
            database.transact(jdbc -> {
                after.forEach((row, block) -> write(row, block, jdbc));
                return true;
            });
            own.putAll(after);
            forgetOldHours();
            deleteOldRows();
        } finally {
            writing.unlock();
        }
    }

    /**
     * What is in a row of ours; absent if the database has not even the characters for the name of its service. Known before it is
     * written: whether what comes again is in the row already could not be told from the row.
     */
    private Optional<HourBlock> before(Row row) {
        try {
            return Optional.of(own.computeIfAbsent(row, absent -> database.transact(jdbc -> find(row, jdbc))));
        } catch (StoreException e) {
            if (!e.isAboutData()) {
                throw e;
            }
            if (refused.add(row.service)) {
                log.error("The database does not take what becomes of the calls of {}", row.service, e);
            }
            return Optional.empty();
        }
    }

    private HourBlock find(Row row, JdbcTemplate jdbc) {
        List<HourBlock> found = jdbc.query(
                "SELECT minutes, totals FROM service_breaker_call_history" + OF_ROW,
                (result, number) -> HourBlock.of(result.getBytes(1), result.getBytes(2)),
                application,
                currency,
                row.service,
                timestamp(row.hour),
                writer);
        return found.isEmpty() ? HourBlock.EMPTY : found.get(0);
    }

    private void write(Row row, HourBlock block, JdbcTemplate jdbc) {
        Object[] values = {
            block.minutes(), block.totals(), application, currency, row.service, timestamp(row.hour), writer
        };
        int updated = jdbc.update("UPDATE service_breaker_call_history SET minutes = ?, totals = ?" + OF_ROW, values);
        if (updated == 0) {
            jdbc.update(
                    "INSERT INTO service_breaker_call_history (minutes, totals, application, currency, service, hour_start,"
                            + " writer) VALUES (?, ?, ?, ?, ?, ?, ?)",
                    values);
        }
    }

    private void forgetOldHours() {
        Instant oldest = HourBlock.hour(time.now()).minus(Duration.ofHours(1));
        own.keySet().removeIf(row -> row.hour.isBefore(oldest));
    }

    /** That of all instances; if it fails, what is new is kept nevertheless. */
    private void deleteOldRows() {
        if (time.nanos() < deleteAt) {
            return;
        }
        deleteAt = time.nanos() + BETWEEN_DELETIONS.toNanos();
        try {
            OffsetDateTime end = timestamp(HourBlock.hour(time.now().minus(kept)));
            for (OffsetDateTime oldest = oldest(); oldest != null && oldest.isBefore(end); oldest = oldest()) {
                OffsetDateTime most = oldest.plus(DELETED_AT_ONCE);
                delete(most.isBefore(end) ? most : end);
            }
        } catch (RuntimeException e) {
            log.warn("What became of calls long ago cannot be deleted, and is tried again in an hour", e);
        }
    }

    private @Nullable OffsetDateTime oldest() {
        return database.transact(jdbc -> jdbc.queryForList(
                        "SELECT MIN(hour_start) FROM service_breaker_call_history WHERE application = ?",
                        OffsetDateTime.class,
                        application)
                .get(0));
    }

    private void delete(OffsetDateTime before) {
        database.transact(jdbc -> jdbc.update(
                "DELETE FROM service_breaker_call_history WHERE application = ? AND hour_start < ?",
                application,
                before));
    }

    @Override
    public void read(String service, Instant since, Consumer<CallMinute> reader) {
        blocks(service, since, "minutes, totals")
                .forEach((hour, block) -> block.readMinutes(service, hour, minute -> {
                    if (!minute.start().isBefore(since)) {
                        reader.accept(minute);
                    }
                }));
    }

    @Override
    public void readHours(String service, Instant since, Consumer<CallMinute> reader) {
        blocks(service, since, "NULL, totals").forEach((hour, block) -> block.readTotals(service, hour, reader));
    }

    /** Those of all writers together. Nothing is read by the caller while the database waits. */
    private Map<Instant, HourBlock> blocks(String service, Instant since, String columns) {
        database.prepare();
        return database.transact(jdbc -> {
            NavigableMap<Instant, HourBlock> found = new TreeMap<>();
            jdbc.query(
                    "SELECT " + columns + ", hour_start FROM service_breaker_call_history"
                            + " WHERE application = ? AND currency = ? AND service = ? AND hour_start >= ?",
                    row -> {
                        byte[] minutes = row.getBytes(1);
                        HourBlock block = HourBlock.of(minutes == null ? new byte[0] : minutes, row.getBytes(2));
                        Instant hour = row.getObject(3, OffsetDateTime.class).toInstant();
                        found.merge(hour, block, HourBlock::plus);
                    },
                    application,
                    currency,
                    service,
                    timestamp(HourBlock.hour(since)));
            return found;
        });
    }

    private static OffsetDateTime timestamp(Instant at) {
        return at.atOffset(ZoneOffset.UTC);
    }
}
