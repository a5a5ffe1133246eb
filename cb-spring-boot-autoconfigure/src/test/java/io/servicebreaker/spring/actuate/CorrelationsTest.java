package io.servicebreaker.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.servicebreaker.breaker.Breaker;
import io.servicebreaker.breaker.BreakerState;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.coordination.FailureCorrelation;
import io.servicebreaker.event.Events;
import io.servicebreaker.spring.actuate.Http.Answer;
import io.servicebreaker.time.FakeTime;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
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

/** What fails together, over HTTP, in an application without Spring Security. */
class CorrelationsTest {

    private ConfigurableApplicationContext application;
    private Http http;

    @BeforeEach
    void start() {
        application = SpringApplication.run(
                Application.class,
                "--server.port=0",
                "--spring.autoconfigure.exclude=io.github.resilience4j.springboot.circuitbreaker.autoconfigure.CircuitBreakerAutoConfiguration",
                "--management.endpoints.web.exposure.include=*",
                "--management.endpoint.circuitbreakers.access=unrestricted",
                "--service-breaker.defaults.failure-threshold=1000",
                "--service-breaker.defaults.minimum-calls=1000",
                "--service-breaker.services.chat.provider=openai",
                "--service-breaker.services.embed.provider=openai",
                "--service-breaker.services.claude.provider=anthropic");
        http = new Http(
                application.getEnvironment().getRequiredProperty("local.server.port", int.class),
                "/actuator/circuitbreakers");
    }

    @AfterEach
    void stop() {
        application.close();
    }

    @Test
    void showsNothingWhileNothingFailsTogether() {
        JsonNode body = http.get("/correlations").json();

        assertThat(body.path("correlations").isArray()).isTrue();
        assertThat(body.path("correlations")).isEmpty();
        assertThat(body.path("bursts")).isEmpty();
        assertThat(http.get("").json().path("correlations")).isEmpty();
    }

    @Test
    void showsServicesThatFailTogetherAndWhy() {
        failTogether("chat", "embed");

        JsonNode found = http.get("/correlations").json().path("correlations").get(0);
        assertThat(found.propertyNames())
                .containsExactly(
                        "kind",
                        "services",
                        "since",
                        "support",
                        "lift",
                        "pValue",
                        "lag",
                        "cause",
                        "confidence",
                        "sentence");
        assertThat(found.path("kind").asString()).isEqualTo("PAIR");
        assertThat(found.path("services").toString()).isEqualTo("[\"chat\",\"embed\"]");
        assertThat(found.path("pValue").asDouble()).isPositive().isLessThan(0.005);
        assertThat(found.path("lag").asString()).startsWith("PT");
        assertThat(found.path("cause").asString()).isEqualTo("SHARED_PROVIDER");
        assertThat(found.path("confidence").asDouble()).isEqualTo(1.0);
        assertThat(found.path("sentence").asString()).contains("services of openai");
        assertThat(http.get("").json().path("correlations").get(0)).isEqualTo(found);
    }

    @Test
    void showsWhenItWasOverAndNotWhileBreakersAreOpen() {
        Breakers breakers = application.getBean(Breakers.class);
        failTogether("chat", "embed");
        failUntilOpen("chat");
        failUntilOpen("embed");
        pass(600);
        assertThat(http.get("/correlations").json().path("correlations").get(0).has("resolvedAt"))
                .isFalse();

        breakers.breaker("chat").close("repaired", null);
        pass(301);

        assertThat(http.get("/correlations")
                        .json()
                        .path("correlations")
                        .get(0)
                        .path("resolvedAt")
                        .asString())
                .isNotEmpty();
    }

    private void failUntilOpen(String service) {
        CallOrchestrator orchestrator = application.getBean(CallOrchestrator.class);
        Breaker breaker = application.getBean(Breakers.class).breaker(service);
        while (breaker.state() == BreakerState.CLOSED) {
            orchestrator.begin(CallRequest.to(service)).failed(new IOException("Connection reset"));
        }
    }

    @Test
    void showsABurstOfOneServiceApart() {
        failTogether("chat");

        JsonNode body = http.get("/correlations").json();
        assertThat(body.path("correlations")).isEmpty();
        assertThat(body.path("bursts").get(0).path("kind").asString()).isEqualTo("BURST");
    }

