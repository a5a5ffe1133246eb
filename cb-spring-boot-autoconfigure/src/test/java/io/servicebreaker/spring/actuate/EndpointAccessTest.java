package io.servicebreaker.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.breaker.BreakerState;
import io.servicebreaker.breaker.Breakers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;

/** With Resilience4j's starter, which has an endpoint of the same id, and everything exposed. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "service-breaker.services.openai.failure-threshold=3",
            "resilience4j.circuitbreaker.instances.theirs.sliding-window-size=10",
            "management.endpoint.health.show-details=always",
            "management.health.redis.enabled=false", // it has another test's client on the class path, and no server
            "management.endpoints.web.exposure.include=*"
        })
@ExtendWith(OutputCaptureExtension.class)
class EndpointAccessTest {

    private static final String COMMAND = "{\"updateState\":\"FORCE_OPEN\",\"reason\":\"x\"}";

    @Autowired
    private Breakers breakers;

    @LocalServerPort
    private int port;

    @Test
    void backsOffToAnotherIdAndSaysSoOnce(CapturedOutput output) {
        Http http = new Http(port, "/actuator");

        assertThat(http.get("/circuitbreakers").json().path("circuitBreakers").propertyNames())
                .containsExactly("theirs");
        assertThat(http.get("/servicebreakers").json().path("circuitBreakers").propertyNames())
                .containsExactly("openai");
        assertThat(http.get("/servicebreakers/openai").json().path("state").asString())
                .isEqualTo("CLOSED");
        assertThat(output).containsOnlyOnce("ServiceBreaker's is 'servicebreakers' instead");
    }

    @Test
    void takesNoCommandsUnlessAllowedTo() {
        Http http = new Http(port, "/actuator/servicebreakers");

        assertThat(http.post("/openai", COMMAND).status()).isEqualTo(405);
        assertThat(breakers.breaker("openai").state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void isUpWithDetailsAndInNoProbeGroup() {
        Http http = new Http(port, "/actuator");
        breakers.breaker("openai").forceOpen("maintenance", null);

        try {
            assertThat(http.get("/health").status()).isEqualTo(200);
            JsonNode health = http.get("/health").json().path("components").path("serviceBreakers");
            assertThat(health.path("status").asString()).isEqualTo("UP");
            assertThat(health.path("details").path("openai").path("state").asString())
                    .isEqualTo("FORCED_OPEN");
            assertThat(health.path("details").path("openai").path("reason").asString())
                    .contains("maintenance");
            assertThat(http.get("/health/liveness").body()).doesNotContain("serviceBreakers");
            assertThat(http.get("/health/readiness").body()).doesNotContain("serviceBreakers");
        } finally {
            breakers.breaker("openai").reset("end of test", null);
        }
    }

    @Test
    void servesPrometheus() {
        String scrape = new Http(port, "/actuator").get("/prometheus").body();

        assertThat(scrape)
                .contains("circuit_breaker_state{service=\"openai\"} 0.0")
                .contains("circuit_breaker_requests_total{result=\"success\",service=\"openai\"} 0.0");
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}
}
