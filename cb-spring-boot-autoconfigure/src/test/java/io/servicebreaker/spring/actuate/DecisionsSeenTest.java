package io.servicebreaker.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.servicebreaker.annotation.ServiceBreaker;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CurrentCall;
import io.servicebreaker.call.OngoingCall;
import io.servicebreaker.time.FakeTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;

/** What the endpoint and the meters show of fallbacks. */
class DecisionsSeenTest {

    private ConfigurableApplicationContext application;
    private Http http;

    @BeforeEach
    void start() {
        application = SpringApplication.run(
                Application.class,
                "--server.port=0",
                "--management.endpoints.web.exposure.include=circuitbreakers",
                "--service-breaker.services.openai.provider=openai",
                "--service-breaker.services.perplexity.provider=perplexity");
        http = new Http(
                application.getEnvironment().getRequiredProperty("local.server.port", int.class),
                "/actuator/circuitbreakers");
    }

    @AfterEach
    void stop() {
        application.close();
    }

    @Test
    void showsADecisionInAllDetails() {
        assertThat(client().ask("q")).isEqualTo("other q");

        JsonNode hop = decisions("").get(0);
        assertThat(hop.path("id").asString())
                .isEqualTo(hop.path("ladder").asString() + "." + hop.path("hop").asInt());
        assertThat(hop.path("hop").asInt()).isEqualTo(1);
        assertThat(hop.path("at").asString())
                .isEqualTo(application.getBean(FakeTime.class).now().toString());
        assertThat(hop.path("service").asString()).isEqualTo("openai");
        assertThat(hop.path("operation").asString()).isEqualTo("chat");
        assertThat(hop.path("cause").asString()).isEqualTo("CONNECTION");
        assertThat(hop.path("options").values()).extracting(JsonNode::asString).containsExactly("Client.other");
        assertThat(hop.path("chosen").asString()).isEqualTo("Client.other");
        assertThat(hop.path("reason").asString())
                .startsWith("Call to 'openai' failed: CONNECTION (UncheckedIOException); asked");
        assertThat(hop.path("latency").asString()).isEqualTo("PT2S");
        assertThat(hop.path("cost").decimalValue()).isEqualByComparingTo("0.5");
        assertThat(hop.path("result").asString()).isEqualTo("ANSWERED");
        assertThat(hop.path("answeredBy").asString()).isEqualTo("perplexity");
        assertThat(hop.path("answeredIn").asString()).isEqualTo("PT0S");
        assertThat(hop.path("answerConfidence").asDouble()).isEqualTo(0.5);
    }

    @Test
    void showsTheNewestOfAService() {
        client().ask("1");
        client().ask("2");

        assertThat(decisions("?limit=1")).hasSize(1);
        assertThat(decisions("?service=openai")).hasSize(2);
        assertThat(decisions("?service=perplexity")).isEmpty();
        assertThat(http.get("/decisions?limit=0").status()).isEqualTo(400);
        assertThat(http.get("/events").body()).doesNotContain("DecisionRecord");
    }

    @Test
    void countsFailuresThatTheCallerDoesNotSee() {
        client().ask("1");
        client().ask("2");

        Counter masked = application
                .getBean(MeterRegistry.class)
                .get("circuit.breaker.masked.failures")
                .tags("service", "openai", "answered.by", "perplexity")
                .counter();
        assertThat(masked.count()).isEqualTo(2);
    }

    private Client client() {
        return application.getBean(Client.class);
    }

    private List<JsonNode> decisions(String query) {
        return http.get("/decisions" + query)
                .json()
                .path("decisions")
                .valueStream()
                .toList();
    }

    static class Client {

        private final FakeTime time;

        Client(FakeTime time) {
            this.time = time;
        }

        @ServiceBreaker(value = "openai", operation = "chat", fallback = "other")
        public String ask(String question) {
            time.advance(Duration.ofSeconds(2));
            OngoingCall call = CurrentCall.get();
            if (call != null) {
                call.told(CallReport.EMPTY.cost(new BigDecimal("0.5")));
            }
            throw new UncheckedIOException(new IOException("down"));
        }

        @ServiceBreaker(value = "perplexity", confidence = "0.5")
        public String other(String question) {
            return "other " + question;
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration(
            excludeName =
                    "io.github.resilience4j.springboot.circuitbreaker.autoconfigure.CircuitBreakerAutoConfiguration")
    static class Application {

        @Bean
        FakeTime time() {
            return new FakeTime();
        }

        @Bean
        Client client(FakeTime time) {
            return new Client(time);
        }
    }
}
