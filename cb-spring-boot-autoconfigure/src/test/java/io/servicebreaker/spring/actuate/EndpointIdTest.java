package io.servicebreaker.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** With Resilience4j's starter, which has an endpoint of the same id, and only one of the two ids exposed. */
@ExtendWith(OutputCaptureExtension.class)
class EndpointIdTest {

    @Test
    void saysWhereItIsToThoseWhoExposedTheTakenId(CapturedOutput output) {
        try (var application = exposing("circuitbreakers")) {

            assertThat(http(application).get("/circuitbreakers").body()).contains("theirs");
            assertThat(output)
                    .containsOnlyOnce("Another library has the endpoint 'circuitbreakers'")
                    .contains("/actuator/servicebreakers")
                    .contains("management.endpoints.web.exposure.include")
                    .contains("management.endpoint.servicebreakers.access=unrestricted");
        }
    }

    @Test
    void isThereWhenOnlyItsOtherIdIsExposed() {
        try (var application = exposing("servicebreakers")) {

            assertThat(http(application).get("/servicebreakers").body()).contains("ours");
        }
    }

    private static ConfigurableApplicationContext exposing(String id) {
        return SpringApplication.run(
                Application.class,
                "--server.port=0",
                "--management.endpoints.web.exposure.include=" + id,
                "--service-breaker.services.ours.failure-threshold=3",
                "--resilience4j.circuitbreaker.instances.theirs.sliding-window-size=10");
    }

    private static Http http(ConfigurableApplicationContext application) {
        return new Http(application.getEnvironment().getRequiredProperty("local.server.port", int.class), "/actuator");
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}
}
