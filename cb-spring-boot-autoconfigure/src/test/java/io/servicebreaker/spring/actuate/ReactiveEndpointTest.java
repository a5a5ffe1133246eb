package io.servicebreaker.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Configuration;

/** The endpoint on WebFlux. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.main.web-application-type=reactive",
            "service-breaker.services.openai.failure-threshold=3",
            "management.endpoints.web.exposure.include=circuitbreakers",
            "management.endpoint.circuitbreakers.access=unrestricted"
        })
class ReactiveEndpointTest {

    @LocalServerPort
    private int port;

    @Test
    void showsABreakerAndTakesCommands() {
        Http http = new Http(port, "/actuator/circuitbreakers");

        assertThat(http.get("").json().path("circuitBreakers").propertyNames()).containsExactly("openai");
        assertThat(http.post("/openai", "{\"updateState\":\"FORCE_OPEN\",\"reason\":\"x\"}")
                        .json()
                        .path("state")
                        .asString())
                .isEqualTo("FORCED_OPEN");
        assertThat(http.post("/openai", "{\"updateState\":\"FORCE_OPEN\"}").status())
                .isEqualTo(400);
        assertThat(http.get("/events?limit=1").json().path("events").isArray()).isTrue();
        assertThat(http.get("/nobody").status()).isEqualTo(404);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration(
            excludeName =
                    "io.github.resilience4j.springboot.circuitbreaker.autoconfigure.CircuitBreakerAutoConfiguration")
    static class Application {}
}
