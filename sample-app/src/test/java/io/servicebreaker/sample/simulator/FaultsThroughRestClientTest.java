package io.servicebreaker.sample.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.spring.http.HttpClientAutoConfiguration;
import io.servicebreaker.spring.http.HttpErrorReaderAutoConfiguration;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.http.MediaType;
import org.springframework.web.client.RestClient;

/** Also drives all that the other simulated providers can do, for which there is no client but this. */
class FaultsThroughRestClientTest extends FaultsThroughClient {

    /** The client of the JDK says of a stream that stalls no more than that it is closed. */
    private static final String PERPLEXITY = """
            NONE,                ASK,    SUCCESS,
            SLOW,                ASK,    SUCCESS,
            EMPTY,               ASK,    SUCCESS,
            NO_CITATIONS,        ASK,    SUCCESS,
            ABSURD_HEADERS,      ASK,    SUCCESS,
            RATE_LIMIT,          ASK,    IGNORED, RATE_LIMIT
            ABSURD_RATE_LIMIT,   ASK,    IGNORED, RATE_LIMIT
            QUOTA,               ASK,    IGNORED, QUOTA
            AUTH,                ASK,    IGNORED, AUTHENTICATION
            OVERLOAD,            ASK,    FAILURE, OVERLOADED
            SERVER_ERROR,        ASK,    FAILURE, SERVER_ERROR
            GATEWAY_TIMEOUT,     ASK,    FAILURE, TIMEOUT
            BAD_REQUEST,         ASK,    IGNORED, BAD_REQUEST
            CONTEXT_LENGTH,      ASK,    IGNORED, CONTEXT_LENGTH
            CONTENT_FILTER,      ASK,    IGNORED, CONTENT_FILTER
            MODEL_NOT_FOUND,     ASK,    IGNORED, BAD_REQUEST
            TIMEOUT,             ASK,    FAILURE, TIMEOUT
            KEEP_ALIVE,          ASK,    FAILURE, TIMEOUT
            CONNECTION_RESET,    ASK,    FAILURE, CONNECTION
            MALFORMED,           ASK,    FAILURE, CONNECTION
            STREAM_STALL,        STREAM, FAILURE, CONNECTION
            STREAM_CUT,          STREAM, FAILURE, CONNECTION
            STREAM_ERROR,        STREAM, FAILURE, CONNECTION
            STREAM_ERROR_BILLED, STREAM, FAILURE, CONNECTION
            """;

    /** An embedding counts by its signal, and lines have no last one. */
    private static final String LIGHTRAG = """
            NONE,              ASK,    SUCCESS,
            SLOW,              ASK,    SUCCESS,
            EMPTY,             ASK,    SUCCESS,
            RATE_LIMIT,        ASK,    IGNORED, RATE_LIMIT
            TOKEN_LIMIT,       ASK,    IGNORED, RATE_LIMIT
            QUOTA,             ASK,    IGNORED, QUOTA
            AUTH,              ASK,    IGNORED, AUTHENTICATION
            UPSTREAM_AUTH,     ASK,    IGNORED, AUTHENTICATION
            OVERLOAD,          ASK,    FAILURE, OVERLOADED
            SERVER_ERROR,      ASK,    FAILURE, SERVER_ERROR
            GATEWAY_TIMEOUT,   ASK,    FAILURE, TIMEOUT
            BAD_REQUEST,       ASK,    IGNORED, BAD_REQUEST
            CONTEXT_LENGTH,    ASK,    IGNORED, CONTEXT_LENGTH
            CONTENT_FILTER,    ASK,    IGNORED, CONTENT_FILTER
            INDEX_UPDATING,    ASK,    FAILURE, OVERLOADED
            EMBEDDING_FAILURE, ASK,    IGNORED, SERVER_ERROR
            OUT_OF_MEMORY,     ASK,    FAILURE, OVERLOADED
            TIMEOUT,           ASK,    FAILURE, TIMEOUT
            CONNECTION_RESET,  ASK,    FAILURE, CONNECTION
            MALFORMED,         ASK,    FAILURE, CONNECTION
            STREAM_STALL,      STREAM, FAILURE, CONNECTION
            STREAM_CUT,        STREAM, SUCCESS,
            STREAM_ERROR,      STREAM, FAILURE, SERVER_ERROR
            """;

