package io.servicebreaker.sample.simulator;

import static io.servicebreaker.sample.simulator.RunningSimulator.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class PerplexityTest {

    private final RunningSimulator simulator = RunningSimulator.start();

    @AfterEach
    void stop() {
        simulator.close();
    }

    @Test
    void answersWithItsSources() throws Exception {
        JsonNode answer = json(simulator.ask("perplexity"));

        assertThat(answer.at("/choices/0/message/content").asString()).contains("graph", "[1]");
        assertThat(answer.path("citations")).hasSize(2);
        assertThat(answer.at("/search_results/0/url")).isEqualTo(answer.at("/citations/0"));
    }

    @Test
    void tellsWhatTheAnswerCosts() throws Exception {
        JsonNode usage = json(simulator.ask("perplexity")).path("usage");

        JsonNode cost = usage.path("cost");
        BigDecimal tokens =
                BigDecimal.valueOf(usage.path("total_tokens").intValue()).movePointLeft(6);
        assertThat(cost.path("request_cost").decimalValue()).isEqualByComparingTo("0.005");
        assertThat(cost.path("total_cost").decimalValue()).isEqualByComparingTo(tokens.add(new BigDecimal("0.005")));
    }

    @Test
    void tellsTheCostOfAStreamInItsLastChunk() throws Exception {
        List<String> lines = simulator.lines(simulator.streamedQuestion("perplexity"));

        assertThat(lines).last().isEqualTo("data: [DONE]");
        JsonNode first = json(lines.get(0).substring(6));
        JsonNode last = json(lines.get(lines.size() - 2).substring(6));
        assertThat(first.at("/usage/cost/total_cost").doubleValue()).isZero();
        assertThat(first.at("/usage/cost/request_cost").isMissingNode()).isTrue();
        assertThat(last.at("/usage/cost/total_cost").doubleValue()).isGreaterThan(0.005);
        assertThat(last.at("/choices/0/finish_reason").asString()).isEqualTo("stop");
        assertThat(last.path("citations")).hasSize(2);
    }

    @Test
    void answersWithoutSources() throws Exception {
        simulator.fault("perplexity", "no-citations");

        JsonNode answer = json(simulator.ask("perplexity"));
        List<String> lines = simulator.lines(simulator.streamedQuestion("perplexity"));

        assertThat(answer.at("/choices/0/message/content").asString())
                .contains("graph")
                .doesNotContain("[1]");
        assertThat(answer.path("citations").isArray()).isTrue();
        assertThat(answer.path("citations")).isEmpty();
        assertThat(answer.path("search_results").isArray()).isTrue();
        assertThat(answer.path("search_results")).isEmpty();
        assertThat(json(lines.get(lines.size() - 2).substring(6)).path("citations"))
                .isEmpty();
    }

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(quoteCharacter = '`', delimiter = '|', textBlock = """
            {"model":"sonar"}                                                  | 400 | invalid_message
            {"model":"gpt-4o","messages":[{"role":"user","content":"hi"}]}     | 400 | invalid_model
            """)
    void refusesWhatTheRealOneRefuses(String body, int status, String type) throws Exception {
        HttpResponse<String> response = simulator.send(simulator.post("perplexity", "/chat/completions", body));

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(json(response).at("/error/type").asString()).isEqualTo(type);
        assertThat(json(response).at("/error/code").intValue()).isEqualTo(status);
    }

    @Test
    void demandsAKey() throws Exception {
        HttpRequest request = simulator
                .unauthorised("perplexity", "/chat/completions")
                .POST(HttpRequest.BodyPublishers.ofString(RunningSimulator.BODIES.get("perplexity")))
                .build();

        HttpResponse<String> response = simulator.send(request);

        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(json(response).at("/error/type").asString()).isEqualTo("invalid_api_key");
    }
}
