package io.servicebreaker.spring.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Over real HTTP, on both kinds of server. */
class ProblemDetailsTest {

    private static final Map<WebApplicationType, ConfigurableApplicationContext> APPLICATIONS =
            new EnumMap<>(WebApplicationType.class);

    @BeforeAll
    static void startBoth() {
        APPLICATIONS.put(
                WebApplicationType.SERVLET, Server.start(WebApplicationType.SERVLET, Server.Application.class));
        APPLICATIONS.put(
                WebApplicationType.REACTIVE, Server.start(WebApplicationType.REACTIVE, Server.Application.class));
    }

    @AfterAll
    static void stopBoth() {
        APPLICATIONS.values().forEach(ConfigurableApplicationContext::close);
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void describesARefusedCall(WebApplicationType type) throws Exception {
        HttpResponse<String> answer = get(type, "/refused?reason=OPEN&scope=SERVICE&millis=12001");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(answer.headers().firstValue("Retry-After")).hasValue("13");
        JsonNode problem = JsonMapper.shared().readTree(answer.body());
        assertThat(problem.path("status").asInt()).isEqualTo(503);
        assertThat(problem.path("service").asString()).isEqualTo("openai");
        assertThat(problem.path("reason").asString()).isEqualTo("OPEN");
        assertThat(problem.path("scope").asString()).isEqualTo("SERVICE");
        assertThat(problem.path("detail").asString()).isEqualTo("Call to 'openai' refused: OPEN; try again in 13 s");
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void keepsTheExplanationFromStrangers(WebApplicationType type) throws Exception {
        HttpResponse<String> answer = get(type, "/refused?reason=FORCED_OPEN&scope=SERVICE&millis=-1");

        assertThat(answer.body())
                .contains("Call to 'openai' refused: FORCED_OPEN")
                .doesNotContain("we did not pay");
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void describesARefusalThatAFutureWraps(WebApplicationType type) throws Exception {
        for (String path : new String[] {"/wrapped", "/future", "/late-future"}) {
            assertThat(get(type, path + "?reason=OPEN&scope=SERVICE&millis=1").statusCode())
                    .as(path)
                    .isEqualTo(503);
        }
    }

    @Test
    void describesARefusalInAPublisher() throws Exception {
        assertThat(get(WebApplicationType.REACTIVE, "/mono?reason=OPEN&scope=SERVICE&millis=1")
                        .statusCode())
                .isEqualTo(503);
    }

    @Test
    void tellsTheCallersPaceAndBudgetFromOurTroubles() throws Exception {
        assertThat(get(WebApplicationType.SERVLET, "/refused?reason=RATE_LIMITED&scope=SERVICE&millis=1")
                        .statusCode())
                .isEqualTo(429);
        assertThat(get(WebApplicationType.SERVLET, "/refused?reason=QUOTA_EXHAUSTED&scope=CREDENTIAL&millis=1")
                        .statusCode())
                .isEqualTo(429);
        assertThat(get(WebApplicationType.SERVLET, "/refused?reason=TOKEN_BUDGET&scope=MODEL&millis=1")
                        .statusCode())
                .isEqualTo(429);
        assertThat(get(WebApplicationType.SERVLET, "/refused?reason=COST_RULE&scope=BUDGET&millis=1")
                        .statusCode())
                .isEqualTo(429);
        assertThat(get(WebApplicationType.SERVLET, "/refused?reason=TOO_MANY_CALLS&scope=SERVICE&millis=1")
                        .statusCode())
                .isEqualTo(503);
    }

    @ParameterizedTest
    @CsvSource({"0,1", "1,1", "1000,1", "1001,2"})
    void roundsTheWaitUpToWholeSeconds(long millis, String seconds) throws Exception {
        assertThat(get(WebApplicationType.SERVLET, "/refused?reason=OPEN&scope=SERVICE&millis=" + millis)
                        .headers()
                        .firstValue("Retry-After"))
                .hasValue(seconds);
    }

    @Test
    void saysNothingOfAWaitThatNobodyKnows() throws Exception {
        assertThat(get(WebApplicationType.SERVLET, "/refused?reason=FORCED_OPEN&scope=SERVICE&millis=-1")
                        .headers()
                        .firstValue("Retry-After"))
                .isEmpty();
    }

    private static HttpResponse<String> get(WebApplicationType type, String path) throws Exception {
        return Server.get(APPLICATIONS.get(type), path);
    }
}