    @Test
    void countsTheFailuresThatBelongTogether() {
        failTogether("chat", "embed");

        MeterRegistry meters = application.getBean(MeterRegistry.class);
        assertThat(counter(meters, "chat")).isEqualTo(20);
        assertThat(counter(meters, "claude")).isZero();
    }

    private static double counter(MeterRegistry meters, String service) {
        return meters.get("circuit.breaker.correlated.failures")
                .tag("service", service)
                .functionCounter()
                .count();
    }

    @Test
    void tellsOfItInTheEvents() {
        failTogether("chat", "embed");

        Awaitility.await().untilAsserted(() -> {
            application.getBean(Events.class).flush();
            JsonNode event = http.get("/events").json().path("events").get(0);
            assertThat(event.path("type").asString()).isEqualTo("FailuresCorrelated");
            assertThat(event.path("service").asString()).isEqualTo("*");
            assertThat(event.path("correlation").path("services").get(1).asString())
                    .isEqualTo("embed");
        });
    }

    @Test
    void anEventFromElsewhereIsNamedByWhatItMayHaveCaused() {
        Answer posted =
                http.post("/events", "{\"type\": \"provider-status\", \"service\": \"openai\", \"reason\": \"slow\"}");
        assertThat(posted.status()).isEqualTo(200);
        assertThat(posted.json().path("type").asString()).isEqualTo("PROVIDER_STATUS");
        assertThat(posted.json().path("service").asString()).isEqualTo("openai");
        assertThat(posted.json().path("at").asString())
                .isEqualTo(application.getBean(FakeTime.class).now().toString());
        assertThat(http.get("/correlations").json().path("correlations")).isEmpty();

        failTogether("chat", "claude");
        http.post("/events", "{\"type\": \"DEPLOYMENT\", \"reason\": \"version 2\"}");

        JsonNode found = http.get("/correlations").json().path("correlations").get(0);
        assertThat(found.path("cause").asString()).isEqualTo("OURSELVES");
        assertThat(found.path("sentence").asString()).contains("version 2");
    }

    @Test
    void anEventLeavesATrace() {
        http.post("/events", "{\"type\": \"DEPLOYMENT\", \"service\": \"chat\", \"reason\": \"version 2\"}");

        assertThat(application.getBean(Audits.class).seen).singleElement().satisfies(audit -> {
            assertThat(audit.getType()).isEqualTo("SERVICE_BREAKER_COMMAND");
            assertThat(audit.getData())
                    .containsEntry("command", "DEPLOYMENT")
                    .containsEntry("service", "chat")
                    .containsEntry("reason", "version 2");
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{`reason`:`x`} | type is missing | DEPLOYMENT, PROVIDER_STATUS, OTHER",
                "{`type`:`WEATHER`,`reason`:`x`} | 'WEATHER' | DEPLOYMENT, PROVIDER_STATUS, OTHER",
                "{`type`:`OTHER`} | reason is missing | a sentence",
                "{`type`:`OTHER`,`service`:`nobody`,`reason`:`x`} | 'nobody' | chat, openai, embed, claude, anthropic"
            })
    void namesTheAllowedValuesWhenOneIsWrong(String body, String error, String allowed) {
        Answer answer = http.post("/events", body.replace('`', '"'));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().path("error").asString()).contains(error);
        List<String> all = answer.json()
                .path("allowed")
                .valueStream()
                .map(JsonNode::asString)
                .toList();
        assertThat(String.join(", ", all)).contains(allowed);
    }

    private void failTogether(String... services) {
        pass(4 * 3600);
        CallOrchestrator orchestrator = application.getBean(CallOrchestrator.class);
        for (int second = 0; second < 20; second++) {
            for (String service : services) {
                orchestrator.begin(CallRequest.to(service)).failed(new IOException("Connection reset"));
            }
            pass(1);
        }
    }

    private void pass(int seconds) {
        for (int second = 0; second < seconds; second++) {
            application.getBean(FakeTime.class).advance(Duration.ofSeconds(1));
            application.getBean(FailureCorrelation.class).analyse();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        @Bean
        FakeTime time() {
            return new FakeTime();
        }

        @Bean
        Audits audits() {
            return new Audits();
        }
    }

    static class Audits {

        private final List<AuditEvent> seen = new CopyOnWriteArrayList<>();

        @EventListener
        void on(AuditApplicationEvent event) {
            seen.add(event.getAuditEvent());
        }
    }
}
