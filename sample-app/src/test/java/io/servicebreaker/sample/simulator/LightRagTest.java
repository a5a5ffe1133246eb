package io.servicebreaker.sample.simulator;

import static io.servicebreaker.sample.simulator.RunningSimulator.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class LightRagTest {

    private final RunningSimulator simulator = RunningSimulator.start();

    @AfterEach
    void stop() {
        simulator.close();
    }

    @Test
    void answersFromItsDocumentsWithoutAKey() throws Exception {
        HttpResponse<String> response = simulator.send(simulator
                .unauthorised("lightrag", "/query")
                .POST(HttpRequest.BodyPublishers.ofString(RunningSimulator.BODIES.get("lightrag")))
                .build());

        JsonNode answer = json(response);
        assertThat(answer.path("response").asString()).contains("graph");
        assertThat(answer.at("/references/0/file_path").asString()).isNotEmpty();
        assertThat(answer.path("llm_generated").booleanValue()).isTrue();
        assertThat(answer.path("response_time").isNumber()).isTrue();
    }

    @Test
    void leavesTheReferencesOutWhenAsked() throws Exception {
        String body = "{\"query\":\"What is a graph?\",\"include_references\":false}";

        JsonNode answer = json(simulator.send(simulator.post("lightrag", "/query", body)));

        assertThat(answer.has("references")).isFalse();
    }

    @Test
    void streamsOneJsonALine() throws Exception {
        String whole = json(simulator.ask("lightrag")).path("response").asString();

        List<JsonNode> lines = simulator.lines(simulator.streamedQuestion("lightrag")).stream()
                .map(RunningSimulator::json)
                .toList();

        assertThat(lines.get(0).path("references")).hasSize(2);
        assertThat(lines.stream()
                        .map(line -> line.path("response").asString(""))
                        .collect(Collectors.joining()))
                .isEqualTo(whole);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(quoteCharacter = '`', delimiter = '|', textBlock = """
            {"query":"ab"}                          | string_too_short
            {"query":7}                             | string_type
            {}                                      | missing
            {"query":"graphs","mode":"fast"}        | literal_error
            not json                                | json_invalid
            """)
    void refusesWhatTheRealOneRefuses(String body, String type) throws Exception {
        HttpResponse<String> response = simulator.send(simulator.post("lightrag", "/query", body));

        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(json(response).at("/detail/0/type").asString()).isEqualTo(type);
    }

    @Test
    void staysHealthyWhileItsModelFails() throws Exception {
        simulator.fault("lightrag", "server-error");

        HttpResponse<String> health =
                simulator.send(simulator.unauthorised("lightrag", "/health").build());

        assertThat(health.statusCode()).isEqualTo(200);
        assertThat(json(health).path("status").asString()).isEqualTo("healthy");
        assertThat(simulator.ask("lightrag").statusCode()).isEqualTo(500);
    }
}
