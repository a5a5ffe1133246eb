package io.servicebreaker.spring.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.adaptive.CallMinute;
import io.servicebreaker.adaptive.HistoryStore;
import io.servicebreaker.adaptive.HistoryWriter;
import io.servicebreaker.breaker.Breaker;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.spring.AdaptiveAutoConfiguration;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/** The history of an application that is started again. */
class KeptHistoryTest {

    @TempDir
    Path directory;

    private final LedgerApplication application = new LedgerApplication();

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgres"})
    void aRestartFindsWhatBecameOfTheCallsBefore(String kind) {
        TestDatabase database = kind.equals("h2") ? TestDatabase.h2(directory) : TestDatabase.postgres();
        ApplicationContextRunner start = learning(application.with(database, directory));
        start.run(context -> LedgerApplication.spend(context, 2));
        application.time.advance(Duration.ofMinutes(10));

        start.run(context -> {
            LedgerApplication.spend(context, 3);
            assertThat(minutes(context)).extracting(CallMinute::model).containsExactly("", "small");
        });

        start.run(context -> assertThat(minutes(context)).hasSize(4).allSatisfy(minute -> {
            assertThat(minute.succeeded()).isEqualTo(1);
            assertThat(minute.cost()).isBetween(new BigDecimal("0.002"), new BigDecimal("0.003"));
        }));
    }

    @Test
    void aRestartRemembersWhatIsUsual() {
        ApplicationContextRunner start = learning(application.with(TestDatabase.h2(directory), directory));
        start.run(context -> {
            assertThat(usualSeconds(context)).isGreaterThan(1);
            LedgerApplication.spend(context, 2); // in no time
        });
        application.time.advance(Duration.ofMinutes(10));

        start.run(context -> application.await(() -> usualSeconds(context) < 0.1));
    }

    @Test
    void withoutADatabaseARestartForgets() {
        ApplicationContextRunner start = learning(application.withoutStore());
        start.run(context -> LedgerApplication.spend(context, 2));

        start.run(context -> assertThat(minutes(context)).isEmpty());
    }

    @Test
    void failsNoCallWhileTheDatabaseCannotBeReached() {
        TestDatabase database = TestDatabase.postgres();
        Proxy proxy = new Proxy(database.port());
        learning(application.with(database.at(proxy.port()), directory)).run(context -> {
            HistoryWriter writer = context.getBean(HistoryWriter.class);
            proxy.refuse();
            LedgerApplication.spend(context, 2);
            writer.write();
            assertThat(writer.dropped()).isZero();
            proxy.allow();
            application.await(() -> {
                writer.write();
                return !minutes(context).isEmpty();
            });
        });

        learning(application.with(database, directory))
                .run(context -> assertThat(minutes(context)).hasSize(2));
        proxy.close();
    }

    private static ApplicationContextRunner learning(ApplicationContextRunner runner) {
        return runner.withConfiguration(AutoConfigurations.of(AdaptiveAutoConfiguration.class));
    }

    private static double usualSeconds(ApplicationContext context) {
        Breaker breaker = context.getBean(Breakers.class).breaker("openai");
        return breaker.expectation().orElseThrow().usualSeconds();
    }

    private static List<CallMinute> minutes(ApplicationContext context) {
        List<CallMinute> read = new ArrayList<>();
        context.getBean(HistoryStore.class).read("openai", Instant.EPOCH, read::add);
        return read;
    }
}
