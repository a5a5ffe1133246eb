package io.servicebreaker.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.servicebreaker.adaptive.AdaptiveSettings;
import io.servicebreaker.adaptive.Conditions;
import io.servicebreaker.adaptive.Parameter;
import io.servicebreaker.adaptive.Recommendation;
import io.servicebreaker.adaptive.ThresholdAdjuster;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.event.Events;
import io.servicebreaker.spring.actuate.Http.Answer;
import io.servicebreaker.time.FakeTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.actuate.audit.AuditEvent;
import org.springframework.boot.actuate.audit.listener.AuditApplicationEvent;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import tools.jackson.databind.JsonNode;

/** Thresholds that are adjusted, seen and undone over HTTP. */
class AdjustmentsTest {

    /** One for all tests that only look, as it takes seconds to start. */
    private static @Nullable ConfigurableApplicationContext shared;

    private ConfigurableApplicationContext application;
    private Http http;
    private FakeTime time;
    private ThresholdAdjuster adjuster;
    private Application.World world;

    @BeforeEach
    void start() {
        boolean isNew = shared == null;
        application = isNew ? run() : shared;
        shared = application;
        int port = application.getEnvironment().getRequiredProperty("local.server.port", int.class);
        http = new Http(port, "/actuator/circuitbreakers");
        time = application.getBean(FakeTime.class);
        adjuster = application.getBean(ThresholdAdjuster.class);
        world = application.getBean(Application.World.class);
        if (isNew) {
            learnFour();
        }
    }

    private static ConfigurableApplicationContext run() {
        return SpringApplication.run(
                Application.class,
                "--server.port=0",
                "--spring.autoconfigure.exclude=io.github.resilience4j.springboot.circuitbreaker.autoconfigure.CircuitBreakerAutoConfiguration",
                "--management.endpoints.web.exposure.include=*",
                "--management.endpoint.circuitbreakers.access=unrestricted",
                "--service-breaker.adaptive.mode=auto",
                "--service-breaker.adaptive.real-time=true",
                "--service-breaker.services.openai.failure-threshold=5",
                "--service-breaker.services.quiet.provider=openai",
                "--service-breaker.services.cache.adaptive-thresholds=false");
    }

    /** Ends the application with the last test, or with one after which it is not as others expect it. */
    @AfterAll
    static void stop() {
        if (shared != null) {
            shared.close();
        }
        shared = null;
    }

    @Test
    void showsNothingWhileNothingIsAdjusted() {
        JsonNode quiet = http.get("/quiet").json();
        JsonNode adjustments = http.get("/adjustments?service=quiet").json().path("adjustments");

        assertThat(adjustments.isArray()).isTrue();
        assertThat(adjustments).isEmpty();
        assertThat(quiet.path("why").path("overlays")).isEmpty();
        assertThat(quiet.path("why").path("expectation").path("usuallyFailing").asDouble())
                .isBetween(0.003, 0.05);
        assertThat(quiet.path("why").path("baseline")).isEqualTo(quiet.path("baseline"));
        assertThat(quiet.path("why").path("effective")).isEqualTo(quiet.path("baseline"));
        assertThat(quiet.path("why").has("notAdjustedUntil")).isFalse();
    }

    @Test
    void showsWhatIsInForceAndWhy() {
        JsonNode openai = http.get("/openai").json();

        assertThat(openai.path("baseline").path("failureThreshold").asInt()).isEqualTo(5);
        assertThat(openai.path("effective").path("failureThreshold").asInt()).isEqualTo(4);
        assertThat(openai.path("why").path("effective")).isEqualTo(openai.path("effective"));
        JsonNode overlay = openai.path("why").path("overlays").get(0);
        assertThat(overlay.propertyNames())
                .containsExactly("owner", "parameter", "factor", "value", "reason", "since", "until");
        assertThat(overlay.path("owner").asString()).isEqualTo("LEARNING");
        assertThat(overlay.path("parameter").asString()).isEqualTo("failure-threshold");
        assertThat(overlay.path("factor").asDouble()).isEqualTo(0.8);
        assertThat(overlay.path("value").asDouble()).isEqualTo(4);
        assertThat(overlay.path("reason").asString()).isEqualTo("four was better");
        assertThat(overlay.path("until").asString()).startsWith("2026-03-31T");
    }

    @Test
    void showsEachStepNewestFirst() {
        JsonNode steps = http.get("/adjustments").json().path("adjustments");

        assertThat(steps)
                .extracting(step -> step.path("step").asString())
                .containsExactly("APPLIED", "SHADOW_STARTED", "RECOMMENDED");
        JsonNode applied = steps.get(0);
        assertThat(applied.propertyNames())
                .containsExactly(
                        "type", "at", "service", "parameter", "from", "to", "owner", "step", "confidence", "reason");
        assertThat(applied.path("from").asDouble()).isEqualTo(5);
        assertThat(applied.path("to").asDouble()).isEqualTo(4);
        assertThat(applied.path("confidence").asDouble()).isEqualTo(0.9);
        assertThat(http.get("/adjustments?limit=1").json().path("adjustments").get(0))
                .isEqualTo(applied);
        assertThat(http.get("/adjustments?service=openai").json().path("adjustments"))
                .hasSize(3);
        assertThat(http.get("/adjustments?service=cache").json().path("adjustments"))
                .isEmpty();
        assertThat(http.get("/adjustments?limit=0").status()).isEqualTo(400);
    }

