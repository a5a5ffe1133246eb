package io.servicebreaker.sample.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SimulatorTest {

    private final RunningSimulator simulator = RunningSimulator.start();

    @AfterEach
    void stop() {
        simulator.close();
    }

    @Test
    void servesOthersWhileManyRequestsHang() throws Exception {
        simulator.pause.hold();
        simulator.fault("openai", "timeout");
        List<CompletableFuture<HttpResponse<String>>> hanging = IntStream.range(0, 60)
                .mapToObj(i -> simulator.askLater("openai"))
                .toList();
        simulator.pause.awaitBegun(60);

        assertThat(simulator.ask("lightrag").statusCode()).isEqualTo(200);

        assertThat(hanging).noneMatch(CompletableFuture::isDone);
        assertThat(simulator.state("openai").path("requests").intValue()).isEqualTo(60);
    }

    @Test
    void releasesHangingRequestsWhenItStops() throws Exception {
        simulator.pause.hold();
        simulator.fault("perplexity", "timeout");
        CompletableFuture<HttpResponse<String>> hanging = simulator.askLater("perplexity");
        simulator.pause.awaitBegun(1);

        simulator.simulator.stop();

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> hanging.get(30, TimeUnit.SECONDS))
                .withCauseInstanceOf(IOException.class);
    }

    @Test
    void startsAgainOnTheSamePort() throws Exception {
        URI before = simulator.simulator.baseUrl("openai");
        simulator.simulator.stop();
        assertThat(simulator.simulator.isRunning()).isFalse();

        simulator.simulator.start();

        assertThat(simulator.simulator.isRunning()).isTrue();
        assertThat(simulator.simulator.baseUrl("openai")).isEqualTo(before);
        assertThat(simulator.ask("openai").statusCode()).isEqualTo(200);
    }

    @Test
    void tellsTheBaseUrlsThatClientsExpect() {
        assertThat(simulator.simulator.baseUrl("openai")).hasHost("localhost").hasPath("/openai/v1");
        assertThat(simulator.simulator.baseUrl("perplexity")).hasPath("/perplexity");
        assertThat(simulator.simulator.baseUrl("lightrag")).hasPath("/lightrag");
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> simulator.simulator.baseUrl("cache"))
                .withMessageContaining("'cache'");
    }

    @Test
    void countsExactlyUnderConcurrency() throws Exception {
        List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, 200)
                .mapToObj(i -> simulator.askLater("lightrag"))
                .toList();
        CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);

        assertThat(simulator.state("lightrag").toString())
                .isEqualTo("{\"fault\":\"none\",\"requests\":200,\"served\":{\"200\":200}}");
    }
}
