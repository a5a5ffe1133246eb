package io.servicebreaker.sample.simulator;

import static io.servicebreaker.sample.simulator.RunningSimulator.json;
import static io.servicebreaker.sample.simulator.RunningSimulator.withStream;
import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.sample.simulator.RunningSimulator.BrokenStream;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class OpenAiResponsesTest {

    private static final String RESPONSES = "/responses";
    private static final String BODY = "{\"model\":\"gpt-4o-mini\",\"input\":\"What is a graph?\"}";
    private static final String TEXT = "/output/0/content/0/text";

    private final RunningSimulator simulator = RunningSimulator.start();

    @AfterEach
    void stop() {
        simulator.close();
    }

    @Test
    void answersAQuestionLikeAChat() throws Exception {
        String chat =
                json(simulator.ask("openai")).at("/choices/0/message/content").asString();

        HttpResponse<String> response = send(BODY);

        JsonNode answer = json(response);
        assertThat(answer.path("object").asString()).isEqualTo("response");
        assertThat(answer.path("status").asString()).isEqualTo("completed");
        assertThat(answer.path("model").asString()).isEqualTo("gpt-4o-mini-2024-07-18");
        assertThat(answer.at(TEXT).asString()).isEqualTo(chat);
        assertThat(answer.at("/usage/input_tokens").intValue()).isEqualTo(4);
        assertThat(answer.at("/usage/output_tokens").intValue()).isEqualTo((chat.length() + 3) / 4);
        assertThat(answer.at("/usage/total_tokens").intValue()).isEqualTo(4 + (chat.length() + 3) / 4);
        assertThat(answer.at("/usage/input_tokens_details").propertyNames())
                .containsExactly("cached_tokens", "cache_write_tokens");
        assertThat(response.headers().firstValue("x-ratelimit-remaining-requests"))
                .hasValue("29998");
    }

    @Test
    void readsAnInputMadeOfMessages() throws Exception {
        String body = "{\"model\":\"gpt-4o\",\"input\":[{\"role\":\"user\",\"content\":"
                + "[{\"type\":\"input_text\",\"text\":\"Explain quicksort\"}]}]}";

        assertThat(json(send(body)).at(TEXT).asString()).contains("uicksort");
    }

    @Test
    void streamsTypedEventsThatEndWithTheUsage() throws Exception {
        JsonNode whole = json(send(BODY));

        List<String> lines = simulator.lines(simulator.post("openai", RESPONSES, withStream(BODY)));

        List<JsonNode> events = events(lines);
        assertThat(lines.get(0)).isEqualTo("event: response.created");
        assertThat(lines).doesNotContain("data: [DONE]");
        assertThat(type(events.get(0))).isEqualTo("response.created");
        assertThat(events.get(0).at("/response/status").asString()).isEqualTo("in_progress");
        assertThat(events.stream()
                        .filter(event -> type(event).equals("response.output_text.delta"))
                        .map(event -> event.path("delta").asString())
                        .collect(Collectors.joining()))
                .isEqualTo(whole.at(TEXT).asString());
        JsonNode last = events.get(events.size() - 1);
        assertThat(type(last)).isEqualTo("response.completed");
        assertThat(last.at("/response/usage")).isEqualTo(whole.path("usage"));
        assertThat(last.at("/response/id")).isEqualTo(events.get(0).at("/response/id"));
        assertThat(events.stream().map(event -> event.path("sequence_number").intValue()))
                .containsExactlyElementsOf(
                        IntStream.range(0, events.size()).boxed().toList());
    }

    @ParameterizedTest(name = "{0}: billed {1}")
    @CsvSource({"stream-error, false", "stream-error-billed, true"})
    void reportsAFailureInsideAStream(String fault, boolean billed) throws Exception {
        simulator.fault("openai", fault);

        BrokenStream stream = simulator.readUntilItBreaks("openai", RESPONSES, withStream(BODY));

        List<JsonNode> events = events(stream.lines());
        JsonNode last = events.get(events.size() - 1);
        assertThat(type(last)).isEqualTo("response.failed");
        assertThat(last.at("/response/error/code").asString()).isEqualTo("server_error");
        assertThat(last.at("/response/usage").isNull()).isEqualTo(!billed);
        assertThat(last.at("/response/usage/output_tokens").intValue(0) > 0).isEqualTo(billed);
        assertThat(last.path("sequence_number").intValue()).isEqualTo(events.size() - 1);
        assertThat(stream.cut()).isFalse();
    }

    @Test
    void suffersTheFaultsOfTheProvider() throws Exception {
        simulator.fault("openai", "rate-limit");
        assertThat(send(BODY).statusCode()).isEqualTo(429);

        simulator.fault("openai", "empty");
        assertThat(json(send(BODY)).at(TEXT).asString("absent")).isEmpty();

        simulator.fault("openai", "stream-cut");
        BrokenStream stream = simulator.readUntilItBreaks("openai", RESPONSES, withStream(BODY));
        assertThat(stream.lines()).isNotEmpty().noneMatch(line -> line.contains("response.completed"));
    }

    @ParameterizedTest(name = "{0}: {1} {2}")
    @CsvSource(quoteCharacter = '`', delimiter = '|', textBlock = """
            {"model":"gpt-4o"}             | 400 | missing_required_parameter | input
            {"input":"hi"}                 | 400 | missing_required_parameter | model
            {"model":"gpt-9","input":"hi"} | 404 | model_not_found            | null
            not json                       | 400 | null                       | null
            """)
    void refusesWhatTheRealOneRefuses(String body, int status, String code, String parameter) throws Exception {
        HttpResponse<String> response = send(body);

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(json(response).at("/error/code").asString("null")).isEqualTo(code);
        assertThat(json(response).at("/error/param").asString("null")).isEqualTo(parameter);
    }

    private HttpResponse<String> send(String body) throws Exception {
        return simulator.send(simulator.post("openai", RESPONSES, body));
    }

    private static String type(JsonNode event) {
        return event.path("type").asString();
    }

    private static List<JsonNode> events(List<String> lines) {
        return lines.stream()
                .filter(line -> line.startsWith("data: "))
                .map(line -> json(line.substring("data: ".length())))
                .toList();
    }
}
