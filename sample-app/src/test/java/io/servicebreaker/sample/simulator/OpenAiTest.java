package io.servicebreaker.sample.simulator;

import static io.servicebreaker.sample.simulator.RunningSimulator.BODIES;
import static io.servicebreaker.sample.simulator.RunningSimulator.json;
import static io.servicebreaker.sample.simulator.RunningSimulator.withStream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class OpenAiTest {

    private static final String CHAT = "/chat/completions";
    private RunningSimulator simulator = RunningSimulator.start();

    @AfterEach
    void stop() {
        simulator.close();
    }

    @Test
    void answersAQuestionWithTextThatMentionsIt() throws Exception {
        JsonNode answer = json(simulator.ask("openai"));

        assertThat(answer.at("/object").asString()).isEqualTo("chat.completion");
        assertThat(answer.at("/model").asString()).isEqualTo("gpt-4o-mini-2024-07-18");
        assertThat(answer.at("/choices/0/message/content").asString()).contains("raph");
        assertThat(answer.at("/choices/0/finish_reason").asString()).isEqualTo("stop");
    }

    @Test
    void countsOneTokenForFourCharacters() throws Exception {
        JsonNode answer = json(simulator.ask("openai"));

        int completion = (answer.at("/choices/0/message/content").asString().length() + 3) / 4;
        assertThat(answer.at("/usage/prompt_tokens").intValue()).isEqualTo("What is a graph?".length() / 4);
        assertThat(answer.at("/usage/completion_tokens").intValue()).isEqualTo(completion);
        assertThat(answer.at("/usage/total_tokens").intValue()).isEqualTo(4 + completion);
    }

    @Test
    void streamsTheSameTextInChunksThatEndWithDone() throws Exception {
        String whole =
                json(simulator.ask("openai")).at("/choices/0/message/content").asString();

        List<String> lines = simulator.lines(simulator.streamedQuestion("openai"));

        assertThat(lines).allMatch(line -> line.startsWith("data: ")).last().isEqualTo("data: [DONE]");
        List<JsonNode> chunks = chunks(lines);
        assertThat(chunks).allMatch(chunk -> chunk.at("/object").asString().equals("chat.completion.chunk"));
        assertThat(chunks).allMatch(chunk -> chunk.path("usage").isMissingNode());
        assertThat(chunks.get(0).at("/choices/0/delta/role").asString()).isEqualTo("assistant");
        assertThat(text(chunks)).isEqualTo(whole);
        assertThat(chunks.get(chunks.size() - 1).at("/choices/0/finish_reason").asString())
                .isEqualTo("stop");
    }

    @Test
    void tellsTheUsageInALastChunkWhenAsked() throws Exception {
        String body =
                withStream(BODIES.get("openai")).replaceFirst("\\{", "{\"stream_options\":{\"include_usage\":true},");

        List<JsonNode> chunks = chunks(simulator.lines(simulator.post("openai", CHAT, body)));

        JsonNode last = chunks.get(chunks.size() - 1);
        assertThat(last.path("choices")).isEmpty();
        assertThat(last.at("/usage/total_tokens").intValue()).isPositive();
        assertThat(chunks.subList(0, chunks.size() - 1))
                .allMatch(chunk -> chunk.path("usage").isNull());
    }

    @Test
    void readsMessagesMadeOfParts() throws Exception {
        String body = "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":"
                + "[{\"type\":\"text\",\"text\":\"Explain quicksort\"}]}]}";

        HttpResponse<String> response = simulator.send(simulator.post("openai", CHAT, body));

        assertThat(json(response).at("/choices/0/message/content").asString()).contains("uicksort");
    }

    @Test
    void embedsEachInputAsAUnitVector() throws Exception {
        String body = "{\"model\":\"text-embedding-3-small\",\"input\":[\"one\",\"two\"]}";

        JsonNode answer = json(simulator.send(simulator.post("openai", "/embeddings", body)));

        assertThat(answer.path("data")).hasSize(2);
        JsonNode vector = answer.at("/data/1/embedding");
        assertThat(vector).hasSize(1536);
        double length = vector.valueStream()
                .mapToDouble(v -> v.doubleValue() * v.doubleValue())
                .sum();
        assertThat(length).isCloseTo(1, within(1e-3));
        assertThat(answer.at("/usage/total_tokens").intValue()).isEqualTo(2);
    }

    @Test
    void listsItsModels() throws Exception {
        JsonNode answer =
                json(simulator.send(simulator.authorised("openai", "/models").build()));

        assertThat(answer.path("data")
                        .valueStream()
                        .map(model -> model.path("id").asString()))
                .contains("gpt-4o-mini", "text-embedding-3-small");
    }

    @ParameterizedTest(name = "{0} with {1}: {2} {3}")
    @CsvSource(quoteCharacter = '`', delimiter = '|', textBlock = """
            /chat/completions | {"model":"gpt-4o"}                                        | 400 | missing_required_parameter
            /chat/completions | {"model":"gpt-4o","messages":[]}                          | 400 | missing_required_parameter
            /chat/completions | {"messages":[{"role":"user","content":"hi"}]}             | 400 | missing_required_parameter
            /chat/completions | {"model":"gpt-9","messages":[{"role":"user","content":"hi"}]} | 404 | model_not_found
            /chat/completions | not json                                                  | 400 | null
            /embeddings       | {"model":"text-embedding-3-small"}                        | 400 | missing_required_parameter
            /embeddings       | {"model":"gpt-4o","input":"hi"}                           | 404 | model_not_found
            /completions      | {}                                                        | 404 | null
            """)
    void refusesWhatTheRealOneRefuses(String path, String body, int status, String code) throws Exception {
        HttpResponse<String> response = simulator.send(simulator.post("openai", path, body));

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(json(response).at("/error/code").asString("null")).isEqualTo(code);
        assertThat(json(response).at("/error/type").asString()).isEqualTo("invalid_request_error");
    }

    @Test
    void refusesAPromptThatIsLongerThanTheContext() throws Exception {
        String body = BODIES.get("openai").replace("graph", "x".repeat(600_000));

        HttpResponse<String> response = simulator.send(simulator.post("openai", CHAT, body));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).at("/error/code").asString()).isEqualTo("context_length_exceeded");
    }

    @Test
    void demandsAKey() throws Exception {
        HttpResponse<String> response =
                simulator.send(simulator.unauthorised("openai", "/models").build());

        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(json(response).at("/error/message").asString()).contains("API key");
    }

    @Test
    void tellsItsRateLimitsWhichShrinkAndRefill() throws Exception {
        assertThat(header(simulator.ask("openai"), "x-ratelimit-remaining-requests"))
                .isEqualTo("29999");
        HttpResponse<String> second = simulator.ask("openai");
        assertThat(header(second, "x-ratelimit-remaining-requests")).isEqualTo("29998");
        assertThat(header(second, "x-ratelimit-reset-requests")).isEqualTo("4ms");
        assertThat(header(second, "x-ratelimit-limit-requests")).isEqualTo("30000");
        assertThat(header(second, "x-ratelimit-limit-tokens")).isEqualTo("150000000");
        assertThat(header(second, "x-request-id")).startsWith("req_");
        assertThat(header(second, "openai-processing-ms")).isEqualTo("0");

        simulator.clock.advance(Duration.ofSeconds(1));

        assertThat(header(simulator.ask("openai"), "x-ratelimit-remaining-requests"))
                .isEqualTo("29999");
    }

    @Test
    void tellsItsRateLimitsAndTheModelWithEmbeddingsAndStreamsToo() throws Exception {
        String body = "{\"model\":\"text-embedding-3-small\",\"input\":\"one\"}";

        HttpResponse<String> embedding = simulator.send(simulator.post("openai", "/embeddings", body));
        HttpResponse<String> stream = simulator.send(simulator.streamedQuestion("openai"));

        assertThat(header(embedding, "x-ratelimit-remaining-requests")).isEqualTo("29999");
        assertThat(header(embedding, "x-ratelimit-remaining-tokens")).isEqualTo("149999999");
        assertThat(json(embedding).path("model").asString()).isEqualTo("text-embedding-3-small");
        assertThat(header(stream, "x-ratelimit-remaining-requests")).isEqualTo("29998");
        assertThat(stream.body()).contains("gpt-4o-mini-2024-07-18");
    }

    @Test
    void refusesWhenTheRateLimitIsReallyReached() throws Exception {
        simulator.close();
        simulator = RunningSimulator.start(Map.of("latency-scale", 0, "openai.requests-per-minute", 2));
        simulator.ask("openai");
        simulator.ask("openai");

        HttpResponse<String> third = simulator.ask("openai");

        assertThat(third.statusCode()).isEqualTo(429);
        assertThat(json(third).at("/error/code").asString()).isEqualTo("rate_limit_exceeded");
        assertThat(header(third, "retry-after")).isEqualTo("30");
        simulator.clock.advance(Duration.ofSeconds(30));
        assertThat(simulator.ask("openai").statusCode()).isEqualTo(200);
    }

    private static String header(HttpResponse<String> response, String name) {
        return response.headers().firstValue(name).orElse("absent");
    }

    private static List<JsonNode> chunks(List<String> lines) {
        return lines.stream()
                .map(line -> line.substring("data: ".length()))
                .filter(data -> !data.equals("[DONE]"))
                .map(RunningSimulator::json)
                .toList();
    }

    private static String text(List<JsonNode> chunks) {
        return chunks.stream()
                .map(chunk -> chunk.at("/choices/0/delta/content").asString(""))
                .collect(Collectors.joining());
    }
}
