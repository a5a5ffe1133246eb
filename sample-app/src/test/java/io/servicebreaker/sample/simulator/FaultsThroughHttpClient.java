package io.servicebreaker.sample.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Outcome;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Also drives what LightRAG can do, which speaks a format of its own, through a client that speaks any. */
abstract class FaultsThroughHttpClient extends FaultsThroughClient {

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
            NONE,              STREAM, SUCCESS,
            RATE_LIMIT,        STREAM, IGNORED, RATE_LIMIT
            STREAM_CUT,        STREAM, SUCCESS,
            STREAM_ERROR,      STREAM, FAILURE, SERVER_ERROR
            """;

    FaultsThroughHttpClient(Class<?>... configurations) {
        super(configurations);
    }

    @ParameterizedTest
    @CsvSource(textBlock = LIGHTRAG)
    void isUnderstoodAtLightRag(Fault fault, Way way, Outcome.Kind kind, FailureCause cause) throws Exception {
        assertOutcome("lightrag", fault, way, kind, cause);
    }

    @Test
    void noFaultIsLeftOut() throws Exception {
        try (RunningSimulator simulator = RunningSimulator.start()) {
            assertThat(driven(OPENAI)).isEqualTo(known(simulator, "openai"));
            assertThat(driven(PERPLEXITY)).isEqualTo(known(simulator, "perplexity"));
            assertThat(driven(LIGHTRAG)).isEqualTo(known(simulator, "lightrag"));
        }
    }

    /** Where the question goes. */
    static String address(Question question, Way way) {
        String path = !question.service().equals("lightrag")
                ? "/chat/completions"
                : way == Way.ASK ? "/query" : "/query/stream";
        return question.url() + path;
    }

    /** The question as JSON. */
    static String body(Question question, Way way) {
        String body = RunningSimulator.BODIES.get(question.service());
        return way == Way.ASK ? body : RunningSimulator.withStream(body);
    }

    private static Set<String> driven(String table) {
        Set<String> faults = new TreeSet<>(Set.of(Fault.STREAM_STALL.label()));
        table.lines()
                .forEach(line -> faults.add(
                        Fault.valueOf(line.substring(0, line.indexOf(','))).label()));
        return faults;
    }

    private static Set<String> known(RunningSimulator simulator, String provider) throws Exception {
        HttpResponse<String> refusal = simulator.set(provider, "{\"fault\":\"?\"}");
        return new TreeSet<>(List.of(
                RunningSimulator.json(refusal).path("allowed").asString().split(", ")));
    }
}
