package io.servicebreaker.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.breaker.BreakerSnapshot;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.sample.simulator.Simulator;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The main job over real HTTP: the assistant, its breakers and the simulated providers. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {"simulator.port=0", "simulator.latency-scale=0"})
class ResearchAssistantTest {

    private static final List<String> PROVIDERS = List.of("lightrag", "openai", "perplexity");

    private final HttpClient http = HttpClient.newHttpClient();
    private final JsonMapper json = JsonMapper.builder().build();

    @LocalServerPort
    private int port;

    @Autowired
    private Simulator simulator;

    @Autowired
    private Breakers breakers;

    @Autowired
    private LightRagAnswers lightRag;

    @Autowired
    private OpenAiAnswers openAi;

    @Autowired
    private PerplexityAnswers perplexity;

    @BeforeEach
    void healAll() throws Exception {
        for (String provider : PROVIDERS) {
            fault(provider, "none");
        }
        breakers.all().forEach(breaker -> breaker.reset("a new test", null));
    }

    @Test
    void answersFromItsFirstChoiceWhenAllIsWell() throws Exception {
        JsonNode reply = body(ask("What is a vector database?"));

        assertThat(reply.path("answer").asString()).isNotBlank();
        assertThat(reply.path("answeredBy").asString()).isEqualTo("lightrag");
        assertThat(reply.path("degraded").asBoolean()).isFalse();
        assertThat(outcomes(reply)).containsExactly("lightrag answered");
    }

    @Test
    void fallsBackStepByStepAndSaysWhy() throws Exception {
        fault("lightrag", "server-error");
        fault("openai", "empty");

        JsonNode reply = body(ask("What is a token?"));

        assertThat(reply.path("answeredBy").asString()).isEqualTo("perplexity");
        assertThat(reply.path("degraded").asBoolean()).isTrue();
        assertThat(outcomes(reply))
                .containsExactly("lightrag failed SERVER_ERROR", "openai not-good-enough", "perplexity answered");
    }

    @Test
    void doesNotMindACacheThatKeepsNothing() throws Exception {
        breakers.breaker("cache").forceOpen("maintenance", null);

        JsonNode reply = body(ask("What is a cache?"));

        assertThat(outcomes(reply)).containsExactly("lightrag answered");
    }

    @Test
    void answersFromTheCacheWhenNobodyElseCan() throws Exception {
        JsonNode first = body(ask("What is an embedding?"));
        PROVIDERS.forEach(this::overload);

        JsonNode second = body(ask("what is an EMBEDDING?"));

        assertThat(second.path("answeredBy").asString()).isEqualTo("cache");
        assertThat(second.path("answer")).isEqualTo(first.path("answer"));
    }

    @Test
    void takesACacheThatIsNotToBeCalledForAnEmptyOne() throws Exception {
        ask("What is a breaker?");
        PROVIDERS.forEach(this::overload);
        breakers.breaker("cache").forceOpen("maintenance", null);

        HttpResponse<String> response = ask("What is a breaker?");

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(outcomes(json.readTree(response.body()))).last().isEqualTo("cache miss");
    }

    @Test
    void answersWithAProblemWhenNobodyCould() throws Exception {
        PROVIDERS.forEach(this::overload);

        HttpResponse<String> response = ask("What has nobody asked before?");

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(outcomes(json.readTree(response.body()))).last().isEqualTo("cache miss");
    }

    /** A45: without an exception, and fast: nobody is called. */
    @Test
    void a45SaysThatAnAnswerIsDegradedWhenAllAreOpen() throws Exception {
        ask("What is an open breaker?");
        PROVIDERS.forEach(provider -> breakers.breaker(provider).forceOpen("all are down", null));

        JsonNode reply = body(ask("What is an open breaker?"));

        assertThat(reply.path("answeredBy").asString()).isEqualTo("cache");
        assertThat(reply.path("degraded").asBoolean()).isTrue();
        assertThat(outcomes(reply))
                .containsExactly(
                        "lightrag refused FORCED_OPEN",
                        "openai refused FORCED_OPEN",
                        "perplexity refused FORCED_OPEN",
                        "cache answered");
    }

