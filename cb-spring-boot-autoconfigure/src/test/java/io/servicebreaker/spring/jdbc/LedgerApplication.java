package io.servicebreaker.spring.jdbc;

import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.OngoingCall;
import io.servicebreaker.call.Usage;
import io.servicebreaker.cost.BudgetCrossed;
import io.servicebreaker.cost.Period;
import io.servicebreaker.cost.ledger.LedgerWriter;
import io.servicebreaker.event.Events;
import io.servicebreaker.spring.ServiceBreakerAutoConfiguration;
import io.servicebreaker.spring.ServiceCosts;
import io.servicebreaker.spring.SpendLedgerAutoConfiguration;
import io.servicebreaker.time.FakeTime;
import io.servicebreaker.time.TimeSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.slf4j.MDC;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/** An application that spends, and is started as often as a test likes. A token costs a thousandth, and 0.1 is for a day. */
final class LedgerApplication {

    final FakeTime time = new FakeTime();

    /** Of all starts. */
    final List<BudgetCrossed> crossed = new CopyOnWriteArrayList<>();

    /** The only one. */
    String budget = "service-breaker.cost.budgets.daily=0.1";

    /** Without any store. */
    ApplicationContextRunner withoutStore() {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        ServiceBreakerAutoConfiguration.class,
                        SpendLedgerAutoConfiguration.class,
                        JdbcStoreAutoConfiguration.class))
                .withBean(TimeSource.class, () -> time)
                .withBean(Events.class, this::events)
                .withPropertyValues(
                        "service-breaker.services.openai.provider=openai",
                        "service-breaker.cost.prices.small.output=1000",
                        budget,
                        "service-breaker.cost.rules=");
    }

    /** With the application's own database. */
    ApplicationContextRunner withStore(Path spill) {
        return withoutStore()
                .withPropertyValues(
                        "service-breaker.store.type=jdbc", "service-breaker.store.spill-directory=" + spill);
    }

    ApplicationContextRunner with(TestDatabase database, Path spill) {
        return withStore(spill)
                .withPropertyValues(
                        "service-breaker.store.url=" + database.url(),
                        "service-breaker.store.username=" + database.username());
    }

    private Events events() {
        Events events = new Events();
        events.subscribe(BudgetCrossed.class, crossed::add);
        return events;
    }

    /** A call that costs that many thousandths, as expected. */
    static void spend(ApplicationContext application, int thousandths) {
        begin(application, thousandths)
                .succeeded(CallReport.EMPTY.model("small").usage(new Usage(0, thousandths, 0)));
    }

    /** Calls with ids from the first on, each of one thousandth. */
    static void spendOnes(ApplicationContext application, int first, int calls) {
        for (int id = first; id < first + calls; id++) {
            MDC.put("correlationId", Integer.toString(id));
            spend(application, 1);
        }
        MDC.remove("correlationId");
    }

    static OngoingCall begin(ApplicationContext application, int thousandths) {
        return application
                .getBean(CallOrchestrator.class)
                .begin(CallRequest.to("openai").model("small").estimatedTokens(0, thousandths));
    }

    static String spentToday(ApplicationContext application) {
        return application
                .getBean(ServiceCosts.class)
                .budgets()
                .total(Period.DAILY)
                .spent()
                .toString();
    }

    static LedgerWriter writer(ApplicationContext application) {
        return application.getBean(LedgerWriter.class);
    }

    /** Waits for what happens behind the calls. */
    void await(Callable<Boolean> condition) {
        Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> {
            time.advance(Duration.ofSeconds(1)); // what waits for the next second need not wait for one
            return condition.call();
        });
    }
}
