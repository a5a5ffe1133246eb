package io.servicebreaker.sample.simulator;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A started simulator without latency on a port of its own, and a client for it. */
final class RunningSimulator implements AutoCloseable {

    static final Map<String, String> BODIES = Map.of(
            "openai", "{\"model\":\"gpt-4o-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"What is a graph?\"}]}",
            "perplexity", "{\"model\":\"sonar\",\"messages\":[{\"role\":\"user\",\"content\":\"What is a graph?\"}]}",
            "lightrag", "{\"query\":\"What is a graph?\"}");
    private static final Map<String, String> STREAM_BODIES = Map.of(
            "openai", withStream(BODIES.get("openai")),
            "perplexity", withStream(BODIES.get("perplexity")),
            "lightrag", BODIES.get("lightrag"));
    private static final Map<String, String> ROUTES =
            Map.of("openai", "/chat/completions", "perplexity", "/chat/completions", "lightrag", "/query");

    final HandClock clock = new HandClock();
    final HandPause pause = new HandPause();
    final Simulator simulator;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private RunningSimulator(String replay, Map<String, Object> settings) {
        if (!replay.isEmpty()) {
            pause.hold(); // or the thread that follows the replay would never rest
        }
        simulator = SimulatorConfiguration.simulator(properties(settings), replay, clock, new Random(7), pause);
        simulator.start();
    }

    static RunningSimulator start() {
        return new RunningSimulator("", Map.of("latency-scale", 0));
    }

    static RunningSimulator start(Map<String, Object> settings) {
        return new RunningSimulator("", settings);
    }

    static RunningSimulator replaying(String replay) {
        return new RunningSimulator(replay, Map.of("latency-scale", 0));
    }

    private static SimulatorProperties properties(Map<String, Object> settings) {
        MapConfigurationPropertySource source = new MapConfigurationPropertySource(Map.of("simulator.port", 0));
        settings.forEach((name, value) -> source.put("simulator." + name, value));
        return new Binder(source).bindOrCreate("simulator", Bindable.of(SimulatorProperties.class));
    }

    static String withStream(String body) {
        return body.replaceFirst("\\{", "{\"stream\":true,");
    }

    /** A plain question to a provider. */
    HttpResponse<String> ask(String provider) throws IOException, InterruptedException {
        return client.send(question(provider), BodyHandlers.ofString());
    }

    CompletableFuture<HttpResponse<String>> askLater(String provider) {
        return client.sendAsync(question(provider), BodyHandlers.ofString());
    }

    /** A question whose answer is streamed. */
    HttpRequest streamedQuestion(String provider) {
        return post(provider, streamPath(provider), STREAM_BODIES.get(provider));
    }

    /** The lines of a streamed answer; throws if the stream breaks off. */
    List<String> lines(HttpRequest request) throws IOException, InterruptedException {
        return send(request).body().lines().filter(line -> !line.isEmpty()).toList();
    }

    /** The lines that arrive before a stream ends or is cut; the newer client drops lines that it has not yet read. */
    BrokenStream readUntilItBreaks(String provider) throws IOException {
        return readUntilItBreaks(provider, streamPath(provider), STREAM_BODIES.get(provider));
    }

    BrokenStream readUntilItBreaks(String provider, String path, String body) throws IOException {
        HttpURLConnection connection = (HttpURLConnection)
                URI.create(simulator.baseUrl(provider) + path).toURL().openConnection();
        connection.setDoOutput(true);
        connection.setRequestProperty("Authorization", "Bearer sk-test");
        connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
        List<String> lines = new ArrayList<>();
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8))) {
            reader.lines().filter(line -> !line.isEmpty()).forEach(lines::add);
            return new BrokenStream(lines, false);
        } catch (UncheckedIOException ex) {
            return new BrokenStream(lines, true);
        }
    }

    private static String streamPath(String provider) {
        return provider.equals("lightrag") ? "/query/stream" : ROUTES.get(provider);
    }

    /** What was received of an answer, and whether its connection was cut. */
    record BrokenStream(List<String> lines, boolean cut) {}

    private HttpRequest question(String provider) {
        return post(provider, ROUTES.get(provider), BODIES.get(provider));
    }

    HttpRequest post(String provider, String path, String body) {
        return authorised(provider, path)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    HttpRequest.Builder authorised(String provider, String path) {
        return unauthorised(provider, path).header("Authorization", "Bearer sk-test");
    }

    HttpRequest.Builder unauthorised(String provider, String path) {
        return HttpRequest.newBuilder(URI.create(simulator.baseUrl(provider) + path))
                .timeout(Duration.ofSeconds(60))
                .header("Content-Type", "application/json");
    }

    HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return client.send(request, BodyHandlers.ofString());
    }

    HttpResponse<String> set(String provider, String json) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(simulator.controlUrl() + "/" + provider))
                .PUT(HttpRequest.BodyPublishers.ofString(json))
                .build());
    }

    /** Switches a fault on and insists that this worked. */
    void fault(String provider, String fault) throws IOException, InterruptedException {
        HttpResponse<String> response = set(provider, "{\"fault\":\"" + fault + "\"}");
        if (response.statusCode() != 200) {
            throw new AssertionError(response.body());
        }
    }

    JsonNode state(String provider) throws IOException, InterruptedException {
        return json(send(HttpRequest.newBuilder(URI.create(simulator.controlUrl() + "/" + provider))
                .build()));
    }

    static JsonNode json(HttpResponse<String> response) {
        return json(response.body());
    }

    static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }

    @Override
    public void close() {
        simulator.close();
    }
}
