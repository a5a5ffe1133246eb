package io.servicebreaker.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.adaptive.Overlay.Owner;
import io.servicebreaker.adaptive.Parameter;
import io.servicebreaker.adaptive.ThresholdAdjuster;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.call.CallListener;
import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.time.FakeTime;
import java.math.BigDecimal;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.scheduling.annotation.ScheduledAnnotationBeanPostProcessor;
import org.springframework.scheduling.config.ScheduledTaskHolder;

/** Which services are adjusted, to what, and by whom. */
class AdjustmentJobTest {

    private final FakeTime time = new FakeTime();
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(ServiceBreakerAutoConfiguration.class, AdaptiveAutoConfiguration.class))
            .withBean(FakeTime.class, () -> time)
            .withPropertyValues(
                    "service-breaker.services.openai.recovery-timeout=60s",
                    "service-breaker.services.fixed.adaptive-thresholds=false",
                    "service-breaker.services.spread.backends.eu.url=https://eu.example.com",
                    "service-breaker.services.spread.backends.us.url=https://us.example.com");

    @Test
    void adjustsServicesThatMayBeAndHaveOneBreaker() {
        runner.run(context -> {
            ThresholdAdjuster adjuster = context.getBean(ThresholdAdjuster.class);

            assertThat(adjuster.settings("openai")).isPresent();
            assertThat(adjuster.settings("fixed")).isEmpty();
            assertThat(adjuster.settings("spread")).isEmpty();
        });
    }

    @Test
    void hearsOfCallsOnlyIfSomethingMayBeTried() {
        runner.run(
                context -> assertThat(context.getBean(ThresholdAdjuster.class).listenerFor("openai"))
                        .isSameAs(CallListener.NONE));
        runner.withPropertyValues("service-breaker.adaptive.mode=auto").run(context -> {
            ThresholdAdjuster adjuster = context.getBean(ThresholdAdjuster.class);

            assertThat(adjuster.listenerFor("openai")).isNotSameAs(CallListener.NONE);
            assertThat(adjuster.listenerFor("fixed")).isSameAs(CallListener.NONE);
        });
    }

    @Test
    void looksAlsoInAContextThatWasStoppedAndStarted() {
        runner.withPropertyValues(
                        "service-breaker.adaptive.real-time=true",
                        "service-breaker.cost.budgets.services.openai.daily=10")
                .run(context -> {
                    context.stop();
                    assertThat(context.getBean(AdjustmentJob.class).isRunning()).isFalse();
                    assertThat(context.getBean(AdjustmentJob.class).getScheduledTasks())
                            .isEmpty();
                    context.start();
                    spend(context, "9.50");
                    time.advance(Duration.ofMinutes(1));

                    Awaitility.await()
                            .until(() -> Parameter.RECOVERY_TIMEOUT.of(context.getBean(Breakers.class)
                                            .breaker("openai")
                                            .snapshot()
                                            .settings())
                                    > 60);
                });
    }

    @Test
    void budgetsThatAreNearlyUsedUpMakeProbesRare() {
        runner.withPropertyValues(
                        "service-breaker.adaptive.real-time=true",
                        "service-breaker.cost.budgets.services.openai.daily=10")
                .run(context -> {
                    ThresholdAdjuster adjuster = context.getBean(ThresholdAdjuster.class);
                    spend(context, "9");
                    time.advance(Duration.ofMinutes(1));

                    adjuster.look();

                    assertThat(adjuster.settings("openai").orElseThrow().overlays())
                            .singleElement()
                            .satisfies(overlay -> {
                                assertThat(overlay.owner()).isEqualTo(Owner.BUDGET);
                                assertThat(overlay.reason()).isEqualTo("90 % of the budget is used");
                            });
                    assertThat(context.getBean(Breakers.class)
                                    .breaker("openai")
                                    .snapshot()
                                    .settings()
                                    .recoveryTimeout())
                            .isEqualTo(Duration.ofSeconds(75));
                });
    }

    @Test
    void needsNoThreadWhereNothingIsLearned() {
        runner.withPropertyValues("service-breaker.adaptive.mode=off")
                .run(context -> assertThat(context.getBean(AdjustmentJob.class).isRunning())
                        .isFalse());
    }

    @Test
    void showsItsTaskWithoutSwitchingOnTheSchedulingOfTheApplication() {
        runner.run(context -> {
            assertThat(context.getBean(ScheduledTaskHolder.class).getScheduledTasks())
                    .singleElement()
                    .asString()
                    .isEqualTo("io.servicebreaker.adaptive.ThresholdAdjuster.look");
            assertThat(context).doesNotHaveBean(ScheduledAnnotationBeanPostProcessor.class);
        });
    }

    private static void spend(ApplicationContext context, String amount) {
        context.getBean(CallOrchestrator.class)
                .begin(CallRequest.to("openai"))
                .succeeded(CallReport.ofStatus(200).cost(new BigDecimal(amount)));
    }
}
