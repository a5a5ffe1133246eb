package io.servicebreaker.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.breaker.Breaker;
import io.servicebreaker.breaker.BreakerState;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.breaker.OperatorCommanded;
import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.Usage;
import io.servicebreaker.event.Events;
import io.servicebreaker.time.FakeTime;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.actuate.audit.AuditEvent;
import org.springframework.boot.actuate.audit.listener.AuditApplicationEvent;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import tools.jackson.databind.JsonNode;

@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "service-breaker.services.openai.failure-threshold=3",
            "service-breaker.services.openai.minimum-calls=4",
            "service-breaker.services.openai.recovery-jitter=0",
            "service-breaker.services.openai.approaching-limit-floor=7",
            "service-breaker.services.openai.stream.stall-timeout=20s",
            "service-breaker.services.cache=",
            "management.endpoints.web.exposure.include=circuitbreakers",
            "management.endpoint.circuitbreakers.access=unrestricted",
            "spring.jackson.property-naming-strategy=SNAKE_CASE"
        })
@ExtendWith(OutputCaptureExtension.class)
class EndpointTest {

    @Autowired
    private Breakers breakers;

    @Autowired
    private CallOrchestrator orchestrator;

    @Autowired
    private Events events;

    @Autowired
    private FakeTime time;

    @Autowired
    private Audits audits;

    @LocalServerPort
    private int port;

    private Http http;

    @BeforeEach
    void start() {
        http = new Http(port, "/actuator/circuitbreakers");
        breakers.all().forEach(breaker -> breaker.reset("next test", null));
        awaitDelivery(); // what was learned is reset by an event
        audits.seen.clear();
        // A later reset must not be older than what a test looks for.
        time.advance(Duration.ofHours(2));
    }

    @Test
    void showsEverythingAtAGlance() {
        JsonNode body = http.get("").json();

        assertThat(body.path("system").path("mode").asString()).isEqualTo("NORMAL");
        assertThat(body.path("system").path("health").asDouble()).isEqualTo(1.0);
        assertThat(body.path("system").path("degradationLevel").asInt()).isZero();
        assertThat(body.path("system").path("factors").isObject()).isTrue();
        assertThat(body.path("circuitBreakers").propertyNames()).containsExactly("openai", "cache");
        assertThat(body.path("budgets").isObject()).isTrue();
        assertThat(body.path("correlations").isArray()).isTrue();
    }

    @Test
    void showsTheHealthSignalsOfAService() {
        for (int i = 0; i < 50; i++) {
            orchestrator.begin(CallRequest.to("cache")).missed();
        }

        JsonNode cache = http.get("/cache").json();
        JsonNode hits = cache.path("signals").get(1);

        assertThat(cache.path("signals").get(0).path("name").asString()).isEqualTo("storage");
        assertThat(hits.path("name").asString()).isEqualTo("hits");
        assertThat(hits.path("value").asDouble()).isZero();
        assertThat(hits.path("threshold").asDouble()).isEqualTo(0.3);
        assertThat(hits.path("observations").asInt()).isEqualTo(50);
        assertThat(hits.path("tripped").asBoolean()).isTrue();
        assertThat(cache.path("healthScore").asDouble()).isEqualTo(0.5);
        assertThat(cache.path("state").asString()).isEqualTo("CLOSED");
        assertThat(http.get("").json().path("system").path("health").asDouble()).isEqualTo(0.9);
        assertThat(http.get("/openai").json().path("signals")).isEmpty();
    }

