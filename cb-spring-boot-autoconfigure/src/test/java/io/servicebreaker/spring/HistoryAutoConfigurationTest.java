package io.servicebreaker.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.adaptive.CallMinute;
import io.servicebreaker.adaptive.HistoryStore;
import io.servicebreaker.adaptive.HistoryWriter;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.call.Usage;
import io.servicebreaker.event.Events;
import io.servicebreaker.time.FakeTime;
import io.servicebreaker.time.TimeSource;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/** What is kept of the calls of an application. */
class HistoryAutoConfigurationTest {

    private final FakeTime time = new FakeTime();
    private final HistoryStore store = HistoryStore.inMemory(Duration.ofDays(1), time);
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(ServiceBreakerAutoConfiguration.class, AdaptiveAutoConfiguration.class))
            .withBean(TimeSource.class, () -> time)
            .withPropertyValues(
                    "service-breaker.services.openai.provider=openai", "service-breaker.cost.prices.small.output=1000");

    @Test
    void keepsWhatBecomesOfCallsWhatTheyCostAndWhatTheBreakerDoes() {
        runner.run(context -> {
            context.getBean(CallOrchestrator.class)
                    .begin(CallRequest.to("openai").model("small"))
                    .succeeded(CallReport.EMPTY.model("small").usage(new Usage(0, 7, 0)));
            Breakers breakers = context.getBean(Breakers.class);
            breakers.breaker("openai").holdOpen(Duration.ofMinutes(5), RejectionReason.OPEN, "so it said");
            context.getBean(Events.class).flushAndWait();
            time.advance(Duration.ofSeconds(10));
            context.getBean(HistoryWriter.class).write();

            List<CallMinute> minutes = minutes(context.getBean(HistoryStore.class));
            assertThat(minutes).extracting(CallMinute::model).containsExactly("", "small");
            CallMinute all = minutes.get(0);
            assertThat(all.succeeded()).isEqualTo(1);
            assertThat(all.cost()).isEqualTo(new BigDecimal("0.007"));
            assertThat(all.openings()).isEqualTo(1);
            assertThat(all.openSeconds()).isEqualTo(10);
        });
    }

    @Test
    void keepsTheOpenMinuteWhenTheApplicationEnds() {
        runner.withBean(HistoryStore.class, () -> store).run(HistoryAutoConfigurationTest::call);

        assertThat(minutes(store)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"learning=false", "mode=off", "mode=false"})
    void keepsNothingIfNothingIsToBeLearned(String property) {
        runner.withBean(HistoryStore.class, () -> store)
                .withPropertyValues("service-breaker.adaptive." + property)
                .run(context -> {
                    call(context);
                    assertThat(timer(context).isAutoStartup()).isFalse();
                });

        assertThat(minutes(store)).isEmpty();
    }

    @Test
    void keepsItAsLongAsIsLearned() {
        runner.withPropertyValues("service-breaker.adaptive.learning-window=1h").run(context -> {
            HistoryWriter writer = context.getBean(HistoryWriter.class);
            call(context);
            writer.write();
            time.advance(Duration.ofHours(3));
            writer.write();
            call(context);
            writer.write();

            assertThat(minutes(context.getBean(HistoryStore.class))).hasSize(1);
        });
    }

    @Test
    void writesOnAThreadOfItsOwnWhileTheApplicationRuns() {
        runner.run(context -> assertThat(timer(context).isRunning()).isTrue());
    }

    private static WatchTimer timer(ApplicationContext context) {
        return context.getBean("serviceBreakerHistoryTimer", WatchTimer.class);
    }

    private static void call(ApplicationContext context) {
        context.getBean(CallOrchestrator.class).begin(CallRequest.to("openai")).succeeded();
    }

    private static List<CallMinute> minutes(HistoryStore of) {
        List<CallMinute> read = new ArrayList<>();
        of.read("openai", Instant.EPOCH, read::add);
        return read;
    }
}
