package io.servicebreaker.spring.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What an application can do about the problem documents. */
@ExtendWith(OutputCaptureExtension.class)
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

    @ParameterizedTest
    @CsvSource({"SERVLET,true", "SERVLET,false", "REACTIVE,true", "REACTIVE,false"})
    void leavesARefusalToWhoeverTranslatedIt(WebApplicationType type, boolean problemDetails, CapturedOutput output)
            throws Exception {
        try (var application = Server.start(
                type,
                Server.Application.class,
                "--spring.mvc.problemdetails.enabled=" + problemDetails,
                "--spring.webflux.problemdetails.enabled=" + problemDetails)) {

            assertThat(Server.get(application, "/bad-gateway").statusCode()).isEqualTo(502);
            assertThat(Server.get(application, "/no-answer").statusCode()).isEqualTo(504);
            assertThat(Server.get(application, "/own-fault").statusCode()).isEqualTo(500);
            assertThat(output).doesNotContain("Failure in @ExceptionHandler");
        }
    }
}