    FaultsThroughRestClientTest() {
        super(
                RestClientAutoConfiguration.class,
                HttpClientAutoConfiguration.class,
                HttpErrorReaderAutoConfiguration.class);
    }

    @Test
    void aStreamThatStallsIsABrokenConnection() throws Exception {
        assertOutcome("openai", Fault.STREAM_STALL, this::stream, Outcome.Kind.FAILURE, FailureCause.CONNECTION);
    }

    @ParameterizedTest
    @CsvSource(textBlock = PERPLEXITY)
    void isUnderstoodAtPerplexity(Fault fault, Way way, Outcome.Kind kind, FailureCause cause) throws Exception {
        assertOutcome("perplexity", fault, way.at("perplexity", "/chat/completions"), kind, cause);
    }

    @ParameterizedTest
    @CsvSource(textBlock = LIGHTRAG)
    void isUnderstoodAtLightRag(Fault fault, Way way, Outcome.Kind kind, FailureCause cause) throws Exception {
        String path = way == Way.ASK ? "/query" : "/query/stream";

        assertOutcome("lightrag", fault, way.at("lightrag", path), kind, cause);
    }

    @Test
    void noFaultOfTheseProvidersIsLeftOut() throws Exception {
        try (RunningSimulator simulator = RunningSimulator.start()) {
            assertThat(driven(PERPLEXITY)).containsExactlyInAnyOrderElementsOf(known(simulator, "perplexity"));
            assertThat(driven(LIGHTRAG)).containsExactlyInAnyOrderElementsOf(known(simulator, "lightrag"));
        }
    }

    @Override
    void ask(ApplicationContext application, String url) throws Exception {
        Way.ASK.at("openai", "/chat/completions").use(application, url);
    }

    @Override
    void stream(ApplicationContext application, String url) throws Exception {
        Way.STREAM.at("openai", "/chat/completions").use(application, url);
    }

    private static List<String> driven(String table) {
        return table.lines()
                .map(line -> Fault.valueOf(line.substring(0, line.indexOf(','))).label())
                .toList();
    }

    private static List<String> known(RunningSimulator simulator, String provider) throws Exception {
        HttpResponse<String> refusal = simulator.set(provider, "{\"fault\":\"?\"}");
        return List.of(RunningSimulator.json(refusal).path("allowed").asString().split(", "));
    }

    /** How an answer is taken. */
    private enum Way {
        ASK {
            @Override
            void take(RestClient.RequestBodySpec request, String question) {
                request.body(question).retrieve().body(String.class);
            }
        },
        STREAM {
            @Override
            void take(RestClient.RequestBodySpec request, String question) {
                request.body(RunningSimulator.withStream(question)).exchange((sent, response) -> {
                    try (BufferedReader lines =
                            new BufferedReader(new InputStreamReader(response.getBody(), StandardCharsets.UTF_8))) {
                        return lines.lines().count();
                    }
                });
            }
        };

        abstract void take(RestClient.RequestBodySpec request, String question);

        Client at(String provider, String path) {
            return (application, url) -> take(
                    application
                            .getBean(RestClient.Builder.class)
                            .requestFactory(ClientHttpRequestFactoryBuilder.jdk()
                                    .build(HttpClientSettings.defaults().withReadTimeout(PATIENCE)))
                            .build()
                            .post()
                            .uri(url + path)
                            .header("Authorization", "Bearer sk-test")
                            .contentType(MediaType.APPLICATION_JSON),
                    RunningSimulator.BODIES.get(provider));
        }
    }
}