    @Test
    void showsAllFieldsOfABreaker() {
        fail(2);
        orchestrator.begin(CallRequest.to("openai")).succeeded();

        JsonNode breaker = http.get("/openai").json();

        assertThat(breaker.path("state").asString()).isEqualTo("CLOSED");
        assertThat(breaker.path("failureRate").asString()).isEqualTo("-1.0%");
        assertThat(breaker.path("slowCallRate").asString()).isEqualTo("-1.0%");
        assertThat(breaker.path("failureRateThreshold").asString()).isEqualTo("50.0%");
        assertThat(breaker.path("slowCallRateThreshold").asString()).isEqualTo("80.0%");
        assertThat(breaker.path("bufferedCalls").asInt()).isEqualTo(3);
        assertThat(breaker.path("failedCalls").asInt()).isEqualTo(2);
        assertThat(breaker.path("slowCalls").asInt()).isZero();
        assertThat(breaker.path("slowFailedCalls").asInt()).isZero();
        assertThat(breaker.path("notPermittedCalls").isNumber()).isTrue();
        assertThat(breaker.path("service").asString()).isEqualTo("openai");
        assertThat(breaker.path("provider").asString()).isEqualTo("openai");
        assertThat(breaker.path("since").asString()).startsWith("2026-");
        assertThat(breaker.path("healthScore").asDouble()).isEqualTo(1.0);
        assertThat(breaker.path("effective").path("failureThreshold").asInt()).isEqualTo(3);
        assertThat(breaker.path("baseline")).isEqualTo(breaker.path("effective"));
        assertThat(breaker.has("retryAfter")).isFalse();
    }

    @Test
    void showsHowStreamsAndLimitsAreSet() {
        JsonNode settings = http.get("/openai").json().path("effective");
        JsonNode others = http.get("/cache").json().path("effective");

        assertThat(settings.path("approachingLimitFloor").asInt()).isEqualTo(7);
        assertThat(settings.path("stream").path("stallTimeout").asString()).isEqualTo("PT20S");
        assertThat(settings.path("stream").propertyNames()).containsExactly("stallTimeout");
        assertThat(others.path("approachingLimitFloor").asInt(-1)).isZero();
        assertThat(others.has("stream")).isFalse();
    }

    @Test
    void showsEachModelAndCredentialThatWasCalled() {
        CallRequest small = CallRequest.to("openai").model("small").credential("team-a");
        for (int i = 0; i < 2; i++) {
            orchestrator.begin(small).failed(new IllegalStateException("down"));
        }

        JsonNode breaker = http.get("/openai").json();

        assertThat(breaker.path("state").asString()).isEqualTo("CLOSED");
        JsonNode model = breaker.path("models").path("small");
        assertThat(model.path("state").asString()).isEqualTo("OPEN");
        assertThat(model.path("healthScore").asDouble()).isZero();
        assertThat(model.path("reason").asString()).contains("2 failures in a row");
        assertThat(model.path("retryAfter").asString()).startsWith("PT");
        assertThat(breaker.path("credentials").path("team-a").path("state").asString())
                .isEqualTo("CLOSED");
    }

    @Test
    void showsWhatIsLeftOfTheRateLimits() {
        assertThat(http.get("/cache").json().has("quota")).isFalse();
        orchestrator
                .begin(CallRequest.to("openai").model("limited"))
                .succeeded(CallReport.ofStatus(200)
                        .header("x-ratelimit-limit-tokens", "30,000")
                        .header("x-ratelimit-remaining-tokens", "15000")
                        .header("x-ratelimit-reset-tokens", "30s"));
        time.advance(Duration.ofSeconds(10));

        JsonNode quota = http.get("/openai").json().path("quota");

        assertThat(quota.size()).isEqualTo(1);
        assertThat(quota.path(0).path("model").asString()).isEqualTo("limited");
        assertThat(quota.path(0).has("credential")).isFalse();
        assertThat(quota.path(0).path("unit").asString()).isEqualTo("tokens");
        assertThat(quota.path(0).path("header").asString()).isEqualTo("x-ratelimit-remaining-tokens");
        assertThat(quota.path(0).path("limit").asLong()).isEqualTo(30_000);
        assertThat(quota.path(0).path("remaining").asLong()).isEqualTo(20_000);
        assertThat(quota.path(0).path("resetsIn").asString()).isEqualTo("PT20S");
        assertThat(quota.path(0).path("resetsAt").asString())
                .isEqualTo(time.now().plusSeconds(20).toString());
    }

