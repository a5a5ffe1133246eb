package io.servicebreaker.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.breaker.ProbeCall;
import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.time.FakeTime;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

class ProbeCallAutoConfigurationTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(ServiceBreakerAutoConfiguration.class, ProbeCallAutoConfiguration.class))
            .withBean(FakeTime.class)
            .withPropertyValues("service-breaker.services.search.failure-threshold=1");

    @Test
    void probesAServiceThatNobodyCalls() {
        runner.withBean(SearchProbe.class).run(ProbeCallAutoConfigurationTest::opensAndProbes);
    }

    @Test
    void probesAgainInAContextThatWasStoppedAndStarted() {
        runner.withBean(SearchProbe.class).run(context -> {
            context.stop();
            context.start();

            opensAndProbes(context);
        });
    }

    @Test
    void needsNoThreadsWithoutAProbeCall() {
        runner.run(context -> assertThat(context).doesNotHaveBean(ProbeThreads.class));
    }

    private static void opensAndProbes(ApplicationContext context) throws InterruptedException {
        context.getBean(CallOrchestrator.class).begin(CallRequest.to("search")).failed(new IOException("down"));
        assertThat(context.getBean(Breakers.class).breaker("search").awaitsProbe())
                .isFalse();

        context.getBean(FakeTime.class).advance(Duration.ofMinutes(1));

        assertThat(context.getBean(SearchProbe.class).called.await(30, TimeUnit.SECONDS))
                .isTrue();
    }

    private static final class SearchProbe implements ProbeCall {

        private final CountDownLatch called = new CountDownLatch(1);

        @Override
        public String service() {
            return "search";
        }

        @Override
        public void probe() {
            called.countDown();
        }
    }
}
