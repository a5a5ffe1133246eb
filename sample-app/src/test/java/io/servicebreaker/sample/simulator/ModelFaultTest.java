package io.servicebreaker.sample.simulator;

import static io.servicebreaker.sample.simulator.RunningSimulator.BODIES;
import static io.servicebreaker.sample.simulator.RunningSimulator.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelFaultTest {

    private final RunningSimulator simulator = RunningSimulator.start();

    @AfterEach
    void stop() {
        simulator.close();
    }

    @ParameterizedTest(name = "{0}: {1} of {2}, not of {4}")
    @CsvSource({
        "openai, model-overload, gpt-4o, 503, gpt-4o-mini",
        "openai, server-error, gpt-4o, 500, gpt-4o-mini",
        "openai, rate-limit, gpt-4o-2024-08-06, 429, gpt-4o",
        "perplexity, overload, sonar-pro, 503, sonar"
    })
    void makesOnlyOneModelSick(String provider, String fault, String sick, int status, String healthy)
            throws Exception {
        simulator.set(provider, "{\"fault\":\"" + fault + "\",\"model\":\"" + sick + "\"}");

        HttpResponse<String> bad = ask(provider, sick);
        HttpResponse<String> good = ask(provider, healthy);

        assertThat(bad.statusCode()).isEqualTo(status);
        assertThat(good.statusCode()).isEqualTo(200);
        assertThat(json(good).path("model").asString()).startsWith(healthy);
    }

    @Test
    void sparesChatWhenAnEmbeddingModelIsSick() throws Exception {
        simulator.set("openai", "{\"fault\":\"model-overload\",\"model\":\"text-embedding-3-small\"}");
        String body = "{\"model\":\"text-embedding-3-small\",\"input\":\"one\"}";

        HttpResponse<String> embedding = simulator.send(simulator.post("openai", "/embeddings", body));

        assertThat(embedding.statusCode()).isEqualTo(503);
        assertThat(simulator.ask("openai").statusCode()).isEqualTo(200);
    }

    @Test
    void makesEveryModelSickWhenNoneIsNamed() throws Exception {
        simulator.fault("openai", "model-overload");

        assertThat(ask("openai", "gpt-4o").statusCode()).isEqualTo(503);
        assertThat(ask("openai", "gpt-4o-mini").statusCode()).isEqualTo(503);
    }

    private HttpResponse<String> ask(String provider, String model) throws Exception {
        String body = BODIES.get(provider).replaceFirst("\"model\":\"[^\"]+\"", "\"model\":\"" + model + "\"");
        return simulator.send(simulator.post(provider, "/chat/completions", body));
    }
}