    @Test
    void adjustmentsAreAmongTheEvents() {
        application.getBean(Events.class).flushAndWait();

        JsonNode event =
                http.get("/events?service=openai").json().path("events").get(0);

        assertThat(event.path("type").asString()).isEqualTo("ThresholdsAdjusted");
        assertThat(event.path("step").asString()).isEqualTo("APPLIED");
        assertThat(event.path("parameter").asString()).isEqualTo("failure-threshold");
    }

    @Test
    void countsChangesOfThresholds() {
        MeterRegistry meters = application.getBean(MeterRegistry.class);

        assertThat(meters.get("circuit.breaker.adjustments")
                        .tags("service", "openai", "parameter", "failure-threshold")
                        .functionCounter()
                        .count())
                .isEqualTo(1);
        assertThat(meters.get("circuit.breaker.adjustments")
                        .tags("service", "openai", "parameter", "window")
                        .functionCounter()
                        .count())
                .isZero();
    }

    @Test
    void anOperatorMakesAllAsConfigured() {
        world.conditions = new Conditions(2, 2, 0.5, 0.02, 0);
        pass(Duration.ofMinutes(1));

        Answer answer = http.post("/openai", """
                {"updateState": "UNDO_ADJUSTMENT", "reason": "incident 7"}""");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("effective")).isEqualTo(answer.json().path("baseline"));
        assertThat(answer.json().path("why").path("overlays")).isEmpty();
        assertThat(answer.json().path("why").path("notAdjustedUntil").asString())
                .isEqualTo(time.now().plus(Duration.ofDays(7)).toString());
        assertThat(answer.json().path("state").asString()).isEqualTo("CLOSED");
        assertThat(application.getBean(Application.class).audits)
                .singleElement()
                .satisfies(audit -> {
                    assertThat(audit.getType()).isEqualTo("SERVICE_BREAKER_COMMAND");
                    assertThat(audit.getData())
                            .containsEntry("command", "UNDO_ADJUSTMENT")
                            .containsEntry("reason", "incident 7");
                });
        assertThat(http.get("/adjustments?limit=2").json().path("adjustments"))
                .extracting(step ->
                        step.path("step").asString() + " " + step.path("owner").asString())
                .containsExactly("UNDONE OPERATOR", "UNDONE OPERATOR");
        pass(Duration.ofDays(6));
        assertThat(http.get("/openai")
                        .json()
                        .path("effective")
                        .path("failureThreshold")
                        .asInt())
                .isEqualTo(5);
        stop();
    }

    @Test
    void anOperatorMaySayForHowLong() {
        Answer answer = http.post("/openai", """
                {"updateState": "undo-adjustment", "reason": "a test of load", "expiresIn": "PT3H"}""");

        assertThat(answer.json().path("why").path("notAdjustedUntil").asString())
                .isEqualTo(time.now().plus(Duration.ofHours(3)).toString());
        stop();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "/openai|{'updateState': 'UNDO_ADJUSTMENT'}|reason is missing",
                "/openai|{'updateState': 'UNDO_ADJUSTMENT', 'reason': 'r', 'expiresIn': '3'}|expiresIn is '3'",
                "/openai|{'updateState': 'UNDO', 'reason': 'r'}|updateState is 'UNDO'",
                "/cache|{'updateState': 'UNDO_ADJUSTMENT', 'reason': 'r'}|'cache' is never adjusted"
            })
    void saysWhatIsWrongWithACommand(String path, String command, String problem) {
        Answer answer = http.post(path, command.replace('\'', '"'));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().path("error").asString()).isEqualTo(problem);
        assertThat(answer.json().path("allowed")).isNotEmpty();
    }

    @Test
    void theJobIsAmongTheScheduledTasks() {
        int port = application.getEnvironment().getRequiredProperty("local.server.port", int.class);

        JsonNode tasks =
                new Http(port, "/actuator/scheduledtasks").get("").json().path("fixedDelay");

        assertThat(tasks.toString()).contains("io.servicebreaker.adaptive.ThresholdAdjuster.look");
    }

    /** A value is recommended, tried for an hour and applied. */
    private void learnFour() {
        world.advice = List.of(
                new Recommendation("openai", Parameter.FAILURE_THRESHOLD, 5, 4, 0.9, 3, 1, 0.8, "four was better"));
        CallOrchestrator calls = application.getBean(CallOrchestrator.class);
        for (int minute = 0; minute < 150; minute++) {
            pass(Duration.ofSeconds(30));
            calls.begin(CallRequest.to("openai")).succeeded();
        }
        pass(Duration.ofSeconds(1));
    }

    private void pass(Duration by) {
        time.advance(by);
        adjuster.look();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        final List<AuditEvent> audits = new CopyOnWriteArrayList<>();

        @Bean
        FakeTime time() {
            return new FakeTime();
        }

        @Bean
        World world() {
            return new World();
        }

        @Bean
        ThresholdAdjuster adjuster(
                AdaptiveSettings settings,
                Breakers breakers,
                World world,
                FakeTime time,
                Events events,
                InternalFaults faults) {
            return new ThresholdAdjuster(
                    settings,
                    List.of(breakers.breaker("openai"), breakers.breaker("quiet")),
                    service -> service.equals("openai") ? world.advice : List.of(),
                    service -> world.conditions,
                    time,
                    events,
                    faults);
        }

        @EventListener
        void audited(AuditApplicationEvent event) {
            audits.add(event.getAuditEvent());
        }

        /** What history and the present say. */
        static class World {
            volatile List<Recommendation> advice = List.of();
            volatile Conditions conditions = Conditions.UNKNOWN;
        }
    }
}
