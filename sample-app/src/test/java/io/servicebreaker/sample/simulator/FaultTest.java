package io.servicebreaker.sample.simulator;

import static io.servicebreaker.sample.simulator.RunningSimulator.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

class FaultTest {

    private final RunningSimulator simulator = RunningSimulator.start();

    @AfterEach
    void stop() {
        simulator.close();
    }

    @ParameterizedTest(name = "{0} {1}: {2} {4}")
    @CsvSource(textBlock = """
            openai,     rate-limit,      429, /error/code, rate_limit_exceeded
            openai,     quota,           429, /error/type, insufficient_quota
            openai,     auth,            401, /error/code, invalid_api_key
            openai,     overload,        503, /error/code, server_is_overloaded
            openai,     server-error,    500, /error/type, server_error
            openai,     gateway-timeout, 504, /error/type, server_error
            openai,     context-length,  400, /error/code, context_length_exceeded
            openai,     token-limit,     429, /error/type, tokens
            openai,     token-limit,     429, /error/code, rate_limit_exceeded
            openai,     content-filter,  400, /error/code, content_filter
            openai,     bad-request,     400, /error/param, temperature
            openai,     model-not-found, 404, /error/code, model_not_found
            openai,     model-not-found, 404, /error/message, gpt-4o-mini
            openai,     model-overload,  503, /error/message, That model is currently overloaded
            openai,     slow-down,       503, /error/code, slow_down
            openai,     absurd-rate-limit, 429, /error/code, rate_limit_exceeded
            perplexity, rate-limit,      429, /error/code, 429
            perplexity, quota,           401, /error/type, insufficient_quota
            perplexity, auth,            401, /error/type, invalid_api_key
            perplexity, overload,        503, /error/code, 503
            perplexity, server-error,    500, /error/code, 500
            perplexity, gateway-timeout, 504, /error/code, 504
            perplexity, context-length,  400, /error/type, context_length_exceeded
            perplexity, content-filter,  400, /error/type, content_filter
            perplexity, bad-request,     400, /error/type, invalid_message
            perplexity, model-not-found, 400, /error/type, invalid_model
            perplexity, model-not-found, 400, /error/message, Invalid model
            perplexity, absurd-rate-limit, 429, /error/code, 429
            lightrag,   rate-limit,      500, /detail,     rate_limit_exceeded
            lightrag,   quota,           500, /detail,     insufficient_quota
            lightrag,   auth,            403, /detail,     Invalid API Key
            lightrag,   upstream-auth,   500, /detail,     Error code: 401
            lightrag,   overload,        500, /detail,     server_is_overloaded
            lightrag,   server-error,    500, /detail,     Error code: 500
            lightrag,   gateway-timeout, 504, /detail,     Gateway Timeout
            lightrag,   context-length,  500, /detail,     context_length_exceeded
            lightrag,   token-limit,     500, /detail,     tokens per min
            lightrag,   content-filter,  500, /detail,     content_filter
            lightrag,   bad-request,     422, /detail/0/type, greater_than_equal
            lightrag,   index-updating,  503, /detail,     Pipeline is busy
            lightrag,   embedding-failure, 500, /detail,   Embedding func
            lightrag,   out-of-memory,   500, /detail,     out of memory
            """)
    void answersAsTheProviderWould(String provider, String fault, int status, String pointer, String text)
            throws Exception {
        simulator.fault(provider, fault);

        HttpResponse<String> response = simulator.ask(provider);

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(json(response).at(pointer).asString()).contains(text);
        assertThat(simulator.state(provider).at("/served/" + status).intValue()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai", "perplexity", "lightrag"})
    void recoversWhenTheFaultIsSwitchedOff(String provider) throws Exception {
        simulator.fault(provider, "server-error");
        simulator.ask(provider);

        simulator.fault(provider, "none");

        assertThat(simulator.ask(provider).statusCode()).isEqualTo(200);
        JsonNode state = simulator.state(provider);
        assertThat(state.path("fault").asString()).isEqualTo("none");
        assertThat(state.path("requests").intValue()).isEqualTo(2);
        assertThat(state.path("served").toString()).isEqualTo("{\"200\":1,\"500\":1}");
    }

    @ParameterizedTest(name = "{0} asks to wait {1}: {2} s")
    @CsvSource({"openai, 20s, 20", "openai, PT1M, 60", "perplexity, 500ms, 1", "openai, 1500ms, 2"})
    void tellsHowLongToWaitInWholeSeconds(String provider, String wait, String seconds) throws Exception {
        simulator.set(provider, "{\"fault\":\"rate-limit\",\"retryAfter\":\"" + wait + "\"}");

        HttpResponse<String> response = simulator.ask(provider);

        assertThat(response.headers().firstValue("retry-after")).hasValue(seconds);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "openai, quota",
        "openai, auth",
        "openai, overload",
        "openai, server-error",
        "openai, context-length",
        "openai, token-limit",
        "openai, bad-request",
        "openai, model-not-found",
        "openai, model-overload",
        "openai, slow-down",
        "perplexity, quota",
        "perplexity, content-filter",
        "perplexity, server-error",
        "perplexity, gateway-timeout",
        "lightrag, rate-limit",
        "lightrag, quota",
        "lightrag, overload",
        "lightrag, server-error",
        "lightrag, index-updating"
    })
    void tellsHowLongToWaitWithEveryRefusal(String provider, String fault) throws Exception {
        simulator.set(provider, "{\"fault\":\"" + fault + "\",\"retryAfter\":\"20s\"}");

        assertThat(simulator.ask(provider).headers().firstValue("retry-after")).hasValue("20");
    }

    @Test
    void tellsMillisecondsAndAnExhaustedLimitAtOpenAi() throws Exception {
        simulator.set("openai", "{\"fault\":\"rate-limit\",\"retryAfter\":\"1500ms\"}");

        HttpResponse<String> response = simulator.ask("openai");

        assertThat(response.headers().firstValue("retry-after-ms")).hasValue("1500");
        assertThat(response.headers().firstValue("x-ratelimit-remaining-requests"))
                .hasValue("0");
        assertThat(response.headers().firstValue("x-ratelimit-reset-requests")).hasValue("1.5s");
    }

    @ParameterizedTest(name = "asked to wait {0}: until {1}")
    @CsvSource({"1500ms, 1.5s", "6m, 6m0s", ", 20s"})
    void tellsWhenTheTokensAreBackAtOpenAi(@Nullable String wait, String reset) throws Exception {
        String retryAfter = wait == null ? "" : ",\"retryAfter\":\"" + wait + "\"";
        simulator.set("openai", "{\"fault\":\"token-limit\"" + retryAfter + "}");

        HttpHeaders headers = simulator.ask("openai").headers();

        assertThat(headers.firstValue("x-ratelimit-remaining-tokens")).hasValue("0");
        assertThat(headers.firstValue("x-ratelimit-reset-tokens")).hasValue(reset);
        assertThat(headers.firstValue("x-ratelimit-remaining-requests")).hasValue("29999");
        assertThat(headers.firstValue("retry-after").isPresent()).isEqualTo(wait != null);
    }

    @ParameterizedTest(name = "{0}: {1} {2}")
    @CsvSource({
        "openai, absurd-headers, 200",
        "openai, absurd-rate-limit, 429",
        "perplexity, absurd-headers, 200",
        "perplexity, absurd-rate-limit, 429"
    })
    void tellsLimitsThatNobodyCanMean(String provider, String fault, int status) throws Exception {
        simulator.set(provider, "{\"fault\":\"" + fault + "\",\"retryAfter\":\"20s\"}");

        HttpResponse<String> response = simulator.ask(provider);

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().allValues("retry-after")).containsExactly("-1");
        for (String what : List.of("requests", "tokens")) {
            assertThat(response.headers().allValues("x-ratelimit-remaining-" + what))
                    .containsExactly("-1");
            assertThat(response.headers().allValues("x-ratelimit-limit-" + what))
                    .containsExactly("0");
            assertThat(Instant.parse(response.headers()
                            .firstValue("x-ratelimit-reset-" + what)
                            .orElseThrow()))
                    .isBefore(simulator.clock.instant());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai", "perplexity", "lightrag"})
    void tellsNoTimeToWaitUnlessSet(String provider) throws Exception {
        simulator.fault(provider, "rate-limit");

        assertThat(simulator.ask(provider).headers().firstValue("retry-after")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai", "perplexity", "lightrag"})
    void hangsUpWithoutAnAnswerAfterTheLimit(String provider) throws Exception {
        simulator.fault(provider, "timeout");

        assertThatExceptionOfType(IOException.class).isThrownBy(() -> simulator.ask(provider));

        assertThat(simulator.pause.asked()).containsExactly(Duration.ofSeconds(30));
        assertThat(simulator.state(provider).path("served")).isEmpty();
        assertThat(simulator.state(provider).path("requests").intValue()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai", "perplexity", "lightrag"})
    void answersWellButSlowly(String provider) throws Exception {
        simulator.fault(provider, "slow");

        assertThat(simulator.ask(provider).statusCode()).isEqualTo(200);
        simulator.set(provider, "{\"fault\":\"slow\",\"latency\":\"7s\"}");
        assertThat(simulator.ask(provider).statusCode()).isEqualTo(200);

        assertThat(simulator.pause.asked()).containsExactly(Duration.ofSeconds(6), Duration.ofSeconds(7));
    }

    @Test
    void answersAtAnotherPaceWithoutAFault() throws Exception {
        simulator.set("openai", "{\"fault\":\"none\",\"latency\":\"2s\"}");

        assertThat(simulator.ask("openai").statusCode()).isEqualTo(200);

        assertThat(simulator.pause.asked()).containsExactly(Duration.ofSeconds(2));
        assertThat(simulator.state("openai").path("latency").asString()).isEqualTo("PT2S");
    }

    @ParameterizedTest(name = "{0}: {1} is {2}")
    @CsvSource({
        "openai, /choices/0/message/content, ''",
        "perplexity, /choices/0/message/content, ''",
        "lightrag, /llm_generated, false"
    })
    void answersWithoutContent(String provider, String pointer, String text) throws Exception {
        simulator.fault(provider, "empty");

        HttpResponse<String> response = simulator.ask(provider);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(json(response).at(pointer).asString()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai", "perplexity", "lightrag"})
    void answersWithJsonThatBreaksOff(String provider) throws Exception {
        simulator.fault(provider, "malformed");

        HttpResponse<String> response = simulator.ask(provider);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThatExceptionOfType(JacksonException.class).isThrownBy(() -> json(response));
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai", "perplexity", "lightrag"})
    void streamsJsonThatBreaksOff(String provider) throws Exception {
        simulator.fault(provider, "malformed");

        List<String> lines = simulator.lines(simulator.streamedQuestion(provider));

        String last = lines.get(lines.size() - 1).replaceFirst("data: ", "");
        assertThatExceptionOfType(JacksonException.class).isThrownBy(() -> json(last));
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai", "perplexity", "lightrag"})
    void fallsSilentInsideAStream(String provider) throws Exception {
        int all = simulator.lines(simulator.streamedQuestion(provider)).size();
        simulator.fault(provider, "stream-stall");

        RunningSimulator.BrokenStream stream = simulator.readUntilItBreaks(provider);

        assertThat(stream.lines()).hasSize(all / 2);
        assertThat(stream.cut()).isTrue();
        assertThat(simulator.pause.asked()).containsExactly(Duration.ofSeconds(30));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({"openai, /error/type, server_error", "lightrag, /error, Error code: 500"})
    void reportsAnErrorInsideAStream(String provider, String pointer, String text) throws Exception {
        simulator.fault(provider, "stream-error");

        RunningSimulator.BrokenStream stream = simulator.readUntilItBreaks(provider);

        String last = stream.lines().get(stream.lines().size() - 1).replaceFirst("data: ", "");
        assertThat(json(last).at(pointer).asString()).contains(text);
        assertThat(stream.cut()).isFalse();
    }

    @Test
    void cutsAStreamOfPerplexity() throws Exception {
        simulator.fault("perplexity", "stream-error");

        RunningSimulator.BrokenStream stream = simulator.readUntilItBreaks("perplexity");

        assertThat(stream.lines()).isNotEmpty().doesNotContain("data: [DONE]");
        assertThat(stream.cut()).isTrue();
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "openai, stream-error", "perplexity, stream-error", "lightrag, stream-error",
        "openai, stream-stall", "perplexity, stream-stall", "lightrag, stream-stall"
    })
    void cutsAnAnswerThatIsNotStreamed(String provider, String fault) throws Exception {
        simulator.fault(provider, fault);

        assertThatExceptionOfType(IOException.class).isThrownBy(() -> simulator.ask(provider));
    }

    @Test
    void strikesTheGivenShareOfTheRequests() throws Exception {
        simulator.set("lightrag", "{\"fault\":\"server-error\",\"errorRate\":0.4}");

        for (int i = 0; i < 200; i++) {
            simulator.ask("lightrag");
        }

        JsonNode served = simulator.state("lightrag").path("served");
        assertThat(served.path("500").intValue()).isBetween(60, 100);
        assertThat(served.path("200").intValue())
                .isEqualTo(200 - served.path("500").intValue());
    }

    @Test
    void doesNotAskAFaultAboutARequestThatIsInvalidAnyway() throws Exception {
        simulator.fault("openai", "server-error");

        HttpResponse<String> response = simulator.send(simulator.post("openai", "/chat/completions", "{}"));

        assertThat(response.statusCode()).isEqualTo(400);
    }
}
