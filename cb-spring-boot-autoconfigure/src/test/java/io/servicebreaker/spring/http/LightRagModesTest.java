package io.servicebreaker.spring.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.servicebreaker.annotation.ServiceBreaker;
import io.servicebreaker.breaker.BreakerSnapshot;
import io.servicebreaker.breaker.BreakerState;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.call.RejectionScope;
import io.servicebreaker.spring.ServiceBreakerAutoConfiguration;
import io.servicebreaker.spring.aop.AnnotationAutoConfiguration;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.web.client.RestClient;

/** A LightRAG server whose modes fail in their own ways, asked over HTTP by an annotated method that names the mode. */
class LightRagModesTest {

    private static final String EMBEDDING = "Embedding func: Worker execution timeout after 60s";
    private static final String LLM = "LLM func: Worker execution timeout after 360s";

    /** What a mode fails with; those that are not here answer. */
    private final Map<String, String> failing = new ConcurrentHashMap<>();

    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/query", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "global", "hybrid", "naive", "mix", "bypass"})
    void aSickModeDoesNotCloseOffTheOthers(String sick) {
        failing.put(sick, LLM);

        run((client, breakers) -> {
            for (int i = 0; i < 4; i++) {
                catchThrowable(() -> client.query(sick));
                client.query(sick.equals("mix") ? "naive" : "mix");
            }

            assertThatThrownBy(() -> client.query(sick))
                    .isInstanceOfSatisfying(CallRejectedException.class, refusal -> {
                        assertThat(refusal.reason()).isEqualTo(RejectionReason.MODEL_UNHEALTHY);
                        assertThat(refusal.scope()).isEqualTo(RejectionScope.MODEL);
                    });
            assertThat(client.query(sick.equals("mix") ? "naive" : "mix")).contains("answer");
            assertThat(breakers.breaker("lightrag").state()).isEqualTo(BreakerState.CLOSED);
        });
    }

    @Test
    void failedEmbeddingsAreNoFailuresOfTheServiceUntilThereAreTooManyInARow() {
        List<String> modes = List.of("local", "global", "mix");
        modes.forEach(mode -> failing.put(mode, EMBEDDING));

        run((client, breakers) -> {
            modes.forEach(mode -> catchThrowable(() -> client.query(mode)));
            BreakerSnapshot tolerated = breakers.breaker("lightrag").snapshot();
            catchThrowable(() -> client.query("mix"));

            assertThat(tolerated.calls()).isZero();
            assertThat(tolerated.state()).isEqualTo(BreakerState.CLOSED);
            assertThat(breakers.breaker("lightrag").snapshot().reason().sentence())
                    .isEqualTo("signal embedding: 4 failures in a row (in-a-row 3)");
        });
    }

    private void run(Scenario test) {
        String url = "http://127.0.0.1:" + server.getAddress().getPort();
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        ServiceBreakerAutoConfiguration.class,
                        AnnotationAutoConfiguration.class,
                        HttpErrorReaderAutoConfiguration.class))
                .withPropertyValues("service-breaker.services.lightrag=")
                .withBean(LightRag.class, () -> new LightRag(RestClient.create(url)))
                .run(context -> test.run(context.getBean(LightRag.class), context.getBean(Breakers.class)));
    }

    private void answer(HttpExchange exchange) throws IOException {
        String query = exchange.getRequestURI().getQuery();
        String failure = failing.get(query == null ? "" : query.substring("mode=".length()));
        String body = failure == null ? "{\"response\": \"the answer\"}" : "{\"detail\": \"" + failure + "\"}";
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(failure == null ? 200 : 500, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private interface Scenario {
        void run(LightRag client, Breakers breakers);
    }

    static class LightRag {

        private final RestClient client;

        LightRag(RestClient client) {
            this.client = client;
        }

        @ServiceBreaker(value = "lightrag", model = "#mode")
        public String query(String mode) {
            return client.post().uri("/query?mode={mode}", mode).retrieve().body(String.class);
        }
    }
}
