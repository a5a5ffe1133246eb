package io.servicebreaker.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.call.OngoingCall;
import io.servicebreaker.call.Usage;
import io.servicebreaker.event.Events;
import io.servicebreaker.spring.ServiceBreakerAutoConfiguration;
import io.servicebreaker.time.FakeTime;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

class BreakerMetersTest {

    private static final CallRequest OPENAI = CallRequest.to("openai");

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    ServiceBreakerAutoConfiguration.class,
                    ServiceBreakerMetricsAutoConfiguration.class,
                    MetricsAutoConfiguration.class,
                    CompositeMeterRegistryAutoConfiguration.class))
            .withBean(FakeTime.class)
            .withPropertyValues(
                    "service-breaker.services.openai.failure-threshold=3",
                    "service-breaker.services.openai.minimum-calls=3",
                    "service-breaker.services.openai.error-rate-threshold=0.99",
                    "service-breaker.services.openai.half-open-max-requests=1",
                    "service-breaker.services.openai.recovery-jitter=0");

    @Test
    void countsCallsByWhatBecameOfThem() {
        runner.withBean(SimpleMeterRegistry.class).run(context -> {
            CallOrchestrator orchestrator = context.getBean(CallOrchestrator.class);
            MeterRegistry registry = context.getBean(MeterRegistry.class);

            orchestrator.begin(OPENAI).succeeded();
            orchestrator.begin(OPENAI).cancelled();
            fail(context, 3);
            refuse(context);

            assertThat(requests(registry, "success")).isEqualTo(1);
            assertThat(requests(registry, "failure")).isEqualTo(3);
            assertThat(requests(registry, "ignored")).isEqualTo(1);
            assertThat(requests(registry, "blocked")).isEqualTo(1);
            assertThat(requests(registry, "throttled")).isZero();
            assertThat(registry.get("circuit.breaker.failures")
                            .tags("service", "openai", "cause", "connection")
                            .counter()
                            .count())
                    .isEqualTo(3);
        });
    }

    @Test
    void countsTheTimesOfTheProviderThatMakeNoSense() {
        runner.withBean(SimpleMeterRegistry.class).run(context -> {
            CallOrchestrator orchestrator = context.getBean(CallOrchestrator.class);
            CallReport absurd = CallReport.ofStatus(200)
                    .header("x-ratelimit-remaining-requests", "5")
                    .header("x-ratelimit-reset-requests", "1000000000000");

            orchestrator.begin(OPENAI).succeeded(absurd);
            orchestrator
                    .begin(OPENAI)
                    .failed(
                            new IOException("throttled"),
                            CallReport.ofStatus(429).header("retry-after", "soon"));

            assertThat(context.getBean(MeterRegistry.class)
                            .get("circuit.breaker.headers.ignored")
                            .tag("service", "openai")
                            .functionCounter()
                            .count())
                    .isEqualTo(2);
        });
    }

    @Test
    void countsARefusalForWantOfAPlaceAsThrottled() {
        runner.withBean(SimpleMeterRegistry.class)
                .withPropertyValues("service-breaker.services.openai.max-concurrent-calls=1")
                .run(context -> {
                    context.getBean(CallOrchestrator.class).begin(OPENAI);

                    refuse(context);

                    assertThat(requests(context.getBean(MeterRegistry.class), "throttled"))
                            .isEqualTo(1);
                });
    }

    @Test
    void tellsCancelledCallsApartByWhetherTheAnswerHadBegun() {
        runner.withBean(SimpleMeterRegistry.class).run(context -> {
            CallOrchestrator orchestrator = context.getBean(CallOrchestrator.class);
            orchestrator.begin(OPENAI).cancelled();
            for (int i = 0; i < 2; i++) {
                OngoingCall begun = orchestrator.begin(OPENAI);
                begun.answering();
                begun.cancelled();
            }

            MeterRegistry registry = context.getBean(MeterRegistry.class);
            assertThat(cancelled(registry, "none")).isEqualTo(1);
            assertThat(cancelled(registry, "begun")).isEqualTo(2);
        });
    }

    @Test
    void countsTheTokensThatAnswersTellOf() {
        runner.withBean(SimpleMeterRegistry.class).run(context -> {
            CallOrchestrator orchestrator = context.getBean(CallOrchestrator.class);

            orchestrator.begin(OPENAI).succeeded(CallReport.EMPTY.usage(new Usage(1000, 200, 400)));
            orchestrator.begin(OPENAI).failed(new IOException("cut"), CallReport.EMPTY.usage(new Usage(10, 2, 0)));
            orchestrator.begin(OPENAI).succeeded();

            MeterRegistry registry = context.getBean(MeterRegistry.class);
            assertThat(tokens(registry, "input")).isEqualTo(1010);
            assertThat(tokens(registry, "output")).isEqualTo(202);
        });
    }

    private static double tokens(MeterRegistry registry, String type) {
        return registry.get("circuit.breaker.tokens")
                .tags("service", "openai", "type", type)
                .counter()
                .count();
    }

    @Test
    void timesAnswers() {
        runner.withBean(SimpleMeterRegistry.class).run(context -> {
            var call = context.getBean(CallOrchestrator.class).begin(OPENAI);
            context.getBean(FakeTime.class).advance(Duration.ofMillis(1500));

            call.succeeded();

            var timer = context.getBean(MeterRegistry.class)
                    .get("circuit.breaker.response.time")
                    .tag("service", "openai")
                    .timer();
            assertThat(timer.count()).isEqualTo(1);
            assertThat(timer.totalTime(TimeUnit.SECONDS)).isEqualTo(1.5);
        });
    }

    @Test
    void lendsItselfToHistograms() {
        runner.withBean(PrometheusMeterRegistry.class, () -> new PrometheusMeterRegistry(PrometheusConfig.DEFAULT))
                .withPropertyValues(
                        "management.metrics.distribution.percentiles-histogram.circuit.breaker.response.time=true")
                .run(context -> assertThat(
                                context.getBean(PrometheusMeterRegistry.class).scrape())
                        .contains("circuit_breaker_response_time_seconds_bucket{service=\"openai\",le=\"0.001\"}"));
    }

    @Test
    void showsTheStateAndHowLongItHasLasted() {
        runner.withBean(SimpleMeterRegistry.class).run(context -> {
            FakeTime time = context.getBean(FakeTime.class);
            assertThat(gauge(context, "circuit.breaker.state")).isZero();

            fail(context, 3);
            time.advance(Duration.ofSeconds(60));
            assertThat(gauge(context, "circuit.breaker.state")).isEqualTo(2);
            assertThat(gauge(context, "circuit.breaker.state.duration")).isEqualTo(60);

            context.getBean(CallOrchestrator.class).begin(OPENAI);
            assertThat(gauge(context, "circuit.breaker.state")).isEqualTo(1);
            assertThat(gauge(context, "circuit.breaker.state.duration")).isZero();
        });
    }

    @Test
    void knowsNoRatesBelowTheMinimumNumberOfCalls() {
        runner.withBean(SimpleMeterRegistry.class).run(context -> {
            CallOrchestrator orchestrator = context.getBean(CallOrchestrator.class);
            orchestrator.begin(OPENAI).succeeded();
            orchestrator.begin(OPENAI).succeeded();
            orchestrator.begin(OPENAI).succeeded();
            assertThat(gauge(context, "circuit.breaker.error.rate")).isZero();

            context.getBean(FakeTime.class).advance(Duration.ofMinutes(5));
            assertThat(gauge(context, "circuit.breaker.error.rate")).isNaN();
            assertThat(gauge(context, "circuit.breaker.timeout.rate")).isNaN();

            orchestrator.begin(OPENAI).succeeded();
            orchestrator.begin(OPENAI).succeeded();
            orchestrator.begin(OPENAI).succeeded();
            orchestrator.begin(OPENAI).failed(new TimeoutException());
            assertThat(gauge(context, "circuit.breaker.error.rate")).isEqualTo(0.25);
            assertThat(gauge(context, "circuit.breaker.timeout.rate")).isEqualTo(0.25);
        });
    }

    @Test
    void countsTransitionsAndRecoveries() {
        runner.withBean(SimpleMeterRegistry.class).run(context -> {
            MeterRegistry registry = context.getBean(MeterRegistry.class);
            fail(context, 3);
            context.getBean(FakeTime.class).advance(Duration.ofSeconds(60));

            context.getBean(CallOrchestrator.class).begin(OPENAI).succeeded();

            context.getBean(Events.class).flush();
            Awaitility.await()
                    .until(() ->
                            registry.get("circuit.breaker.recoveries").counter().count() == 1);
            assertThat(registry.get("circuit.breaker.recovery.attempts")
                            .counter()
                            .count())
                    .isEqualTo(1);
            assertThat(registry.get("circuit.breaker.transitions")
                            .tags("service", "openai", "from", "closed", "to", "open")
                            .counter()
                            .count())
                    .isEqualTo(1);
        });
    }

    @Test
    void showsTheMeanHealthOfAllServices() {
        runner.withBean(SimpleMeterRegistry.class)
                .withPropertyValues("service-breaker.services.cache.provider=cache")
                .run(context -> {
                    Gauge health = context.getBean(MeterRegistry.class)
                            .get("circuit.breaker.system.health")
                            .gauge();
                    assertThat(health.value()).isEqualTo(1);

                    fail(context, 3);

                    Awaitility.await().until(() -> health.value() == 0.2); // of the cache, which matters less
                    assertThat(health.getId().getTags()).isEmpty();
                });
    }

    @Test
    void showsHowMuchLessWorkIsAskedForAndWhoseTroubleIsHandedOn() {
        runner.withBean(SimpleMeterRegistry.class)
                .withPropertyValues(
                        "service-breaker.services.lightrag.depends-on=openai",
                        "service-breaker.coordination.cascade-delay=0s")
                .run(context -> {
                    MeterRegistry registry = context.getBean(MeterRegistry.class);
                    Gauge level = registry.get("circuit.breaker.degradation")
                            .tag("service", "lightrag")
                            .gauge();
                    assertThat(level.value()).isZero();

                    fail(context, 3);

                    Awaitility.await().until(() -> level.value() == 3);
                    assertThat(registry.get("circuit.breaker.cascades")
                                    .tag("service", "openai")
                                    .functionCounter()
                                    .count())
                            .isEqualTo(1);
                });
    }

    @Test
    void countsOurOwnFaults() {
        runner.withBean(SimpleMeterRegistry.class).run(context -> {
            context.getBean(InternalFaults.class).record("test", new IllegalStateException("on purpose"));

            MeterRegistry registry = context.getBean(MeterRegistry.class);
            assertThat(registry.get("circuit.breaker.internal.faults")
                            .functionCounter()
                            .count())
                    .isEqualTo(1);
            assertThat(registry.get("circuit.breaker.events.dropped")
                            .functionCounter()
                            .count())
                    .isZero();
        });
    }

    @Test
    void givesPrometheusUnitsAndDescriptions() {
        runner.withBean(PrometheusMeterRegistry.class, () -> new PrometheusMeterRegistry(PrometheusConfig.DEFAULT))
                .withPropertyValues("service-breaker.cost.budgets.daily=5")
                .run(context -> {
                    fail(context, 3);

                    String scrape =
                            context.getBean(PrometheusMeterRegistry.class).scrape();

                    assertThat(Arrays.stream(scrape.split("\n"))
                                    .filter(line -> line.startsWith("# TYPE circuit_breaker"))
                                    .map(line -> line.substring("# TYPE ".length())))
                            .containsExactlyInAnyOrder(
                                    "circuit_breaker_budget_used gauge",
                                    "circuit_breaker_cancelled_total counter",
                                    "circuit_breaker_cascades_total counter",
                                    "circuit_breaker_correlated_failures_total counter",
                                    "circuit_breaker_degradation gauge",
                                    "circuit_breaker_cost_saved_total counter",
                                    "circuit_breaker_cost_total counter",
                                    "circuit_breaker_tokens_total counter",
                                    "circuit_breaker_error_rate gauge",
                                    "circuit_breaker_events_dropped_total counter",
                                    "circuit_breaker_failures_total counter",
                                    "circuit_breaker_headers_ignored_total counter",
                                    "circuit_breaker_internal_faults_total counter",
                                    "circuit_breaker_recoveries_total counter",
                                    "circuit_breaker_recovery_attempts_total counter",
                                    "circuit_breaker_requests_total counter",
                                    "circuit_breaker_response_time_seconds summary",
                                    "circuit_breaker_response_time_seconds_max gauge",
                                    "circuit_breaker_state gauge",
                                    "circuit_breaker_state_duration_seconds gauge",
                                    "circuit_breaker_system_health gauge",
                                    "circuit_breaker_system_load gauge",
                                    "circuit_breaker_timeout_rate gauge",
                                    "circuit_breaker_transitions_total counter");
                    assertThat(Arrays.stream(scrape.split("\n"))
                                    .filter(line -> line.startsWith("# HELP circuit_breaker")))
                            .allSatisfy(line -> assertThat(line.split(" ")).hasSizeGreaterThan(4));
                    assertThat(scrape)
                            .contains("circuit_breaker_failures_total{cause=\"connection\",service=\"openai\"} 3.0");
                });
    }

    @Test
    void needsNoRegistry() {
        runner.withClassLoader(new FilteredClassLoader("io.micrometer")).run(context -> {
            fail(context, 3);
            assertThat(context).hasNotFailed().doesNotHaveBean("serviceBreakerMeters");
        });
    }

    private static void fail(ApplicationContext context, int times) {
        for (int i = 0; i < times; i++) {
            context.getBean(CallOrchestrator.class).begin(OPENAI).failed(new IOException("reset"));
        }
    }

    private static void refuse(ApplicationContext context) {
        try {
            context.getBean(CallOrchestrator.class).begin(OPENAI).close();
        } catch (CallRejectedException e) {
            return;
        }
        throw new AssertionError(
                "let through by " + context.getBean(Breakers.class).all());
    }

    private static double requests(MeterRegistry registry, String result) {
        return registry.get("circuit.breaker.requests")
                .tags("service", "openai", "result", result)
                .counter()
                .count();
    }

    private static double cancelled(MeterRegistry registry, String answer) {
        return registry.get("circuit.breaker.cancelled")
                .tags("service", "openai", "answer", answer)
                .counter()
                .count();
    }

    private static double gauge(ApplicationContext context, String name) {
        return context.getBean(MeterRegistry.class)
                .get(name)
                .tag("service", "openai")
                .gauge()
                .value();
    }
}
