package io.servicebreaker.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.servicebreaker.breaker.BreakerSnapshot;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.call.RejectionScope;
import io.servicebreaker.coordination.HandMovedLoad;
import io.servicebreaker.time.FakeTime;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.annotation.DirtiesContext;
import tools.jackson.databind.JsonNode;

/** Calls that are refused because the application is short of resources, and how that is seen. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "service-breaker.services.openai.provider=openai",
            "service-breaker.services.cache.provider=cache",
            "service-breaker.coordination.sync-interval=100ms",
            "spring.autoconfigure.exclude=io.github.resilience4j.springboot.circuitbreaker.autoconfigure.CircuitBreakerAutoConfiguration",
            "management.endpoints.web.exposure.include=circuitbreakers"
        })
@DirtiesContext(classMode = DirtiesContext.ClassMode.BEFORE_EACH_TEST_METHOD)
class LoadSheddingEndpointTest {

    @Autowired
    private CallOrchestrator orchestrator;

    @Autowired
    private Breakers breakers;

    @Autowired
    private HandMovedLoad load;

    @Autowired
    private FakeTime time;

    @Autowired
    private MeterRegistry registry;

    @LocalServerPort
    private int port;

    private Http http;

    @BeforeEach
    void start() {
        http = new Http(port, "/actuator/circuitbreakers");
    }

    @Test
    void refusesCallsButForEssentialOnesAndTheCacheAndSaysSo() throws Exception {
        load.collectedTo(1);
        Awaitility.await().until(() -> refusalOf(CallRequest.to("openai")) != null);
        BreakerSnapshot before = breakers.breaker("openai").snapshot();

        CallRejectedException refusal = refusalOf(CallRequest.to("openai"));

        assertThat(refusal).isNotNull();
        assertThat(refusal.reason()).isEqualTo(RejectionReason.SYSTEM_EXHAUSTED);
        assertThat(refusal.scope()).isEqualTo(RejectionScope.SYSTEM);
        assertThat(refusal.retryAfter()).contains(Duration.ofSeconds(10));
        assertThat(refusalOf(CallRequest.to("openai").essential())).isNull();
        assertThat(refusalOf(CallRequest.to("cache"))).isNull();
        assertThat(breakers.breaker("openai").snapshot().state()).isEqualTo(before.state());
        assertThat(breakers.breaker("openai").snapshot().settings()).isEqualTo(before.settings());
        assertThat(http.get("").json().path("system").path("load").toString())
                .isEqualTo("{\"heap\":1.0,\"cpu\":0.0,\"shedShare\":1.0,\"callsShed\":2}");
        assertThat(gauge("heap")).isEqualTo(1);
        assertThat(gauge("cpu")).isZero();
    }

    @Test
    void endsByItselfAndTellsOfBothInTheEvents() throws Exception {
        load.collectedTo(1);
        Awaitility.await().until(() -> refusalOf(CallRequest.to("openai")) != null);

        load.collectedTo(Double.NaN);
        Awaitility.await().until(() -> {
            time.advance(Duration.ofSeconds(1));
            return sheddings().size() == 2;
        });

        assertThat(refusalOf(CallRequest.to("openai"))).isNull();
        assertThat(sheddings().get(0).path("begins").asBoolean()).isFalse();
        assertThat(sheddings().get(0).has("heap")).isFalse();
        assertThat(sheddings().get(1).path("begins").asBoolean()).isTrue();
        assertThat(sheddings().get(1).path("heap").asDouble()).isEqualTo(1);
        assertThat(sheddings().get(1).path("reason").asString()).isEqualTo("heap is 100 % full after collection");
    }

    private List<JsonNode> sheddings() {
        return http.get("/events?service=*")
                .json()
                .path("events")
                .valueStream()
                .filter(event -> event.path("type").asString().equals("LoadShedding"))
                .toList();
    }

    private double gauge(String resource) {
        return registry.get("circuit.breaker.system.load")
                .tag("resource", resource)
                .gauge()
                .value();
    }

    private @Nullable CallRejectedException refusalOf(CallRequest request) throws Exception {
        try {
            orchestrator.call(request, () -> "answer");
            return null;
        } catch (CallRejectedException e) {
            return e;
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        @Bean
        FakeTime time() {
            return new FakeTime();
        }

        @Bean
        HandMovedLoad load() {
            return new HandMovedLoad();
        }

        @Bean
        MeterRegistry registry() {
            return new SimpleMeterRegistry();
        }
    }
}
