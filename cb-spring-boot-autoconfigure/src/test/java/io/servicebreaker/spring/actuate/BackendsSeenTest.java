package io.servicebreaker.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.OngoingCall;
import io.servicebreaker.time.FakeTime;
import java.net.ConnectException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;

/** What the endpoint shows of a service's deployments. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "service-breaker.services.openai.backends.eu.url=https://eu.example.com",
            "service-breaker.services.openai.backends.us.url=https://us.example.com",
            "service-breaker.services.openai.backends.us.weight=3",
            "service-breaker.services.perplexity.window=30s",
            "spring.autoconfigure.exclude="
                    + "io.github.resilience4j.springboot.circuitbreaker.autoconfigure.CircuitBreakerAutoConfiguration",
            "management.endpoints.web.exposure.include=circuitbreakers"
        })
class BackendsSeenTest {

    @Autowired
    private CallOrchestrator orchestrator;

    @Autowired
    private Breakers breakers;

    @LocalServerPort
    private int port;

    @Test
    void showsEachAndHowManyOfTheCallsItGets() {
        Http http = new Http(port, "/actuator/circuitbreakers");
        JsonNode before = http.get("/openai").json().path("backends");
        assertThat(before.propertyNames()).containsExactly("eu", "us");
        assertThat(before.path("eu").path("url").asString()).isEqualTo("https://eu.example.com");
        assertThat(before.path("eu").path("state").asString()).isEqualTo("CLOSED");
        assertThat(before.path("eu").path("share").asDouble()).isEqualTo(0.25);
        assertThat(http.get("/perplexity").json().has("backends")).isFalse();

        while (!http.get("/openai")
                .json()
                .path("backends")
                .path("eu")
                .path("state")
                .asString()
                .equals("OPEN")) {
            OngoingCall call = orchestrator.begin(CallRequest.to("openai"));
            if (call.backend().id().equals("eu")) {
                call.failed(new ConnectException("down"));
            } else {
                call.succeeded();
            }
        }

        Awaitility.await()
                .until(() -> http.get("/openai")
                                .json()
                                .path("backends")
                                .path("us")
                                .path("share")
                                .asDouble()
                        == 1);
        JsonNode openai = http.get("/openai").json();
        assertThat(openai.path("state").asString()).isEqualTo("CLOSED");
        assertThat(openai.path("backends").path("eu").path("retryAfter").asString())
                .isNotEmpty();
        Awaitility.await()
                .untilAsserted(() -> assertThat(http.get("/events?service=openai")
                                .json()
                                .path("events")
                                .get(0)
                                .path("backend")
                                .asString())
                        .isEqualTo("eu"));

        breakers.breaker("openai").reset("repaired", null);

        Awaitility.await()
                .until(() -> http.get("/openai")
                        .json()
                        .path("backends")
                        .path("eu")
                        .path("state")
                        .asString()
                        .equals("CLOSED"));
    }

    @Test
    void showsWhatIsLeftOfTheLimitsOfEachAndWhichModelsAndCredentialsItServes() {
        OngoingCall call =
                orchestrator.begin(CallRequest.to("openai").model("gpt-5").credential("team"));
        String id = call.backend().id();
        call.succeeded(CallReport.ofStatus(200)
                .header("x-ratelimit-limit-requests", "500")
                .header("x-ratelimit-remaining-requests", "500")
                .header("x-ratelimit-reset-requests", "100s"));

        JsonNode openai =
                new Http(port, "/actuator/circuitbreakers").get("/openai").json();

        assertThat(openai.has("quota")).isFalse();
        assertThat(openai.path("credentials").has("team")).isFalse();
        JsonNode chosen = openai.path("backends").path(id);
        assertThat(chosen.path("quota").get(0).path("remaining").asLong()).isEqualTo(500);
        assertThat(chosen.path("models").path("gpt-5").path("state").asString()).isEqualTo("CLOSED");
        assertThat(chosen.path("credentials").path("team").path("state").asString())
                .isEqualTo("CLOSED");
        JsonNode other = openai.path("backends").path(id.equals("eu") ? "us" : "eu");
        assertThat(other.has("quota")).isFalse();
        assertThat(other.has("models")).isFalse();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        @Bean
        FakeTime time() {
            return new FakeTime();
        }
    }
}