    /** A55: each hop is told with its reason and how long it took. */
    @Test
    void a55TellsEachHopOfTheLadder() throws Exception {
        breakers.breaker("lightrag").forceOpen("maintenance", null);
        fault("openai", "server-error");

        JsonNode reply = body(ask("What is a hop?"));
        List<JsonNode> hops = body(get("/actuator/circuitbreakers/decisions?limit=2"))
                .path("decisions")
                .valueStream()
                .toList();

        assertThat(reply.path("answeredBy").asString()).isEqualTo("perplexity");
        assertThat(hops).extracting(hop -> hop.path("service").asString()).containsExactly("openai", "lightrag");
        assertThat(hops)
                .extracting(hop -> hop.path("chosen").asString())
                .containsExactly("PerplexityAnswers.answer", "OpenAiAnswers.answer");
        assertThat(hops).allSatisfy(hop -> {
            assertThat(hop.path("reason").asString()).isNotBlank();
            assertThat(hop.path("latency").isMissingNode()).isFalse();
            assertThat(hop.path("answeredBy").asString()).isEqualTo("perplexity");
        });
        assertThat(get("/actuator/prometheus").body())
                .contains("circuit_breaker_masked_failures_total{answered_by=\"perplexity\",service=\"lightrag\"");
    }

    @Test
    void stopsCallingAServiceThatDoesNotWork() throws Exception {
        fault("lightrag", "server-error");
        for (int i = 0; i < 7; i++) {
            ask("What is question number " + i + "?");
        }
        long called = requestsTo("lightrag");

        JsonNode reply = body(ask("What is one more question?"));

        assertThat(outcomes(reply)).first().isEqualTo("lightrag refused OPEN");
        assertThat(requestsTo("lightrag")).isEqualTo(called);
    }

    @Test
    void waitsAsLongAsTheProviderAsks() throws Exception {
        fault("lightrag", "server-error");
        fault("openai", "rate-limit", "17s");
        ask("What is a rate limit?");

        JsonNode breaker = body(get("/actuator/circuitbreakers/openai"));
        JsonNode reply = body(ask("What is a quota?"));

        assertThat(breaker.path("state").asString()).isEqualTo("OPEN");
        assertThat(outcomes(reply)).contains("openai refused RATE_LIMITED");
    }

    @Test
    void seesThatASimulatedServiceIsSlowAndNotThatItFailed() throws Exception {
        for (String provider : PROVIDERS) {
            fault(provider, "slow");
        }

        inParallel(
                () -> lightRag.answer("What is slow?"),
                () -> openAi.answer("What is slow?"),
                () -> perplexity.answer("What is slow?"));

        assertThat(PROVIDERS).allSatisfy(provider -> {
            BreakerSnapshot seen = breakers.breaker(provider).snapshot();
            assertThat(seen.slowCalls()).isEqualTo(1);
            assertThat(seen.failedCalls()).isZero();
        });
    }

    @Test
    void countsWhatItDid() throws Exception {
        ask("What is a metric?");

        String metrics = get("/actuator/prometheus").body();

        assertThat(metrics).contains("circuit_breaker_requests_total{result=\"success\",service=\"lightrag\"");
        assertThat(metrics).contains("circuit_breaker_state{service=\"openai\"");
    }

    @Test
    void refusesAnEmptyQuestion() throws Exception {
        HttpResponse<String> response = ask(" ");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("q is empty");
    }

    private static void inParallel(Runnable... tasks) throws Exception {
        CompletableFuture<?>[] running = Stream.of(tasks)
                .map(task -> CompletableFuture.runAsync(task, runnable -> new Thread(runnable).start()))
                .toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(running).get(60, TimeUnit.SECONDS);
    }

    private HttpResponse<String> ask(String question) throws IOException, InterruptedException {
        return get("/api/ask?q=" + URLEncoder.encode(question, StandardCharsets.UTF_8));
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create("http://localhost:" + port + path)));
    }

    private void overload(String provider) {
        try {
            fault(provider, "overload");
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void fault(String provider, String fault) throws IOException, InterruptedException {
        control(provider, "{\"fault\": \"" + fault + "\"}");
    }

    private void fault(String provider, String fault, String retryAfter) throws IOException, InterruptedException {
        control(provider, "{\"fault\": \"" + fault + "\", \"retryAfter\": \"" + retryAfter + "\"}");
    }

    private void control(String provider, String setting) throws IOException, InterruptedException {
        HttpResponse<String> response = send(HttpRequest.newBuilder(controlOf(provider))
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(setting)));
        assertThat(response.statusCode()).isEqualTo(200);
    }

    private long requestsTo(String provider) throws IOException, InterruptedException {
        HttpResponse<String> response = send(HttpRequest.newBuilder(controlOf(provider)));
        return json.readTree(response.body()).path("requests").asLong();
    }

    private URI controlOf(String provider) {
        return URI.create(simulator.controlUrl() + "/" + provider);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private JsonNode body(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return json.readTree(response.body());
    }

    private static List<String> outcomes(JsonNode reply) {
        return reply.path("path")
                .valueStream()
                .map(ResearchAssistantTest::outcome)
                .toList();
    }

    private static String outcome(JsonNode step) {
        String reason = step.path("reason").asString("");
        return (step.path("service").asString() + " " + step.path("outcome").asString() + " " + reason).strip();
    }
}
