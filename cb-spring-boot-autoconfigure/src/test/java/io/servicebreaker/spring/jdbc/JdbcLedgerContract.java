package io.servicebreaker.spring.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.call.Outcome;
import io.servicebreaker.cost.Money;
import io.servicebreaker.cost.SpendRecord;
import io.servicebreaker.cost.ledger.SpendBatch;
import io.servicebreaker.cost.ledger.SpendLedger;
import io.servicebreaker.cost.ledger.SpendLedgerContract;
import io.servicebreaker.time.FakeTime;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** What holds in every database. */
abstract class JdbcLedgerContract extends SpendLedgerContract {

    private static final String ONE = UUID.randomUUID().toString();
    private static final String OTHER = UUID.randomUUID().toString();

    private final FakeTime time = new FakeTime();
    private TestDatabase database;

    abstract TestDatabase emptyDatabase();

    @Override
    protected SpendLedger emptyLedger() {
        database = emptyDatabase();
        return ledger("ours");
    }

    @Override
    protected SpendLedger again(SpendLedger before) {
        return ledger("ours");
    }

    @Override
    protected List<SpendRecord> records(SpendLedger of) {
        return StoredRecords.in(database.dataSource());
    }

    private JdbcSpendLedger ledger(String application) {
        return ledger(application, "USD");
    }

    private JdbcSpendLedger ledger(String application, String currency) {
        return new JdbcSpendLedger(new Database(database.dataSource(), () -> {}, true), application, currency, time);
    }

    private JdbcTemplate sql() {
        return new JdbcTemplate(database.dataSource());
    }

    @Test
    void keepsApplicationsApart() {
        ledger("theirs").append(new SpendBatch(ONE, 0, List.of(spent(MIDNIGHT, 5))));
        ledger("theirs").reserve(ONE, MIDNIGHT, Map.of("openai", new Money(5)));

        assertThat(ledger("ours").spentByOthers(OTHER, MIDNIGHT)).isEmpty();
        assertThat(ledger("theirs").spentByOthers(OTHER, MIDNIGHT)).isEqualTo(Map.of("openai", new Money(10)));
    }

    @Test
    void neverAddsUpCurrencies() {
        for (String currency : List.of("USD", "JPY")) {
            String writer = UUID.randomUUID().toString();
            ledger("ours", currency).append(new SpendBatch(writer, 0, List.of(spent(MIDNIGHT.plusSeconds(420), 5))));
            ledger("ours", currency).reserve(writer, MIDNIGHT.plusSeconds(420), Map.of("openai", new Money(2)));
        }

        for (Instant since : List.of(MIDNIGHT, MIDNIGHT.plusSeconds(420))) {
            assertThat(ledger("ours", "JPY").spentByOthers(OTHER, since)).isEqualTo(Map.of("openai", new Money(7)));
        }
    }

    @Test
    void makesTheTablesThatAreMissingAfterAnInterruption() {
        sql().execute("DROP TABLE service_breaker_reservation");
        sql().execute("DROP INDEX service_breaker_spend_record_time");
        sql().execute("DROP TABLE \"service_breaker_schema_history\"");

        ledger("ours").open();

        ledger("ours").reserve(ONE, MIDNIGHT, Map.of("openai", new Money(5)));
        assertThat(ledger("ours").spentByOthers(OTHER, MIDNIGHT)).isEqualTo(Map.of("openai", new Money(5)));
    }

    @Test
    void stopsAtTheLargestAmountThatThereIs() {
        JdbcSpendLedger ledger = ledger("ours");
        SpendRecord large = spent(MIDNIGHT, Long.MAX_VALUE);

        ledger.append(new SpendBatch(ONE, 0, List.of(large, large)));
        ledger.append(new SpendBatch(ONE, 1, List.of(large)));
        ledger.reserve(ONE, MIDNIGHT, Map.of("openai", Money.MAX));

        assertThat(ledger.spentByOthers(OTHER, MIDNIGHT)).isEqualTo(Map.of("openai", Money.MAX));
    }

    @Test
    void isExactWhereADayBeginsWithinAQuarterOfAnHour() {
        JdbcSpendLedger ledger = ledger("ours");
        Instant odd = MIDNIGHT.plus(Duration.ofMinutes(7));

        ledger.append(new SpendBatch(
                ONE,
                0,
                List.of(spent(odd.minusSeconds(1), 1), spent(odd, 10), spent(odd.plus(Duration.ofHours(1)), 100))));

        assertThat(ledger.spentByOthers(OTHER, odd)).isEqualTo(Map.of("openai", new Money(110)));
    }

    @Test
    void forgetsOldTotalsAndReservationsButNoRecord() {
        JdbcSpendLedger ledger = ledger("ours");
        Instant old = time.now().minus(Duration.ofDays(71));
        ledger.append(new SpendBatch(ONE, 0, List.of(spent(old, 5), spent(MIDNIGHT, 3))));
        ledger.reserve(ONE, old, Map.of("openai", new Money(5)));

        ledger("ours").open();

        assertThat(sql().queryForObject("SELECT SUM(spent) FROM service_breaker_spend_total", Long.class))
                .isEqualTo(3);
        assertThat(sql().queryForObject("SELECT COUNT(*) FROM service_breaker_reservation", Long.class))
                .isZero();
        assertThat(records(ledger)).hasSize(2);
    }

    @Test
    void makesItsTablesAmongOthers() {
        database = emptyDatabase();
        sql().execute("CREATE TABLE theirs (id INTEGER)");

        ledger("ours").open();

        assertThat(ledger("ours").spentByOthers(ONE, MIDNIGHT)).isEmpty();
    }

    @Test
    void answersTheQuestionOfTheDocumentation() throws IOException {
        String page = Files.readString(Path.of("../docs/money.md"));
        String question = page.substring(page.indexOf("```sql") + 6);
        Instant march = Instant.parse("2026-02-28T23:00:00Z");
        ledger("research")
                .append(new SpendBatch(
                        ONE, 0, List.of(spent(march, 2_500_000_000L), spent(march.minusMillis(1), 1_000_000_000L))));

        List<Map<String, Object>> answer = sql().queryForList(question.substring(0, question.indexOf("```")));

        assertThat(answer).singleElement().satisfies(model -> {
            assertThat(model).containsEntry("calls", 1L).containsEntry("model", "");
            assertThat((BigDecimal) model.get("spent")).isEqualByComparingTo("2.5");
        });
    }

    @Test
    void makesItsTablesOnceWhenManyInstancesStartTogether() throws Exception {
        database = emptyDatabase();
        ExecutorService instances = Executors.newFixedThreadPool(8);

        List<Future<?>> starts = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            starts.add(instances.submit(() -> ledger("ours").open()));
        }

        for (Future<?> start : starts) {
            start.get();
        }
        instances.shutdown();
        assertThat(ledger("ours").spentByOthers(ONE, MIDNIGHT)).isEmpty();
    }

    private static SpendRecord spent(Instant at, long billionths) {
        Money cost = new Money(billionths);
        return new SpendRecord(at, at, "openai", "", "", "", "", Outcome.Kind.SUCCESS, null, null, cost, cost);
    }
}
