package io.servicebreaker.spring.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.Rejection;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.call.RejectionScope;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Over real HTTP, on both kinds of server. */
class ProblemDetailsTest {

    private static final Map<WebApplicationType, ConfigurableApplicationContext> APPLICATIONS =
            new EnumMap<>(WebApplicationType.class);

    @BeforeAll
    static void startBoth() {
        APPLICATIONS.put(WebApplicationType.SERVLET, start(WebApplicationType.SERVLET, Application.class));
        APPLICATIONS.put(WebApplicationType.REACTIVE, start(WebApplicationType.REACTIVE, Application.class));
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
        assertThat(problem.path("detail").asString()).contains("Call to 'openai' refused: OPEN");
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
        assertThat(get(WebApplicationType.REACTIVE, "/mono?reason=OPEN&scope=SERVICE&millis=1").statusCode()).isEqualTo(503);
    }

    @Test
    void tellsTheCallersPaceAndBudgetFromOurTroubles() throws Exception {
        assertThat(get(WebApplicationType.SERVLET, "/refused?reason=RATE_LIMITED&scope=SERVICE&millis=1").statusCode())
                .isEqualTo(429);
        assertThat(get(WebApplicationType.SERVLET, "/refused?reason=QUOTA_EXHAUSTED&scope=CREDENTIAL&millis=1")
                        .statusCode())
                .isEqualTo(429);
        assertThat(get(WebApplicationType.SERVLET, "/refused?reason=TOKEN_BUDGET&scope=MODEL&millis=1").statusCode())
                .isEqualTo(429);
        assertThat(get(WebApplicationType.SERVLET, "/refused?reason=COST_RULE&scope=BUDGET&millis=1").statusCode())
                .isEqualTo(429);
        assertThat(get(WebApplicationType.SERVLET, "/refused?reason=TOO_MANY_CALLS&scope=SERVICE&millis=1").statusCode())
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

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void isSilentWhenTurnedOff(WebApplicationType type) throws Exception {
        try (var application = start(type, Application.class, "--service-breaker.web.problem-details=false")) {
            assertThat(get(application, "/refused?reason=OPEN&scope=SERVICE&millis=1")
                            .statusCode())
                    .isEqualTo(500);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void leavesItToTheApplicationsOwnHandler(WebApplicationType type) throws Exception {
        try (var application = start(type, WithOwnHandler.class)) {
            assertThat(get(application, "/refused?reason=OPEN&scope=SERVICE&millis=1")
                            .statusCode())
                    .isEqualTo(418);
        }
    }

    private static ConfigurableApplicationContext start(
            WebApplicationType type, Class<?> source, String... arguments) {
        return new SpringApplicationBuilder(source)
                .web(type)
                .properties("server.port=0")
                .run(arguments);
    }

    private static HttpResponse<String> get(WebApplicationType type, String path) throws Exception {
        return get(APPLICATIONS.get(type), path);
    }

    private static HttpResponse<String> get(ConfigurableApplicationContext application, String path)
            throws Exception {
        String port = application.getEnvironment().getProperty("local.server.port");
        URI address = URI.create("http://localhost:" + port + path);
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString());
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        @Bean
        Refusing refusing() {
            return new Refusing();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class WithOwnHandler {

        @Bean
        Refusing refusing() {
            return new Refusing();
        }

        @Bean
        OwnHandler ownHandler() {
            return new OwnHandler();
        }
    }

    @ControllerAdvice
    static class OwnHandler {

        @ExceptionHandler(RuntimeException.class)
        ResponseEntity<String> teapot() {
            return ResponseEntity.status(418).body("short and stout");
        }
    }

    @RestController
    static class Refusing {

        @GetMapping("/refused")
        String refused(@RequestParam RejectionReason reason, @RequestParam RejectionScope scope, long millis) {
            throw refusal(reason, scope, millis);
        }

        @GetMapping("/wrapped")
        String wrapped(@RequestParam RejectionReason reason, @RequestParam RejectionScope scope, long millis) {
            throw new CompletionException(refusal(reason, scope, millis));
        }

        @GetMapping("/future")
        CompletionStage<String> future(
                @RequestParam RejectionReason reason, @RequestParam RejectionScope scope, long millis) {
            return CompletableFuture.failedFuture(refusal(reason, scope, millis));
        }

        @GetMapping("/late-future")
        CompletionStage<String> lateFuture(
                @RequestParam RejectionReason reason, @RequestParam RejectionScope scope, long millis) {
            return CompletableFuture.<String>supplyAsync(() -> {
                        throw refusal(reason, scope, millis);
                    })
                    .thenApply(String::strip);
        }

        @GetMapping("/mono")
        Mono<String> mono(@RequestParam RejectionReason reason, @RequestParam RejectionScope scope, long millis) {
            return Mono.error(refusal(reason, scope, millis));
        }

        private static CallRejectedException refusal(RejectionReason reason, RejectionScope scope, long millis) {
            long nanos = millis < 0
                    ? Rejection.UNKNOWN_TIME
                    : Duration.ofMillis(millis).toNanos();
            return new CallRejectedException("openai", new Rejection(reason, scope, nanos, ""), false);
        }
    }
}