    @Test
    void showsHowManyTokensTheCallsOfAModelUse() {
        CallReport used = CallReport.ofStatus(200).usage(new Usage(100, 10, 0));
        orchestrator.begin(CallRequest.to("openai").model("asked")).succeeded(used);
        orchestrator.begin(CallRequest.to("openai").model("asked")).succeeded(used.usage(new Usage(200, 10, 0)));
        orchestrator.begin(CallRequest.to("openai")).succeeded(used.model("answered"));

        JsonNode models = http.get("/openai").json().path("models");

        JsonNode asked = models.path("asked");
        assertThat(asked.path("state").asString()).isEqualTo("CLOSED");
        assertThat(asked.path("tokens").path("calls").asInt()).isEqualTo(2);
        assertThat(asked.path("tokens").path("input").path("mean").asDouble()).isEqualTo(150);
        assertThat(asked.path("tokens").path("input").path("deviation").asDouble())
                .isEqualTo(50);
        assertThat(asked.path("tokens").path("output").path("mean").asDouble()).isEqualTo(10);
        assertThat(models.path("answered").has("state")).isFalse();
        assertThat(models.path("answered").path("tokens").path("calls").asInt()).isEqualTo(1);
    }

    @Test
    void givesTheRateInPercentFromTheMinimumOn() {
        fail(1);
        for (int i = 0; i < 7; i++) {
            orchestrator.begin(CallRequest.to("openai")).succeeded();
        }

        JsonNode breaker = http.get("/openai").json();

        assertThat(breaker.path("failureRate").asString()).isEqualTo("12.5%");
        assertThat(breaker.path("healthScore").asDouble()).isEqualTo(0.875);
    }

    @Test
    void explainsWhyABreakerIsOpen() {
        fail(3);
        time.advance(Duration.ofSeconds(20));

        JsonNode breaker = http.get("/openai").json();

        assertThat(breaker.path("state").asString()).isEqualTo("OPEN");
        assertThat(breaker.path("retryAfter").asString()).isEqualTo("PT40S");
        assertThat(breaker.path("healthScore").asDouble()).isZero();
        JsonNode why = breaker.path("why");
        assertThat(why.path("rule").asString()).isEqualTo("CONSECUTIVE_FAILURES");
        assertThat(why.path("explanation").asString())
                .isEqualTo(breaker.path("reason").asString())
                .contains("3");
        assertThat(why.path("causes").path("CONNECTION").asInt()).isEqualTo(3);
        assertThat(why.path("nextProbeAt").asString())
                .isEqualTo(time.now().plusSeconds(40).toString());
        JsonNode system = http.get("").json().path("system");
        assertThat(system.path("health").asDouble()).isEqualTo(0.2);
        assertThat(system.path("factors").path("openai").asDouble()).isZero();
    }

    @Test
    void namesTheCauseAndTheHeaderThatDecidedAndWhenACallWillPass() {
        CallReport throttled = CallReport.ofStatus(429)
                .header("Retry-After", "20")
                .header("x-ratelimit-remaining-requests", "0")
                .message("You asked: what is the airspeed of a swallow?");
        orchestrator.begin(CallRequest.to("openai")).failed(new IllegalStateException("throttled"), throttled);

        JsonNode why = http.get("/openai").json().path("why");

        assertThat(why.path("rule").asString()).isEqualTo("PROVIDER_DEADLINE");
        assertThat(why.path("causes").path("RATE_LIMIT").asInt()).isEqualTo(1);
        assertThat(why.path("decidedBy").asString()).isEqualTo("retry-after");
        assertThat(why.path("nextProbeAt").asString())
                .isEqualTo(time.now().plusSeconds(20).toString());
        assertThat(http.get("/openai").json().toString()).doesNotContain("swallow");
    }

