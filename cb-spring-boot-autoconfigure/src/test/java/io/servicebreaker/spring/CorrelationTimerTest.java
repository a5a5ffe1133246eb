package io.servicebreaker.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.coordination.FailureCorrelation;
import io.servicebreaker.time.FakeTime;
import java.io.IOException;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class CorrelationTimerTest {

    private final FakeTime time = new FakeTime();
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(ServiceBreakerAutoConfiguration.class))
            .withBean(FakeTime.class, () -> time)
            .withPropertyValues(
                    "service-breaker.services.openai.failure-threshold=1000",
                    "service-breaker.services.openai.minimum-calls=1000");

    @Test
    void looksAlsoInAContextThatWasStoppedAndStarted() {
        runner.run(context -> {
            context.stop();
            assertThat(context.getBean("serviceBreakerCorrelationTimer", WatchTimer.class)
                            .isRunning())
                    .isFalse();
            context.start();
            FailureCorrelation correlation = context.getBean(FailureCorrelation.class);
            correlation.analyse();
            time.advance(Duration.ofHours(1));
            correlation.analyse();
            fail(context.getBean(CallOrchestrator.class), 20);
            time.advance(Duration.ofSeconds(1));

            Awaitility.await().until(() -> !correlation.bursts().isEmpty());
        });
    }

    @Test
    void failuresAreNotComparedIfNobodyWantsThem() {
        runner.withPropertyValues("service-breaker.coordination.correlation.enabled=false")
                .run(context -> {
                    FailureCorrelation correlation = context.getBean(FailureCorrelation.class);
                    time.advance(Duration.ofHours(1));
                    correlation.analyse();
                    fail(context.getBean(CallOrchestrator.class), 20);
                    time.advance(Duration.ofSeconds(1));
                    correlation.analyse();

                    assertThat(correlation.bursts()).isEmpty();
                    assertThat(context.getBean("serviceBreakerCorrelationTimer", WatchTimer.class)
                                    .isRunning())
                            .isFalse();
                });
    }

    @Test
    void needsNoThreadWithoutServices() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(ServiceBreakerAutoConfiguration.class))
                .run(context -> assertThat(context.getBean("serviceBreakerCorrelationTimer", WatchTimer.class)
                                .isRunning())
                        .isFalse());
    }

    private static void fail(CallOrchestrator orchestrator, int times) {
        for (int i = 0; i < times; i++) {
            orchestrator.begin(CallRequest.to("openai")).failed(new IOException("Connection reset"));
        }
    }
}
