package io.servicebreaker.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.OngoingCall;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.spring.actuate.Http.Answer;
import io.servicebreaker.time.FakeTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.actuate.audit.AuditEvent;
import org.springframework.boot.actuate.audit.listener.AuditApplicationEvent;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import tools.jackson.databind.JsonNode;

/** Letting calls pass cost rules over HTTP, in an application without Spring Security. */
@ExtendWith(OutputCaptureExtension.class)
class EmergencyTest {

    private static final String RESILIENCE4J =
            "io.github.resilience4j.springboot.circuitbreaker.autoconfigure.CircuitBreakerAutoConfiguration";

    private static ConfigurableApplicationContext application;
    private static Http http;

    @BeforeAll
    static void start() {
        start("servlet", "circuitbreakers");
    }

    private static void start(String type, String id) {
        boolean isUsualId = id.equals("circuitbreakers");
        application = SpringApplication.run(
                Application.class,
                "--server.port=0",
                "--spring.main.web-application-type=" + type,
                "--spring.autoconfigure.exclude=" + (isUsualId ? RESILIENCE4J : ""),
                "--management.endpoints.web.exposure.include=*",
                "--management.endpoint." + id + ".access=unrestricted",
                "--service-breaker.services.openai.provider=openai",
                "--service-breaker.services.perplexity.provider=perplexity",
                "--service-breaker.services.free.coordinate-with-cost-breaker=false",
                "--service-breaker.cost.prices.small.per-request=1",
                "--service-breaker.cost.budgets.daily=4",
                "--service-breaker.cost.budgets.services.perplexity.daily=2",
                "--service-breaker.cost.rules[0].id=soft",
                "--service-breaker.cost.rules[0].type=absolute-daily",
                "--service-breaker.cost.rules[0].value=1",
                "--service-breaker.cost.rules[0].allow-emergency-override=true",
                "--service-breaker.cost.rules[1].id=hard",
                "--service-breaker.cost.rules[1].type=percentage-daily",
                "--service-breaker.cost.rules[1].value=95");
        http = new Http(
                application.getEnvironment().getRequiredProperty("local.server.port", int.class), "/actuator/" + id);
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    /** Neither what another test has spent nor what it has lifted is left. */
    @BeforeEach
    void beginTheNextDay() {
        time().advance(Duration.ofDays(1));
        application.getBean(Audits.class).seen.clear();
    }

    @ParameterizedTest
    @CsvSource({"servlet, servicebreakers", "reactive, circuitbreakers", "servlet, circuitbreakers"})
    void letsCallsPassTheRulesThatAllowItUntilTheTimeIsOver(String type, String id) {
        stop();
        start(type, id);
        assertThat(refusalOf("openai")).isEmpty();
        assertThat(refusalOf("openai")).contains(RejectionReason.COST_RULE);

        Answer answer = override("\"expiresIn\": \"PT30M\"");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(refusalOf("openai")).isEmpty();
        time().advance(Duration.ofMinutes(30));
        assertThat(refusalOf("openai")).contains(RejectionReason.COST_RULE);
    }

    @Test
    void saysWhatIsLiftedAndWhatIsNotAndUntilWhen() {
        JsonNode answer = override("\"expiresIn\": \"30m\"").json();

        assertThat(answer.propertyNames())
                .containsExactly("scope", "reason", "by", "until", "lifts", "keeps", "budgets", "instances");
        assertThat(answer.path("scope").asString()).isEqualTo("*");
        assertThat(answer.path("reason").asString()).isEqualTo("incident 7");
        assertThat(answer.path("by").asString()).isEqualTo("anonymous");
        assertThat(answer.path("until").asString())
                .isEqualTo(time().now().plus(Duration.ofMinutes(30)).toString());
        assertThat(answer.path("lifts").toString()).isEqualTo("[\"soft\"]");
        assertThat(answer.path("keeps").toString()).isEqualTo("[\"hard\"]");
        assertThat(answer.path("budgets").asString()).isEqualTo("hold all the same");
        assertThat(answer.path("instances").asString()).isEqualTo("this one alone");
    }

    @Test
    void liftsNoBudget() {
        override("\"expiresIn\": \"30m\"");

        assertThat(refusalOf("perplexity")).isEmpty();
        assertThat(refusalOf("perplexity")).isEmpty();
        assertThat(refusalOf("perplexity")).contains(RejectionReason.COST_BUDGET);
    }

    @Test
    void liftsNoOtherRule() {
        override("\"expiresIn\": \"30m\"");

        assertThat(refusalOf("openai")).isEmpty();
        assertThat(refusalOf("openai")).isEmpty();
        assertThat(refusalOf("openai")).isEmpty();
        assertThat(refusalOf("openai")).contains(RejectionReason.COST_RULE); // 100 % of the budget
    }

    @Test
    void liftsThemForTheServiceThatIsNamedOnly() {
        refusalOf("openai");

        override("\"expiresIn\": \"30m\", \"scope\": \"perplexity\"");

        assertThat(refusalOf("openai")).contains(RejectionReason.COST_RULE);
        assertThat(refusalOf("perplexity")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | action is missing | OVERRIDE_BUDGET",
                "{`action`:`STOP`,`reason`:`x`} | 'STOP' | ENTER, LEAVE, OVERRIDE_BUDGET",
                "{`action`:`ENTER`,`expiresIn`:`1h`} | reason is missing | a sentence",
                "{`action`:`ENTER`,`reason`:`x`} | expiresIn is missing | at most PT24H",
                "{`action`:`ENTER`,`reason`:`x`,`expiresIn`:`1h`,`scope`:`openai`} | 'openai' | *",
                "{`action`:`LEAVE`} | reason is missing | a sentence",
                "{`action`:`LEAVE`,`reason`:`x`} | there is no emergency | ENTER",
                "{`action`:`OVERRIDE_BUDGET`,`expiresIn`:`1h`} | reason is missing | a sentence",
                "{`action`:`OVERRIDE_BUDGET`,`reason`:` `,`expiresIn`:`1h`} | reason is missing | a sentence",
                "{`action`:`OVERRIDE_BUDGET`,`reason`:`x`} | expiresIn is missing | at most PT24H",
                "{`action`:`OVERRIDE_BUDGET`,`reason`:`x`,`expiresIn`:`25h`} | '25h' | at most PT24H",
                "{`action`:`OVERRIDE_BUDGET`,`reason`:`x`,`expiresIn`:`-1h`} | '-1h' | a positive duration",
                "{`action`:`OVERRIDE_BUDGET`,`reason`:`x`,`expiresIn`:`600`} | '600' | with its unit",
                "{`action`:`OVERRIDE_BUDGET`,`reason`:`x`,`expiresIn`:`1h`,`scope`:`nobody`} | 'nobody' | *, openai",
                "{`action`:`OVERRIDE_BUDGET`,`reason`:`x`,`expiresIn`:`1h`,`scope`:`free`} | 'free' | perplexity"
            })
    void namesTheAllowedValuesWhenOneIsWrong(String body, String error, String allowed) {
        Answer answer = http.post("/emergency", body.replace('`', '"'));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().path("error").asString()).contains(error);
        List<String> all = answer.json()
                .path("allowed")
                .valueStream()
                .map(JsonNode::asString)
                .toList();
        assertThat(String.join(", ", all)).contains(allowed);
        refusalOf("openai");
        assertThat(refusalOf("openai")).contains(RejectionReason.COST_RULE);
    }

