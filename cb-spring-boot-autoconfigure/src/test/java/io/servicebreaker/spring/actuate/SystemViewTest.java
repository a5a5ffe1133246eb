package io.servicebreaker.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.breaker.BreakerState;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.Degradation;
import io.servicebreaker.call.DegradationLevel;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.time.FakeTime;
import java.net.ConnectException;
import java.time.Duration;
import org.awaitility.Awaitility;
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

/** What one service's trouble means to the others, in an application. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "service-breaker.services.openai.failure-threshold=3",
            "service-breaker.services.lightrag.depends-on=openai",
            "service-breaker.services.index.depends-on=openai",
            "service-breaker.services.index.on-dependency-failure=refuse",
            "service-breaker.services.perplexity.criticality=2",
            "service-breaker.services.cache.provider=cache",
            "spring.autoconfigure.exclude=io.github.resilience4j.springboot.circuitbreaker.autoconfigure.CircuitBreakerAutoConfiguration",
            "management.endpoints.web.exposure.include=circuitbreakers"
        })
@DirtiesContext(classMode = DirtiesContext.ClassMode.BEFORE_EACH_TEST_METHOD)
class SystemViewTest {

    @Autowired
    private CallOrchestrator orchestrator;

    @Autowired
    private Breakers breakers;

    @Autowired
    private FakeTime time;

    @LocalServerPort
    private int port;

    private Http http;

    @BeforeEach
    void start() {
        http = new Http(port, "/actuator/circuitbreakers");
    }

    @Test
    void aServiceThatIsDownIsFeltByThoseThatNeedItAndInTheWholeA42() throws Exception {
        openOpenAi();

        JsonNode system = http.get("").json().path("system");
        assertThat(system.path("mode").asString()).isEqualTo("DEGRADED");
        // one of five, with 1 of 1 + 1 + 1 + 2 + 0.25 in weight
        assertThat(system.path("health").asDouble()).isEqualTo(0.81);
        assertThat(system.path("degradation").asDouble()).isEqualTo(0.33);
        assertThat(system.path("degradationLevel").asInt()).isEqualTo(1);
        assertThat(system.path("services").toString()).isEqualTo("{\"index\":\"MINIMAL\",\"lightrag\":\"MINIMAL\"}");
        assertThat(levelIn(CallRequest.to("lightrag"))).isEqualTo(DegradationLevel.MINIMAL);
        assertThat(levelIn(CallRequest.to("lightrag").essential())).isEqualTo(DegradationLevel.FULL);
        assertThat(levelIn(CallRequest.to("perplexity"))).isEqualTo(DegradationLevel.REDUCED);
        assertThat(levelIn(CallRequest.to("cache"))).isEqualTo(DegradationLevel.FULL);
        assertThat(Degradation.current()).isEqualTo(DegradationLevel.FULL);
        assertThat(refusalOf("index")).isEqualTo(RejectionReason.DEPENDENCY_DOWN);
        assertThat(breakers.breaker("lightrag").state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void isAsBeforeOnceTheServiceIsBack() throws Exception {
        openOpenAi();
        breakers.breaker("openai").close("repaired", null);

        Awaitility.await().until(() -> levelIn(CallRequest.to("lightrag")) != DegradationLevel.MINIMAL);
        assertThat(levelIn(CallRequest.to("index"))).isEqualTo(DegradationLevel.REDUCED);
        time.advance(Duration.ofMinutes(1));

        JsonNode system = http.get("").json().path("system");
        assertThat(system.path("mode").asString()).isEqualTo("NORMAL");
        assertThat(system.path("services").isEmpty()).isTrue();
        assertThat(levelIn(CallRequest.to("perplexity"))).isEqualTo(DegradationLevel.FULL);
    }

    @Test
    void tellsOfItInTheEvents() {
        openOpenAi();

        Awaitility.await()
                .untilAsserted(() -> assertThat(
                                http.get("/events?service=lightrag").json().path("events"))
                        .singleElement()
                        .satisfies(event -> {
                            assertThat(event.path("type").asString()).isEqualTo("DegradationChanged");
                            assertThat(event.path("from").asString()).isEqualTo("REDUCED");
                            assertThat(event.path("to").asString()).isEqualTo("MINIMAL");
                            assertThat(event.path("reason").asString()).isEqualTo("it needs openai, which is down");
                        }));
        assertThat(http.get("/events?service=*").json().toString())
                .contains("SystemModeChanged")
                .contains("\"to\":\"DEGRADED\"");
    }

    /** A63: an operator takes a service away and nothing but an operator brings it back. */
    @Test
    void maintenanceIsEndedByACommandOnlyA63() throws Exception {
        breakers.breaker("openai").forceOpen("maintenance", null);
        time.advance(Duration.ofDays(1));
        assertThat(refusalOf("openai")).isEqualTo(RejectionReason.FORCED_OPEN);
        assertThat(breakers.breaker("openai").state()).isEqualTo(BreakerState.FORCED_OPEN);

        breakers.breaker("openai").close("done", null);

        assertThat(levelIn(CallRequest.to("openai"))).isNotNull();
    }

    private void openOpenAi() {
        for (int i = 0; i < 3; i++) {
            orchestrator.begin(CallRequest.to("openai")).failed(new ConnectException("down"));
        }
        Awaitility.await().until(() -> levelIn(CallRequest.to("perplexity")) == DegradationLevel.REDUCED);
        time.advance(Duration.ofMillis(100));
        Awaitility.await().until(() -> levelIn(CallRequest.to("lightrag")) == DegradationLevel.MINIMAL);
    }

    private DegradationLevel levelIn(CallRequest request) throws Exception {
        return orchestrator.call(request, Degradation::current);
    }

    private RejectionReason refusalOf(String service) throws Exception {
        try {
            levelIn(CallRequest.to(service));
        } catch (CallRejectedException e) {
            return e.reason();
        }
        throw new AssertionError("let through");
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        @Bean
        FakeTime time() {
            return new FakeTime();
        }
    }
}
