package io.servicebreaker.spring.jdbc;

import static io.servicebreaker.spring.jdbc.LedgerApplication.begin;
import static io.servicebreaker.spring.jdbc.LedgerApplication.spend;
import static io.servicebreaker.spring.jdbc.LedgerApplication.spentToday;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.cost.Money;
import io.servicebreaker.cost.SpendRecord;
import io.servicebreaker.cost.SpendRecorder;
import io.servicebreaker.cost.ledger.LedgerWriter;
import io.servicebreaker.cost.ledger.SpendBatch;
import io.servicebreaker.cost.ledger.SpendLedger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.MDC;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** What an application with a ledger spends, over restarts and in several instances. */
@ExtendWith(OutputCaptureExtension.class)
class KeptSpendingTest {

    @TempDir
    Path directory;

    private final LedgerApplication application = new LedgerApplication();

    private TestDatabase database(String kind) {
        return kind.equals("h2") ? TestDatabase.h2(directory) : TestDatabase.postgres();
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgres"})
    void findsAfterARestartWhatWasSpent(String kind) {
        TestDatabase database = database(kind);
        application.with(database, directory).run(context -> {
            spend(context, 50);
            spend(context, 30);
        });
        assertThat(application.crossed).hasSize(1);

        application.with(database, directory).run(context -> {
            assertThat(spentToday(context)).isEqualTo("0.08");
            assertThat(application.crossed).hasSize(1);
            CallRejectedException refusal = catchThrowableOfType(CallRejectedException.class, () -> begin(context, 21));
            assertThat(refusal.reason()).isEqualTo(RejectionReason.COST_BUDGET);
            spend(context, 20);
            assertThat(spentToday(context)).isEqualTo("0.1");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgres"})
    void countsWhatAnotherInstanceSpends(String kind) {
        TestDatabase database = database(kind);
        application
                .with(database, directory)
                .run(one -> application.with(database, directory).run(other -> {
                    spend(one, 10);
                    spend(other, 20);

                    application.await(() -> spentToday(one).equals("0.03"));
                    application.await(() -> spentToday(other).equals("0.03"));
                    assertThat(catchThrowableOfType(CallRejectedException.class, () -> begin(one, 71)))
                            .isNotNull();
                }));
    }

    @Test
    void keepsApplicationsOfOneDatabaseApart() {
        TestDatabase database = database("h2");
        application
                .with(database, directory)
                .withPropertyValues("spring.application.name=one")
                .run(context -> spend(context, 50));

        application
                .with(database, directory)
                .withPropertyValues("spring.application.name=other")
                .run(context -> assertThat(spentToday(context)).isEqualTo("0"));
    }

    @Test
    void leavesAloneWhatAnotherApplicationOrCurrencyHasLeftInTheSameDirectory() {
        TestDatabase database = database("h2");
        application
                .withStore(directory)
                .withPropertyValues("spring.application.name=one")
                .withBean(DataSource.class, () -> new DriverManagerDataSource("jdbc:h2:file:/dev/null/none"))
                .run(context -> spend(context, 50));

        for (String other : List.of("spring.application.name=other", "service-breaker.cost.currency=JPY")) {
            application
                    .with(database, directory)
                    .withPropertyValues("spring.application.name=one", other)
                    .run(context -> assertThat(spentToday(context)).isEqualTo("0"));
        }
        application
                .with(database, directory)
                .withPropertyValues("spring.application.name=one")
                .run(context -> assertThat(spentToday(context)).isEqualTo("0.05"));
    }

    @Test
    void beginsADayWithNothing() {
        TestDatabase database = database("h2");
        application.with(database, directory).run(context -> spend(context, 50));

        application.time.advance(Duration.ofDays(1));

        application
                .with(database, directory)
                .run(context -> assertThat(spentToday(context)).isEqualTo("0"));
    }

    @Test
    void keepsARecordOfEachCall() {
        TestDatabase database = database("postgres");
        application.with(database, directory).run(context -> {
            MDC.put("traceId", "4bf92f35");
            CallRequest request = CallRequest.to("openai")
                    .model("small")
                    .operation("answer")
                    .category("research")
                    .estimatedTokens(0, 7);
            context.getBean(CallOrchestrator.class).begin(request).succeeded();
            MDC.remove("traceId");
        });

        assertThat(StoredRecords.in(database.dataSource())).singleElement().satisfies(record -> {
            assertThat(record.endedAt()).isEqualTo(application.time.now());
            assertThat(record.service()).isEqualTo("openai");
            assertThat(record.model()).isEqualTo("small");
            assertThat(record.operation()).isEqualTo("answer");
            assertThat(record.category()).isEqualTo("research");
            assertThat(record.correlation()).isEqualTo("4bf92f35");
            assertThat(record.estimated()).hasToString("0.007");
            assertThat(record.cost()).hasToString("0.007");
        });
    }

    @Test
    void keepsNothingOfServicesThatAreLeftAlone() {
        TestDatabase database = database("h2");
        application
                .with(database, directory)
                .withPropertyValues("service-breaker.services.free.coordinate-with-cost-breaker=false")
                .run(context -> {
                    context.getBean(CallOrchestrator.class)
                            .begin(CallRequest.to("free"))
                            .succeeded();
                    spend(context, 1);
                });

        assertThat(StoredRecords.in(database.dataSource()))
                .extracting(SpendRecord::service)
                .containsExactly("openai");
    }

    @Test
    void usesTheApplicationsDatabaseAfterItsOwnMigrations() {
        TestDatabase database = database("h2");
        application
                .withStore(directory)
                .withConfiguration(
                        AutoConfigurations.of(DataSourceAutoConfiguration.class, FlywayAutoConfiguration.class))
                .withPropertyValues(
                        "spring.datasource.url=" + database.url(),
                        "spring.datasource.username=" + database.username(),
                        "spring.flyway.locations=classpath:db/theirs")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    spend(context, 1);
                    JdbcTemplate sql = new JdbcTemplate(context.getBean(DataSource.class));
                    assertThat(sql.queryForObject("SELECT COUNT(*) FROM theirs", Long.class))
                            .isZero();
                    application.await(() ->
                            !StoredRecords.in(context.getBean(DataSource.class)).isEmpty());
                });
        assertThat(StoredRecords.in(database.dataSource())).hasSize(1);
    }

    @Test
    void writesToTheLedgerThatTheApplicationBrings() {
        OwnLedger own = new OwnLedger();
        application
                .withoutStore()
                .withBean(SpendLedger.class, () -> own)
                .withPropertyValues("service-breaker.store.spill-directory=" + directory)
                .run(context -> spend(context, 3));

        assertThat(own.records()).extracting(SpendRecord::cost).containsExactly(Money.of("0.003"));
    }

    @Test
    void saysThatARestartForgetsOnlyIfItDoes(CapturedOutput output) {
        application.with(database("h2"), directory).run(context -> spend(context, 1));
        assertThat(output).doesNotContain("Spending is kept in memory");

        application
                .withoutStore()
                .run(context ->
                        assertThat(context).doesNotHaveBean(LedgerWriter.class).doesNotHaveBean(SpendRecorder.class));

        assertThat(output).contains("Spending is kept in memory").contains("service-breaker.store.type=jdbc keeps it");
    }

    @Test
    void saysThatADatabaseInMemoryForgets(CapturedOutput output) {
        application
                .with(new TestDatabase("jdbc:h2:mem:forgetful", "sa"), directory)
                .run(context -> assertThat(output).contains("a database that is in memory, which a restart forgets"));
    }

    private static final class OwnLedger implements SpendLedger {

        private final Map<Long, SpendBatch> batches = new ConcurrentHashMap<>();

        List<SpendRecord> records() {
            return batches.values().stream()
                    .flatMap(batch -> batch.records().stream())
                    .toList();
        }

        @Override
        public void open() {}

        @Override
        public void append(SpendBatch batch) {
            batches.putIfAbsent(batch.number(), batch);
        }

        @Override
        public void reserve(String writer, Instant at, Map<String, Money> reserved) {}

        @Override
        public Map<String, Money> spentByOthers(String writer, Instant since) {
            return Map.of();
        }
    }
}