    @Test
    void allowsADayAtMost() {
        assertThat(override("\"expiresIn\": \"24h\"").status()).isEqualTo(200);
    }

    @Test
    void leavesATrace(CapturedOutput output) {
        http.post(
                "/emergency",
                "{\"action\": \"override-budget\", \"reason\": \"two\\nlines\", \"expiresIn\": \"1h\", \"scope\":"
                        + " \"openai\"}");

        assertThat(application.getBean(Audits.class).seen).singleElement().satisfies(audit -> {
            assertThat(audit.getPrincipal()).isEqualTo("anonymous");
            assertThat(audit.getType()).isEqualTo("SERVICE_BREAKER_COMMAND");
            assertThat(audit.getData())
                    .containsEntry("command", "OVERRIDE_BUDGET")
                    .containsEntry("scope", "openai")
                    .containsEntry("reason", "two\nlines")
                    .containsEntry("expiresIn", "PT1H");
        });
        assertThat(output).contains("anonymous gave OVERRIDE_BUDGET to the calls of 'openai' for PT1H: two lines");
    }

    @Test
    void entersAnEmergencyInWhichEssentialCallsAreMade(CapturedOutput output) {
        Answer answer =
                http.post("/emergency", "{\"action\": \"ENTER\", \"reason\": \"flood\", \"expiresIn\": \"1h\"}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("mode").asString()).isEqualTo("EMERGENCY");
        JsonNode emergency = http.get("").json().path("system").path("emergency");
        assertThat(emergency.path("reason").asString()).isEqualTo("flood");
        assertThat(emergency.path("by").asString()).isEqualTo("anonymous");
        assertThat(emergency.path("automatic").asBoolean()).isFalse();
        assertThat(emergency.path("until").asString())
                .isEqualTo(time().now().plus(Duration.ofHours(1)).toString());
        assertThat(refusalOf("openai")).contains(RejectionReason.EMERGENCY);
        OngoingCall essential = application
                .getBean(CallOrchestrator.class)
                .begin(CallRequest.to("free").essential());
        essential.succeeded();
        assertThat(output).contains("anonymous gave ENTER an emergency for PT1H: flood");

        time().advance(Duration.ofHours(1));

        assertThat(refusalOf("openai")).isEmpty();
        assertThat(http.get("").json().path("system").path("emergency").isMissingNode())
                .isTrue();
    }

    @Test
    void leavesAnEmergency() {
        http.post("/emergency", "{\"action\": \"ENTER\", \"reason\": \"flood\", \"expiresIn\": \"1h\"}");

        Answer answer = http.post("/emergency", "{\"action\": \"LEAVE\", \"reason\": \"all is dry\"}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("mode").asString()).isEqualTo("NORMAL");
        assertThat(refusalOf("openai")).isEmpty();
        assertThat(application.getBean(Audits.class).seen)
                .extracting(audit -> audit.getData().get("command"))
                .containsExactly("ENTER", "LEAVE");
    }

    private Answer override(String more) {
        return http.post("/emergency", "{\"action\": \"OVERRIDE_BUDGET\", \"reason\": \"incident 7\", " + more + "}");
    }

    /** Makes a call that costs one, if it may. */
    private Optional<RejectionReason> refusalOf(String service) {
        try {
            application
                    .getBean(CallOrchestrator.class)
                    .begin(CallRequest.to(service).model("small").estimatedTokens(1, 1))
                    .succeeded();
            return Optional.empty();
        } catch (CallRejectedException e) {
            return Optional.of(e.reason());
        }
    }

    private FakeTime time() {
        return application.getBean(FakeTime.class);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
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
