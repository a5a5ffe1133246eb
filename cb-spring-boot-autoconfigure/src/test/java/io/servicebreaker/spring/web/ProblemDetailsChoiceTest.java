package io.servicebreaker.spring.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;

/** What an application can do about the problem documents. */
class ProblemDetailsChoiceTest {

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void isSilentWhenTurnedOff(WebApplicationType type) throws Exception {
        try (var application =
                Server.start(type, Server.Application.class, "--service-breaker.web.problem-details=false")) {
            assertThat(Server.get(application, "/refused?reason=OPEN&scope=SERVICE&millis=1")
                            .statusCode())
                    .isEqualTo(500);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void leavesItToTheApplicationsOwnHandler(WebApplicationType type) throws Exception {
        try (var application = Server.start(type, Server.WithOwnHandler.class)) {
            assertThat(Server.get(application, "/refused?reason=OPEN&scope=SERVICE&millis=1")
                            .statusCode())
                    .isEqualTo(418);
        }
    }
}
