package io.servicebreaker.sample.simulator;

import static io.servicebreaker.sample.simulator.RunningSimulator.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ControlTest {

    private final RunningSimulator simulator = RunningSimulator.start();

    @AfterEach
    void stop() {
        simulator.close();
    }

    @Test
    void showsAProviderThatNobodyHasAskedYet() throws Exception {
        assertThat(simulator.state("openai").toString()).isEqualTo("{\"fault\":\"none\",\"requests\":0,\"served\":{}}");
    }

    @Test
    void showsAllProviders() throws Exception {
        JsonNode all = json(simulator.send(
                HttpRequest.newBuilder(simulator.simulator.controlUrl()).build()));

        assertThat(all.propertyNames()).containsExactly("openai", "perplexity", "lightrag");
    }

    @Test
    void showsTheFaultAsItWasSet() throws Exception {
        JsonNode answer =
                json(simulator.set("openai", "{\"fault\":\"overload\",\"retryAfter\":\"20s\",\"errorRate\":0.25}"));

        assertThat(answer).isEqualTo(simulator.state("openai"));
        assertThat(answer.path("fault").asString()).isEqualTo("overload");
        assertThat(answer.path("retryAfter").asString()).isEqualTo("PT20S");
        assertThat(answer.path("errorRate").doubleValue()).isEqualTo(0.25);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"openai", "perplexity", "lightrag"})
    void acceptsAWaitAndARateForEveryFaultItNamesWhenAskedForAnother(String provider) throws Exception {
        List<String> known = knownFaults(provider);

        assertThat(known).hasSizeGreaterThan(20).startsWith("none", "rate-limit");

        for (String fault : known) {
            String body = "{\"fault\":\"" + fault + "\",\"retryAfter\":\"20s\",\"errorRate\":0.4}";
            assertThat(simulator.set(provider, body).statusCode()).as(fault).isEqualTo(200);
            assertThat(simulator.state(provider).path("fault").asString()).isEqualTo(fault);
        }
    }

    @Test
    void hasAProviderForEveryFault() throws Exception {
        Set<String> known = new TreeSet<>(knownFaults("openai"));
        known.addAll(knownFaults("perplexity"));
        known.addAll(knownFaults("lightrag"));

        assertThat(known)
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(Fault.values()).map(Fault::label).toList());
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "openai, index-updating",
        "openai, embedding-failure",
        "openai, out-of-memory",
        "openai, no-citations",
        "perplexity, token-limit",
        "perplexity, model-overload",
        "perplexity, slow-down",
        "perplexity, out-of-memory",
        "lightrag, model-not-found",
        "lightrag, model-overload",
        "lightrag, slow-down",
        "lightrag, keep-alive",
        "lightrag, stream-error-billed",
        "lightrag, no-citations",
        "lightrag, absurd-headers"
    })
    void refusesAFaultThatTheProviderCannotHave(String provider, String fault) throws Exception {
        HttpResponse<String> response = simulator.set(provider, "{\"fault\":\"" + fault + "\"}");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).path("field").asString()).isEqualTo("fault");
        assertThat(knownFaults(provider)).doesNotContain(fault);
        assertThat(simulator.state(provider).path("fault").asString()).isEqualTo("none");
    }

    @Test
    void showsTheModelThatAloneSuffers() throws Exception {
        simulator.set("openai", "{\"fault\":\"model-overload\",\"model\":\"gpt-4o\"}");

        assertThat(simulator.state("openai").path("model").asString()).isEqualTo("gpt-4o");
    }

    @Test
    void showsNoFieldThatMeansNothingForTheFault() throws Exception {
        JsonNode none = json(simulator.set("openai", "{\"fault\":\"none\",\"retryAfter\":\"20s\",\"errorRate\":0.4}"));
        JsonNode empty = json(simulator.set("openai", "{\"fault\":\"empty\",\"retryAfter\":\"20s\"}"));

        JsonNode absurd = json(simulator.set("openai", "{\"fault\":\"absurd-rate-limit\",\"retryAfter\":\"20s\"}"));
        JsonNode all = json(simulator.set("openai", "{\"fault\":\"none\",\"model\":\"gpt-4o\"}"));

        assertThat(none.propertyNames()).containsExactly("fault", "requests", "served");
        assertThat(absurd.propertyNames()).containsExactly("fault", "errorRate", "requests", "served");
        assertThat(all.propertyNames()).containsExactly("fault", "requests", "served");
        assertThat(empty.propertyNames()).containsExactly("fault", "errorRate", "requests", "served");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(quoteCharacter = '`', delimiter = '|', textBlock = """
            {"fault":"explode"}                            | fault      | explode | rate-limit
            {"fault":7}                                    | fault      | 7       | rate-limit
            {"errorRate":0.5}                              | fault      | null    | stream-stall
            {"fault":"none","errorRate":1.5}               | errorRate  | 1.5     | 0 to 1
            {"fault":"none","errorRate":"0.5"}             | errorRate  | 0.5     | 0 to 1
            {"fault":"rate-limit","retryAfter":"soon"}     | retryAfter | soon    | 20s
            {"fault":"rate-limit","retryAfter":"20"}       | retryAfter | 20      | 20s
            {"fault":"rate-limit","retryAfter":20}         | retryAfter | 20      | 20s
            {"fault":"rate-limit","retryAfter":"-5s"}      | retryAfter | -5s     | 20s
            {"fault":"slow","latency":"PT9999999H"}        | latency    | PT9999999H | 24h
            {"fault":"timeout","latency":"2s"}             | latency    | 2s      | none with timeout
            {"fault":"keep-alive","latency":"2s"}          | latency    | 2s      | none with keep-alive
            {"fault":"none","retry-after":"20s"}           | retry-after | 20s    | retryAfter
            {"fault":"slow","model":"gpt-9"}               | model      | gpt-9   | gpt-4o-mini
            {"fault":"slow","model":4}                     | model      | 4       | text-embedding-3-small
            """)
    void namesTheWrongFieldItsValueAndWhatIsAllowed(String body, String field, String value, String allowed)
            throws Exception {
        HttpResponse<String> response = simulator.set("openai", body);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.headers().firstValue("content-type")).hasValue("application/problem+json");
        JsonNode problem = json(response);
        assertThat(problem.path("field").asString()).isEqualTo(field);
        assertThat(problem.path("value").asString("null")).isEqualTo(value);
        assertThat(problem.path("allowed").asString()).contains(allowed);
        assertThat(problem.path("detail").asString()).contains(field, allowed);
    }

    @Test
    void acceptsNoModelOfAProviderWhoseRequestsNameNone() throws Exception {
        HttpResponse<String> response = simulator.set("lightrag", "{\"fault\":\"slow\",\"model\":\"gpt-4o\"}");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).path("allowed").asString()).contains("name no model");
    }

    @Test
    void keepsTheFaultWhenTheNextOneIsWrong() throws Exception {
        simulator.fault("openai", "quota");

        simulator.set("openai", "{\"fault\":\"none\",\"errorRate\":2}");

        assertThat(simulator.state("openai").path("fault").asString()).isEqualTo("quota");
    }

    @Test
    void refusesABodyThatIsNoJsonObject() throws Exception {
        HttpResponse<String> response = simulator.set("openai", "rate-limit");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).path("detail").asString()).contains("JSON object");
    }

    @Test
    void doesNotKnowOtherProviders() throws Exception {
        HttpResponse<String> response = simulator.set("anthropic", "{\"fault\":\"none\"}");

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(json(response).path("detail").asString()).contains("anthropic", "openai, perplexity, lightrag");
    }

    @Test
    void allowsOnlyToReadAndToSet() throws Exception {
        HttpResponse<String> response =
                simulator.send(HttpRequest.newBuilder(URI.create(simulator.simulator.controlUrl() + "/openai"))
                        .DELETE()
                        .build());

        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("allow")).hasValue("GET, PUT");
    }

    @Test
    void answersElsewhereThatNothingIsThere() throws Exception {
        HttpResponse<String> response = simulator.send(
                HttpRequest.newBuilder(simulator.simulator.controlUrl().resolve("/mistral/v1/chat"))
                        .build());

        assertThat(response.statusCode()).isEqualTo(404);
    }

    private List<String> knownFaults(String provider) throws Exception {
        JsonNode problem = json(simulator.set(provider, "{\"fault\":\"explode\"}"));
        return List.of(problem.path("allowed").asString().split(", "));
    }
}