    @Test
    void doesNotKnowAServiceThatIsNotConfigured() {
        assertThat(http.get("/opnai").status()).isEqualTo(404);
        assertThat(http.get("/opnai").json().path("allowed").toString()).isEqualTo("[\"openai\",\"cache\"]");
        assertThat(http.post("/opnai", "{\"updateState\":\"CLOSE\",\"reason\":\"x\"}")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void listsEventsNewestFirst() {
        fail(3);
        refuse();
        time.advance(Duration.ofSeconds(1));
        breakers.breaker("cache").forceOpen("maintenance", null);
        await(() -> eventsOf(http.get("/events?service=cache&limit=2").json()).contains("OperatorCommanded cache"));

        List<String> all = eventsOf(http.get("/events").json()).stream()
                .filter(event -> !event.endsWith(" *"))
                .toList();
        List<String> ofOpenai =
                eventsOf(http.get("/events?service=openai&limit=2").json());

        assertThat(all.subList(0, 2)).containsExactlyInAnyOrder("StateChanged cache", "OperatorCommanded cache");
        assertThat(all.subList(2, 4)).containsExactlyInAnyOrder("StateChanged openai", "CallRejected openai");
        assertThat(ofOpenai).containsExactlyInAnyOrder("StateChanged openai", "CallRejected openai");
    }

    @Test
    void showsWhatHappenedInAnEvent() {
        fail(3);
        await(() -> eventsOf(http.get("/events?service=openai&limit=1").json()).contains("StateChanged openai"));

        JsonNode event =
                http.get("/events?service=openai&limit=1").json().path("events").get(0);

        assertThat(event.path("from").asString()).isEqualTo("CLOSED");
        assertThat(event.path("to").asString()).isEqualTo("OPEN");
        assertThat(event.path("rule").asString()).isEqualTo("CONSECUTIVE_FAILURES");
        assertThat(event.path("at").asString()).isEqualTo(time.now().toString());
        assertThat(event.path("retryAfter").asString()).isEqualTo("PT1M");
        assertThat(event.has("command")).isFalse();
    }

    @Test
    void keepsAChangeOfStateThroughAFloodOfRefusals() {
        fail(3);
        for (int i = 0; i < 3 * EventLog.CAPACITY; i++) {
            refuse();
        }
        await(() -> eventsOf(http.get("/events?service=openai&limit=5000").json()).stream()
                        .filter("CallRejected openai"::equals)
                        .count()
                == EventLog.CAPACITY);

        assertThat(eventsOf(http.get("/events?service=openai&limit=5000").json()))
                .contains("StateChanged openai");
    }

    @Test
    void refusesALimitThatMakesNoSense() {
        assertThat(http.get("/events?limit=0").status()).isEqualTo(400);
        assertThat(http.get("/events?limit=many").status()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({
        "FORCE_OPEN,FORCED_OPEN",
        "force-open,FORCED_OPEN",
        "CLOSE,CLOSED",
        "DISABLE,DISABLED",
        "OBSERVE,OBSERVING",
        "RESET,CLOSED"
    })
    void carriesOutACommandAndAnswersTheBreaker(String command, BreakerState after) {
        Http.Answer answer =
                http.post("/openai", "{\"updateState\":\"" + command + "\",\"reason\":\"provider maintenance\"}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("state").asString()).isEqualTo(after.name());
        assertThat(breakers.breaker("openai").state()).isEqualTo(after);
    }

    @ParameterizedTest
    @CsvSource({"PT10M", "10m", "600s"})
    void endsACommandWhenItExpires(String expiresIn) {
        Breaker openai = breakers.breaker("openai");

        Http.Answer answer = http.post(
                "/openai",
                "{\"updateState\":\"FORCE_OPEN\",\"reason\":\"maintenance\",\"expiresIn\":\"" + expiresIn + "\"}");

        assertThat(answer.json().path("retryAfter").asString()).isEqualTo("PT10M");
        assertThat(answer.json().path("why").path("expiresAt").asString())
                .isEqualTo(time.now().plusSeconds(600).toString());
        time.advance(Duration.ofMinutes(10));
        assertThat(openai.state()).isNotEqualTo(BreakerState.FORCED_OPEN);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"updateState\":\"EXPLODE\",\"reason\":\"x\"} | FORCE_OPEN, CLOSE, DISABLE, OBSERVE, RESET",
                "{\"reason\":\"x\"} | FORCE_OPEN, CLOSE, DISABLE, OBSERVE, RESET",
                "{} | FORCE_OPEN, CLOSE, DISABLE, OBSERVE, RESET",
                "{\"updateState\":\"CLOSE\"} | a sentence",
                "{\"updateState\":\"CLOSE\",\"reason\":\" \"} | a sentence",
                "{\"updateState\":\"FORCE_OPEN\",\"reason\":\"x\",\"expiresIn\":\"soon\"} | PT10M",
                "{\"updateState\":\"FORCE_OPEN\",\"reason\":\"x\",\"expiresIn\":\"600\"} | with its unit",
                "{\"updateState\":\"FORCE_OPEN\",\"reason\":\"x\",\"expiresIn\":600} | with its unit",
                "{\"updateState\":\"FORCE_OPEN\",\"reason\":\"x\",\"expiresIn\":\"-10m\"} | positive",
                "{\"updateState\":\"FORCE_OPEN\",\"reason\":\"x\",\"expiresIn\":\"99999999999d\"} | at most",
                "{\"updateState\":\"CLOSE\",\"reason\":\"x\",\"expiresIn\":\"10m\"} | does not expire"
            })
    void namesTheAllowedValuesWhenOneIsWrong(String body, String allowed) {
        Http.Answer answer = http.post("/openai", body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(String.join(
                        ", ",
                        answer.json()
                                .path("allowed")
                                .valueStream()
                                .map(JsonNode::asString)
                                .toList()))
                .contains(allowed);
        assertThat(breakers.breaker("openai").state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void leavesATraceOfACommand(CapturedOutput output) {
        http.post("/openai", "{\"updateState\":\"DISABLE\",\"reason\":\"two\\nlines\",\"expiresIn\":\"10m\"}");

        assertThat(audits.seen).singleElement().satisfies(audit -> {
            assertThat(audit.getPrincipal()).isEqualTo("anonymous");
            assertThat(audit.getType()).isEqualTo("SERVICE_BREAKER_COMMAND");
            assertThat(audit.getData())
                    .containsEntry("service", "openai")
                    .containsEntry("command", "DISABLE")
                    .containsEntry("from", "CLOSED")
                    .containsEntry("to", "DISABLED")
                    .containsEntry("expiresIn", "PT10M");
        });
        assertThat(output).contains("anonymous gave DISABLE to the breaker of 'openai' for PT10M: two lines");
    }

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            orchestrator.begin(CallRequest.to("openai")).failed(new IOException("reset"));
        }
    }

    private void refuse() {
        try {
            orchestrator.begin(CallRequest.to("openai")).close();
        } catch (CallRejectedException e) {
            return;
        }
        throw new AssertionError("let through");
    }

    /** Events arrive on a thread of their own. */
    private void await(Callable<Boolean> arrived) {
        events.flush();
        Awaitility.await().until(arrived);
    }

    private void awaitDelivery() {
        OperatorCommanded mark =
                new OperatorCommanded(time.now(), "openai", OperatorCommanded.Command.CLOSE, "mark", null);
        AtomicBoolean heard = new AtomicBoolean();
        events.subscribe(OperatorCommanded.class, event -> heard.compareAndSet(false, event.equals(mark)));
        events.publish(mark);
        await(heard::get);
    }

    private static List<String> eventsOf(JsonNode page) {
        return page.path("events")
                .valueStream()
                .map(event -> event.path("type").asString() + " "
                        + event.path("service").asString())
                .toList();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration(
            excludeName =
                    "io.github.resilience4j.springboot.circuitbreaker.autoconfigure.CircuitBreakerAutoConfiguration")
    static class Application {

        @Bean
        FakeTime time() {
            return new FakeTime();
        }

        @Bean
        Audits audits() {
            return new Audits();
        }
    }

    static class Audits {

        private final List<AuditEvent> seen = new CopyOnWriteArrayList<>();

        @EventListener
        void on(AuditApplicationEvent event) {
            seen.add(event.getAuditEvent());
        }
    }
}
