package io.servicebreaker.spring.jdbc;

import static io.servicebreaker.spring.jdbc.LedgerApplication.begin;
import static io.servicebreaker.spring.jdbc.LedgerApplication.spend;
import static io.servicebreaker.spring.jdbc.LedgerApplication.spendOnes;
import static io.servicebreaker.spring.jdbc.LedgerApplication.spentToday;
import static io.servicebreaker.spring.jdbc.LedgerApplication.writer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.cost.SpendRecord;
import io.servicebreaker.spring.actuate.ServiceBreakerHealthAutoConfiguration;
import io.servicebreaker.spring.actuate.ServiceBreakerMetricsAutoConfiguration;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;

/** What happens while the database cannot be reached, and when it can again. */
@ExtendWith(OutputCaptureExtension.class)
class StoreOutageTest {

    @TempDir
    Path directory;

    private final LedgerApplication application = new LedgerApplication();
    private final TestDatabase database = TestDatabase.postgres();
    private final Proxy proxy = new Proxy(database.port());

    private ApplicationContextRunner runner() {
        return application
                .with(database.at(proxy.port()), directory)
                .withConfiguration(AutoConfigurations.of(
                        ServiceBreakerHealthAutoConfiguration.class,
                        ServiceBreakerMetricsAutoConfiguration.class,
                        MetricsAutoConfiguration.class))
                .withBean(MeterRegistry.class, SimpleMeterRegistry::new);
    }

    @AfterEach
    void stop() {
        proxy.close();
    }

    @Test
    void losesNothingAndSlowsNothing() {
        runner().run(context -> {
            spendOnes(context, 0, 20);
            application.await(() -> StoredRecords.in(database.dataSource()).size() == 20);
            proxy.refuse();

            spendOnes(context, 20, 20);
            application.await(() -> writer(context).status().spilled() >= 20
                    && writer(context).status().failingSince() != null);
            spendOnes(context, 40, 20);
            assertThat(spentToday(context)).isEqualTo("0.06");
            proxy.allow();

            application.await(() -> ids().size() == 60);
            application.await(() ->
                    writer(context).status().isUp() && writer(context).status().spilled() == 0);
        });

        assertThat(ids())
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 60).mapToObj(Integer::toString).toList());
    }

    @Test
    void keepsWhatTheDatabaseDidNotTakeForTheNextStart() {
        runner().run(context -> {
            spendOnes(context, 0, 10);
            application.await(() -> ids().size() == 10);
            proxy.refuse();
            spendOnes(context, 10, 10);
        });
        assertThat(ids()).hasSize(10);
        proxy.allow();

        runner().run(context -> assertThat(spentToday(context)).isEqualTo("0.02"));

        assertThat(ids())
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 20).mapToObj(Integer::toString).toList());
    }

    @Test
    void startsWithoutTheDatabaseAndFindsLaterWhatWasSpent(CapturedOutput output) {
        runner().run(context -> spend(context, 50));
        proxy.refuse();

        runner().run(context -> {
            assertThat(context).hasNotFailed();
            spend(context, 20);
            application.await(() -> writer(context).status().spilled() == 1);
            assertThat(spentToday(context)).isEqualTo("0.02");
            assertThat(output.toString().split("The ledger of what calls cost cannot be used", -1))
                    .hasSize(2);
            proxy.allow();

            application.await(() -> spentToday(context).equals("0.07"));
        });
    }

    @Test
    void refusesCallsUntilItIsKnownWhatWasSpentWhereThatIsAskedFor() {
        runner().run(context -> spend(context, 50));
        proxy.refuse();

        runner().withPropertyValues("service-breaker.cost.on-failure=block").run(context -> {
            CallRejectedException refusal = catchThrowableOfType(CallRejectedException.class, () -> begin(context, 1));
            assertThat(refusal.reason()).isEqualTo(RejectionReason.COST_BUDGET);
            assertThat(refusal).hasMessageContaining("cannot be found out");
            proxy.allow();

            application.await(() -> spentToday(context).equals("0.05"));
            application.await(() -> writer(context).knowsWhatWasSpent());
            spend(context, 1);
        });
    }

    @Test
    void refusesNoCallsOfServicesThatNothingLimits() {
        application.budget = "service-breaker.cost.budgets.services.other.daily=0.1";
        proxy.refuse();

        runner().withPropertyValues(
                        "service-breaker.cost.on-failure=block", "service-breaker.services.other.provider=cache")
                .run(context -> {
                    spend(context, 1);
                    assertThat(writer(context).knowsWhatWasSpent()).isFalse();
                });
    }

    @Test
    void showsIt() {
        runner().run(context -> {
            assertThat(ledger(context))
                    .isEqualTo(Map.of("type", "jdbc", "state", "UP", "waiting", 0L, "spilled", 0L, "unrecorded", 0L));
            proxy.refuse();

            spend(context, 1);
            application.await(() -> writer(context).status().spilled() == 1
                    && String.valueOf(ledger(context).get("problem")).contains("refused"));

            assertThat(health(context).getStatus()).isEqualTo(Status.UP);
            assertThat(ledger(context))
                    .containsEntry("state", "DOWN")
                    .containsEntry("waiting", 1L)
                    .containsEntry("spilled", 1L)
                    .containsKey("failingSince");
            MeterRegistry meters = context.getBean(MeterRegistry.class);
            assertThat(meters.get("circuit.breaker.ledger.waiting").gauge().value())
                    .isEqualTo(1);
            assertThat(meters.get("circuit.breaker.ledger.spilled").gauge().value())
                    .isEqualTo(1);
            assertThat(meters.get("circuit.breaker.ledger.unrecorded")
                            .functionCounter()
                            .count())
                    .isZero();
        });
    }

    @Test
    void goesOnWhileTheDatabaseDoesNotAnswer() {
        runner().run(context -> {
            spendOnes(context, 0, 10);
            application.await(() -> ids().size() == 10);
            proxy.swallow();

            spendOnes(context, 10, 10);
            application.await(() -> ledger(context).get("state").equals("DOWN")
                    && writer(context).status().spilled() >= 10); // or 20, if an answer was swallowed
            spendOnes(context, 20, 10);
            assertThat(spentToday(context)).isEqualTo("0.03");
            assertThat(ledger(context)).containsKeys("problem", "failingSince");
            assertThat(health(context).getStatus()).isEqualTo(Status.UP);

            proxy.spit();
            application.await(() -> ids().size() == 30);
            application.await(() -> ledger(context).get("state").equals("UP"));
        });
    }

    @Test
    void startsWithADatabaseThatDoesNotAnswer() {
        runner().run(context -> spend(context, 50));
        proxy.swallow();

        runner().run(context -> {
            assertThat(context).hasNotFailed();
            spend(context, 20);
            proxy.spit();

            application.await(() -> spentToday(context).equals("0.07"));
        });
    }

    private List<String> ids() {
        return StoredRecords.in(database.dataSource()).stream()
                .map(SpendRecord::correlation)
                .toList();
    }

    private static Health health(ApplicationContext context) {
        return context.getBean("serviceBreakersHealthIndicator", HealthIndicator.class)
                .health();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> ledger(ApplicationContext context) {
        return (Map<String, Object>) health(context).getDetails().get("ledger");
    }
}
