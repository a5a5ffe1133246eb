package io.servicebreaker.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.micrometer.core.instrument.MeterRegistry;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.event.Event;
import io.servicebreaker.event.Events;
import io.servicebreaker.sample.simulator.Simulator;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.restclient.RestClientCustomizer;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;

/**
 * Questions, answers and keys pass through us and stay nowhere. Canaries are sent through every fault of every provider,
 * and then looked for in all that we write.
 */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "simulator.port=0",
            "simulator.latency-scale=0",
            "simulator.hang-limit=100ms",
            "logging.level.io.servicebreaker=trace",
            "management.endpoint.circuitbreakers.access=unrestricted"
        })
@ExtendWith(OutputCaptureExtension.class)
class NothingConfidentialTest {

    /** In the question, which the simulator repeats in its answers. */
    private static final String CANARY = "canary4711";

    private static final List<String> PROVIDERS = List.of("lightrag", "openai", "perplexity");

    private final HttpClient http = HttpClient.newHttpClient();
    private final Queue<Event> published = new ConcurrentLinkedQueue<>();
    private final List<String> refusals = new ArrayList<>();
    private final CountDownLatch allPublished = new CountDownLatch(1);

    @LocalServerPort
    private int port;

    @Autowired
    private Simulator simulator;

    @Autowired
    private Breakers breakers;

    @Autowired
    private CallOrchestrator calls;

    @Autowired
    private Events events;

    @Autowired
    private MeterRegistry meters;

    @Autowired
    private LightRagAnswers lightRag;

    @Autowired
    private OpenAiAnswers openAi;

    @Autowired
    private PerplexityAnswers perplexity;

    @BeforeEach
    void listen() {
        events.subscribe(event -> {
            published.add(event);
            if (event.toString().contains("the last event")) {
                allPublished.countDown();
            }
        });
    }

    @AfterEach
    void heal() throws Exception {
        for (String provider : PROVIDERS) {
            fault(provider, "none");
        }
    }

    @Test
    void isInNoEventLogMetricExceptionOrEndpoint(CapturedOutput log) throws Exception {
        assertThat(get("/api/ask?q=" + question())).contains(CANARY); // or nothing would be looked for
        for (String fault : faults()) {
            suffer(fault);
        }

        assertThat(refusals).hasSizeGreaterThan(5).noneMatch(refusal -> refusal.contains(CANARY));
        breakers.breaker("openai").forceOpen("the last event", null);

        assertThat(allPublished.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(published).isNotEmpty().noneMatch(event -> event.toString().contains(CANARY));
        assertThat(log.getAll()).contains("somebody has to act").doesNotContain(CANARY);
        assertThat(everythingMeasured()).contains("circuit_breaker_requests").doesNotContain(CANARY);
    }

    /** The faults that the control API knows, which it lists when it is asked for one that it does not know. */
    private Set<String> faults() throws Exception {
        Set<String> faults = new TreeSet<>();
        for (String provider : PROVIDERS) {
            for (String word : fault(provider, "no-such-fault").body().split("[^a-z-]+")) {
                if (fault(provider, word).statusCode() == 200) {
                    faults.add(word);
                }
            }
        }
        assertThat(faults).hasSizeGreaterThan(20);
        return faults;
    }

    private void suffer(String fault) throws Exception {
        for (String provider : PROVIDERS) {
            fault(provider, fault);
        }
        breakers.all().forEach(breaker -> breaker.reset("the next fault", null));
        for (int i = 0; i < 2; i++) {
            catchThrowable(() -> lightRag.answer(inquiry()));
            catchThrowable(() -> openAi.answer(inquiry()));
            catchThrowable(() -> perplexity.answer(inquiry()));
        }
        collectRefusals();
        assertThat(everythingShown()).contains(PROVIDERS).doesNotContain(CANARY);
    }

    private void collectRefusals() {
        for (String provider : PROVIDERS) {
            try {
                calls.begin(CallRequest.to(provider)).close();
            } catch (CallRejectedException refusal) {
                refusals.add(refusal.toString());
            }
        }
    }

    private String everythingMeasured() throws Exception {
        StringBuilder all = new StringBuilder(get("/actuator/prometheus"));
        meters.getMeters().forEach(meter -> all.append(meter.getId()).append('\n'));
        return all.toString();
    }

    private String everythingShown() throws Exception {
        StringBuilder all = new StringBuilder(get("/actuator/circuitbreakers"));
        for (String path :
                List.of("lightrag", "openai", "perplexity", "cache", "events?limit=1000", "decisions?limit=1000")) {
            all.append(get("/actuator/circuitbreakers/" + path));
        }
        return all.append(get("/actuator/health")).toString();
    }

    private static String inquiry() {
        return "What is " + CANARY + "?";
    }

    private static String question() {
        return URLEncoder.encode(inquiry(), StandardCharsets.UTF_8);
    }

    private String get(String path) throws Exception {
        return http.send(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                                .build(),
                        BodyHandlers.ofString())
                .body();
    }

    /** A slow answer need not be waited for. */
    private HttpResponse<String> fault(String provider, String fault) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create(simulator.controlUrl() + "/" + provider))
                        .header("Content-Type", "application/json")
                        .PUT(BodyPublishers.ofString("{\"fault\":\"" + fault + "\",\"latency\":\"10ms\"}"))
                        .build(),
                BodyHandlers.ofString());
    }

    @TestConfiguration
    static class CanaryKey {

        @Bean
        RestClientCustomizer withKey() {
            return builder -> builder.defaultHeader("api-key", "key-of-" + CANARY);
        }
    }
}
