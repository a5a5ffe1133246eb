package io.servicebreaker.spring.jdbc;

import io.servicebreaker.coordination.DecisionRecord;
import io.servicebreaker.coordination.DecisionRecord.Answer;
import io.servicebreaker.coordination.DecisionStore;
import io.servicebreaker.cost.Money;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** Decisions about fallbacks, in a database. Safe for use by many threads. */
final class JdbcDecisions implements DecisionStore {

    private static final int LONGEST_NAME = 255;
    private static final int LONGEST_TEXT = 1000;

    private static final String INSERT = """
            INSERT INTO service_breaker_decision
              (application, currency, ladder, hop, decided_at, service, operation, cause, refusal, options, chosen, reason,
               latency_micros, cost, confidence, result, answered_by, answer_micros, answer_confidence)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""";

    private final Database database;
    private final String application;
    private final String currency;

    /**
     * Creates it, without connecting.
     *
     * @param application its name
     * @param currency in which its calls are priced
     */
    JdbcDecisions(Database database, String application, String currency) {
        this.database = database;
        this.application = application;
        this.currency = currency;
    }

    @Override
    public void open() {
        database.prepare();
    }

    @Override
    public boolean append(List<DecisionRecord> decisions) {
        try {
            return database.transact(jdbc -> {
                List<DecisionRecord> missing = missing(decisions, jdbc);
                jdbc.batchUpdate(INSERT, missing, decisions.size(), this::set);
                return true;
            });
        } catch (StoreException e) {
            if (e.isAboutData()) {
                return false;
            }
            throw e;
        }
    }

    /** Of decisions that come again, because nobody heard that they were kept, the first is there. */
    private List<DecisionRecord> missing(List<DecisionRecord> decisions, JdbcTemplate jdbc) {
        return has(decisions.get(0), jdbc)
                ? decisions.stream().filter(decision -> !has(decision, jdbc)).toList()
                : decisions;
    }

    private boolean has(DecisionRecord decision, JdbcTemplate jdbc) {
        return !jdbc.queryForList(
                        "SELECT hop FROM service_breaker_decision WHERE application = ? AND ladder = ? AND hop = ?",
                        application,
                        decision.ladder(),
                        decision.hop())
                .isEmpty();
    }

    private void set(PreparedStatement statement, DecisionRecord decision) throws SQLException {
        statement.setString(1, application);
        statement.setString(2, currency);
        statement.setString(3, decision.ladder());
        statement.setInt(4, decision.hop());
        statement.setObject(5, timestamp(decision.at()));
        statement.setString(6, name(decision.service()));
        statement.setString(7, name(decision.operation()));
        statement.setString(8, text(decision.cause()));
        statement.setString(9, text(decision.refusal()));
        statement.setString(10, cut(String.join(", ", decision.options()), LONGEST_TEXT));
        statement.setString(11, decision.chosen() == null ? null : name(decision.chosen()));
        statement.setString(12, cut(decision.reason(), LONGEST_TEXT));
        statement.setLong(13, micros(decision.latency()));
        Money cost = decision.cost();
        statement.setObject(14, cost == null ? null : cost.billionths(), Types.BIGINT);
        statement.setObject(15, decision.confidence(), Types.DOUBLE);
        statement.setString(16, decision.result().name());
        Answer answer = decision.answer();
        statement.setString(17, answer == null ? null : name(answer.by()));
        statement.setObject(18, answer == null ? null : micros(answer.latency()), Types.BIGINT);
        statement.setObject(19, answer == null ? null : answer.confidence(), Types.DOUBLE);
    }

    @Override
    public void forget(Instant before) {
        database.transact(jdbc -> jdbc.update(
                "DELETE FROM service_breaker_decision WHERE application = ? AND decided_at < ?",
                application,
                timestamp(before)));
    }

    private static @Nullable String text(@Nullable Enum<?> constant) {
        return constant == null ? null : constant.name();
    }

    private static String name(String text) {
        return cut(text, LONGEST_NAME);
    }

    private static String cut(String text, int longest) {
        return text.length() <= longest ? text : text.substring(0, longest);
    }

    private static long micros(Duration duration) {
        return TimeUnit.MICROSECONDS.convert(duration);
    }

    private static OffsetDateTime timestamp(Instant at) {
        return at.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }
}
