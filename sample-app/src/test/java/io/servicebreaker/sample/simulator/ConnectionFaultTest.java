package io.servicebreaker.sample.simulator;

import static io.servicebreaker.sample.simulator.RunningSimulator.BODIES;
import static io.servicebreaker.sample.simulator.RunningSimulator.json;
import static io.servicebreaker.sample.simulator.RunningSimulator.withStream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.servicebreaker.sample.simulator.RunningSimulator.BrokenStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ConnectionFaultTest {

    private static final String CHAT = "/chat/completions";
    private static final String WITH_USAGE =
            withStream(BODIES.get("openai")).replaceFirst("\\{", "{\"stream_options\":{\"include_usage\":true},");

    private final RunningSimulator simulator = RunningSimulator.start();

    @AfterEach
    void stop() {
        simulator.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai", "perplexity", "lightrag"})
    void cutsTheConnectionBeforeAnyAnswer(String provider) throws Exception {
        simulator.fault(provider, "connection-reset");

        assertThatExceptionOfType(IOException.class).isThrownBy(() -> simulator.ask(provider));
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> simulator.send(simulator.streamedQuestion(provider)));

        assertThat(simulator.pause.asked()).isEmpty();
        assertThat(simulator.state(provider).path("served")).isEmpty();
        assertThat(simulator.state(provider).path("requests").intValue()).isEqualTo(2);
    }

    @ParameterizedTest(name = "{0}: without {1}")
    @CsvSource({"openai, finish_reason\":\"stop", "perplexity, finish_reason\":\"stop", "lightrag, no such thing"})
    void endsAStreamEarlyAsIfItWereComplete(String provider, String end) throws Exception {
        List<String> whole = simulator.lines(simulator.streamedQuestion(provider));
        simulator.fault(provider, "stream-cut");

        BrokenStream stream = simulator.readUntilItBreaks(provider);

        assertThat(stream.cut()).isFalse();
        assertThat(stream.lines()).isNotEmpty().hasSizeLessThan(whole.size());
        assertThat(stream.lines())
                .noneMatch(line -> line.contains(end) || line.contains("[DONE]") || line.contains("\"error\""));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "openai, stream-cut",
        "perplexity, stream-cut",
        "lightrag, stream-cut",
        "openai, stream-error-billed",
        "perplexity, stream-error-billed",
        "openai, keep-alive",
        "perplexity, keep-alive"
    })
    void cutsAnAnswerThatIsNotStreamed(String provider, String fault) throws Exception {
        simulator.fault(provider, fault);

        assertThatExceptionOfType(IOException.class).isThrownBy(() -> simulator.ask(provider));
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai", "perplexity"})
    void sendsNothingButCommentsUntilTheLimit(String provider) throws Exception {
        simulator.fault(provider, "keep-alive");

        BrokenStream stream = simulator.readUntilItBreaks(provider);

        assertThat(stream.lines()).isNotEmpty().containsOnly(": keep-alive");
        assertThat(stream.cut()).isTrue();
        assertThat(simulator.pause.asked().stream().reduce(Duration.ZERO, Duration::plus))
                .isEqualTo(Duration.ofSeconds(30));
        assertThat(simulator.state(provider).at("/served/200").intValue()).isEqualTo(1);
    }

    @Test
    void saysNothingForTheLimitInPlaceOfCommentsWhenNotStreaming() throws Exception {
        simulator.fault("openai", "keep-alive");

        assertThatExceptionOfType(IOException.class).isThrownBy(() -> simulator.ask("openai"));

        assertThat(simulator.pause.asked()).containsExactly(Duration.ofSeconds(30));
        assertThat(simulator.state("openai").path("served")).isEmpty();
    }

    @Test
    void billsAStreamOfOpenAiThatFails() throws Exception {
        List<String> whole = simulator.lines(simulator.post("openai", CHAT, WITH_USAGE));
        simulator.fault("openai", "stream-error-billed");

        BrokenStream stream = simulator.readUntilItBreaks("openai", CHAT, WITH_USAGE);

        List<String> lines = stream.lines();
        JsonNode bill = data(lines.get(lines.size() - 2));
        assertThat(bill.path("usage"))
                .isEqualTo(data(whole.get(whole.size() - 2)).path("usage"));
        assertThat(bill.at("/usage/completion_tokens").intValue()).isPositive();
        assertThat(bill.path("id")).isEqualTo(data(lines.get(0)).path("id"));
        assertThat(data(lines.get(lines.size() - 1)).at("/error/type").asString())
                .isEqualTo("server_error");
        assertThat(lines).doesNotContain("data: [DONE]").noneMatch(line -> line.contains("\"stop\""));
    }

    @Test
    void billsNobodyAtOpenAiWhoHasNotAskedForTheUsage() throws Exception {
        simulator.fault("openai", "stream-error-billed");

        BrokenStream stream = simulator.readUntilItBreaks("openai");

        assertThat(stream.lines()).noneMatch(line -> line.contains("\"usage\""));
        assertThat(stream.lines()).last().asString().contains("server_error");
    }

    @Test
    void billsAStreamOfPerplexityThatIsCut() throws Exception {
        simulator.fault("perplexity", "stream-error-billed");

        BrokenStream stream = simulator.readUntilItBreaks("perplexity");

        JsonNode bill = data(stream.lines().get(stream.lines().size() - 1));
        assertThat(bill.at("/usage/cost/total_cost").doubleValue()).isGreaterThan(0.005);
        assertThat(bill.at("/choices/0/finish_reason").isNull()).isTrue();
        assertThat(stream.cut()).isTrue();
    }

    private static JsonNode data(String line) {
        return json(line.substring("data: ".length()));
    }
}
