package io.servicebreaker.spring.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.coordination.DecisionRecord;
import io.servicebreaker.coordination.DecisionRecord.Answer;
import io.servicebreaker.coordination.DecisionRecord.Result;
import io.servicebreaker.coordination.DecisionWriter;
import io.servicebreaker.coordination.Decisions;
import io.servicebreaker.cost.Money;
import io.servicebreaker.spring.actuate.ServiceBreakerMetricsAutoConfiguration;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.JdbcTemplate;

/** Decisions about fallbacks in a database. */
class KeptDecisionsTest {

    @TempDir
    Path directory;

    private final LedgerApplication application = new LedgerApplication();

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgres"})
    void keepsEachDecisionOnceAndForAWhile(String kind) {
        TestDatabase database = kind.equals("h2") ? TestDatabase.h2(directory) : TestDatabase.postgres();
        Instant now = application.time.now();
        application
                .with(database, directory)
                .withPropertyValues("service-breaker.ladder.decisions-kept=2h")
                .run(context -> {
                    Decisions decisions = context.getBean(Decisions.class);
                    decisions.record(decision(1, now.minus(Duration.ofMinutes(121)), "old"));
                    decisions.record(decision(2, now, "late; " + "x".repeat(2000)));
                    application.await(() -> rows(database).size() == 1);
                });

        assertThat(rows(database)).singleElement().satisfies(row -> {
            assertThat(row)
                    .containsEntry("application", "application")
                    .containsEntry("ladder", "way-1")
                    .containsEntry("hop", 2)
                    .containsEntry("service", "openai")
                    .containsEntry("operation", "chat")
                    .containsEntry("cause", "TIMEOUT")
                    .containsEntry("refusal", null)
                    .containsEntry("options", "Client.other, Client.rest")
                    .containsEntry("chosen", "Client.other")
                    .containsEntry("latency_micros", 1_500_000L)
                    .containsEntry("cost", 20L)
                    .containsEntry("currency", "USD")
                    .containsEntry("confidence", null)
                    .containsEntry("result", "ANSWERED")
                    .containsEntry("answered_by", "perplexity")
                    .containsEntry("answer_micros", 3L)
                    .containsEntry("answer_confidence", 0.7);
            assertThat((String) row.get("reason")).startsWith("late; ").hasSize(1000);
        });
    }

    @Test
    void doesNothingTwice() {
        TestDatabase database = TestDatabase.h2(directory);
        JdbcDecisions store = new JdbcDecisions(new Database(database.dataSource(), () -> {}, true), "ours", "USD");
        store.open();
        List<DecisionRecord> batch =
                List.of(decision(1, application.time.now(), "late"), decision(2, application.time.now(), "late"));

        assertThat(store.append(batch)).isTrue();
        assertThat(store.append(batch)).isTrue();

        assertThat(rows(database)).hasSize(2);
    }

    /** When the store did not answer, what came meanwhile goes along with what is tried again. */
    @Test
    void keepsWhatIsNewAmongWhatItHas() {
        TestDatabase database = TestDatabase.h2(directory);
        JdbcDecisions store = new JdbcDecisions(new Database(database.dataSource(), () -> {}, true), "ours", "USD");
        store.open();
        List<DecisionRecord> three = IntStream.rangeClosed(1, 3)
                .mapToObj(hop -> decision(hop, application.time.now(), "late"))
                .toList();

        store.append(three.subList(0, 2));
        store.append(three);

        assertThat(rows(database)).extracting(row -> row.get("hop")).containsExactlyInAnyOrder(1, 2, 3);
    }

    @Test
    void failsNoCallWhileTheDatabaseCannotBeReachedAndShowsWhatItDrops() {
        TestDatabase database = TestDatabase.postgres();
        Proxy proxy = new Proxy(database.port());
        proxy.refuse();
        application
                .with(database.at(proxy.port()), directory)
                .withConfiguration(AutoConfigurations.of(ServiceBreakerMetricsAutoConfiguration.class))
                .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
                .run(context -> {
                    Decisions decisions = context.getBean(Decisions.class);
                    for (int hop = 1; hop <= 20_000; hop++) {
                        decisions.record(decision(hop, application.time.now(), "late"));
                    }
                    long dropped = context.getBean(DecisionWriter.class).dropped();
                    assertThat(dropped).isPositive();
                    proxy.allow();

                    application.await(() -> rows(database).size() == 20_000 - dropped);
                });
        proxy.close();
    }

    private static List<Map<String, Object>> rows(TestDatabase database) {
        try {
            return new JdbcTemplate(database.dataSource()).queryForList("SELECT * FROM service_breaker_decision");
        } catch (BadSqlGrammarException e) {
            return List.of(); // there is no table yet
        }
    }

    private static DecisionRecord decision(int hop, Instant at, String reason) {
        return new DecisionRecord(
                "way-1",
                hop,
                at,
                "openai",
                "chat",
                FailureCause.TIMEOUT,
                null,
                List.of("Client.other", "Client.rest"),
                "Client.other",
                reason,
                Duration.ofMillis(1500),
                new Money(20),
                null,
                Result.ANSWERED,
                new Answer("perplexity", Duration.ofNanos(3000), 0.7));
    }
}
