package io.servicebreaker.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.cost.CostRules;
import io.servicebreaker.cost.SpendWatch;
import io.servicebreaker.event.Events;
import io.servicebreaker.spring.ServiceCosts;
import io.servicebreaker.time.FakeTime;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;

/** What the endpoint shows of rules, budgets and what happened to them, at noon. */
class MoneySeenTest {

    private static final String MIDNIGHT = "2026-03-02T00:00:00Z";

    private ConfigurableApplicationContext application;
    private Http http;

    @BeforeEach
    void start() {
        application = SpringApplication.run(
                Application.class,
                "--server.port=0",
                "--management.endpoints.web.exposure.include=circuitbreakers",
                "--service-breaker.services.openai.provider=openai",
                "--service-breaker.cost.budgets.daily=10",
                "--service-breaker.cost.rules[0].id=cap",
                "--service-breaker.cost.rules[0].type=percentage-daily",
                "--service-breaker.cost.rules[0].value=50",
                "--service-breaker.cost.rules[0].allow-emergency-override=true",
                "--service-breaker.cost.rules[1].id=batches",
                "--service-breaker.cost.rules[1].type=rate",
                "--service-breaker.cost.rules[1].value=1",
                "--service-breaker.cost.rules[1].operations=batch");
        http = new Http(
                application.getEnvironment().getRequiredProperty("local.server.port", int.class),
                "/actuator/circuitbreakers");
    }

    @AfterEach
    void stop() {
        application.close();
    }

    @Test
    void showsWhatHappenedToMoneyInAllDetails() {
        spend("6");
        spend("0.01");
        rules().override("*", "incident 7", "jo", Duration.ofMinutes(30));
        spend("2");
        time().advance(Duration.ofDays(1));
        spend("0.01");
        awaitEvent("CostRuleEnded");

        JsonNode matched = event("CostRuleMatched");
        assertThat(matched.path("service").asString()).isEqualTo("openai");
        assertThat(matched.path("rule").asString()).isEqualTo("cap");
        assertThat(matched.path("ruleType").asString()).isEqualTo("PERCENTAGE_DAILY");
        assertThat(matched.path("action").asString()).isEqualTo("BLOCK");
        assertThat(matched.path("value").decimalValue()).isEqualByComparingTo("50");
        assertThat(matched.path("found").decimalValue()).isEqualByComparingTo("60.1");
        JsonNode ended = event("CostRuleEnded");
        assertThat(ended.path("rule").asString()).isEqualTo("cap");
        assertThat(ended.path("at").asString()).isEqualTo(time().now().toString());
        JsonNode overridden = event("CostRulesOverridden");
        assertThat(overridden.path("service").asString()).isEqualTo("*");
        assertThat(overridden.path("reason").asString()).isEqualTo("incident 7");
        assertThat(overridden.path("by").asString()).isEqualTo("jo");
        assertThat(overridden.path("expiresIn").asString()).isEqualTo("PT30M");
        JsonNode crossed = event("BudgetCrossed");
        assertThat(crossed.path("service").asString()).isEqualTo("*");
        assertThat(crossed.path("period").asString()).isEqualTo("DAILY");
        assertThat(crossed.path("percent").asInt()).isEqualTo(75);
        assertThat(crossed.path("spent").decimalValue()).isEqualByComparingTo("8");
        assertThat(crossed.path("limit").decimalValue()).isEqualByComparingTo("10");
    }

    @Test
    void findsTheEventsOfAllServicesTogetherByTheirStar() {
        spend("4");
        spend("4.5");
        awaitEvent("BudgetCrossed");

        List<String> types = http.get("/events?service=*")
                .json()
                .path("events")
                .valueStream()
                .map(event -> event.path("type").asString())
                .toList();

        assertThat(types).containsOnly("BudgetCrossed");
    }

    @Test
    void showsTheRulesInForceAndWhatLiftsThem() {
        assertThat(http.get("/budgets").json().path("rulesInForce")).isEmpty();
        spend("6");
        spend("0.01");
        String met = time().now().toString();
        rules().override("openai", "incident 7", "jo", Duration.ofMinutes(30));

        JsonNode budgets = http.get("/budgets").json();

        JsonNode cap = budgets.path("rulesInForce").path(1);
        assertThat(cap.propertyNames()).containsExactly("id", "type", "action", "value", "found", "since", "until");
        assertThat(cap.path("id").asString()).isEqualTo("cap");
        assertThat(cap.path("type").asString()).isEqualTo("PERCENTAGE_DAILY");
        assertThat(cap.path("action").asString()).isEqualTo("BLOCK");
        assertThat(cap.path("value").decimalValue()).isEqualByComparingTo("50");
        assertThat(cap.path("found").decimalValue()).isEqualByComparingTo("60");
        assertThat(cap.path("since").asString()).isEqualTo(met);
        assertThat(cap.path("until").asString()).isEqualTo(MIDNIGHT);
        assertThat(budgets.path("rulesInForce").path(0).path("operations").toString())
                .isEqualTo("[\"batch\"]");
        assertThat(budgets.path("overrides").path(0).path("lifts").toString()).isEqualTo("[\"cap\"]");
        assertThat(budgets.path("overrides").path(0).path("by").asString()).isEqualTo("jo");
    }

    @Test
    void saysWhatLimitsTheCallsOfAServiceApartFromTheStateOfItsBreaker() {
        assertThat(limit().isNull()).isTrue();
        spend("6");

        assertThat(limit().path("reason").asString()).isEqualTo("COST_RULE");
        assertThat(limit().path("rule").asString()).isEqualTo("cap");
        assertThat(limit().path("action").asString()).isEqualTo("BLOCK");
        assertThat(limit().has("operations")).isFalse();
        assertThat(limit().path("until").asString()).isEqualTo(MIDNIGHT);
        rules().override("*", "incident 7", "jo", Duration.ofMinutes(30));
        assertThat(limit().path("operations").toString()).isEqualTo("[\"batch\"]");
        spend("4");
        assertThat(limit().path("reason").asString()).isEqualTo("COST_BUDGET");
        assertThat(limit().has("rule")).isFalse();
        assertThat(limit().path("until").asString()).isEqualTo(MIDNIGHT);
        assertThat(http.get("/openai").json().path("state").asString()).isEqualTo("CLOSED");
    }

    @Test
    void projectsBudgetsWithAnIntervalByWhatWasSpentInEachHour() {
        for (int hour = 0; hour < 4; hour++) {
            spend("0.5" + hour);
            time().advance(Duration.ofHours(1));
            http.get("/budgets");
        }

        JsonNode budgets = http.get("/budgets").json();

        JsonNode daily = budgets.path("daily");
        assertThat(daily.path("projected").decimalValue()).isBetween(decimal("3.08"), decimal("3.09"));
        assertThat(daily.path("projectedLow").decimalValue()).isStrictlyBetween(decimal("2.9"), decimal("3.08"));
        assertThat(daily.path("projectedHigh").decimalValue()).isStrictlyBetween(decimal("3.09"), decimal("3.3"));
        assertThat(daily.path("spentPerHour").decimalValue()).isBetween(decimal("0.53"), decimal("0.530001"));
        JsonNode monthly = budgets.path("services").path("openai").path("monthly");
        assertThat(monthly.path("projectedLow").isNull()).isTrue();
        assertThat(monthly.path("spentPerHour")).isEqualTo(daily.path("spentPerHour"));
    }

    @Test
    void tellsOfSpendingThatIsFarAboveTheUsual() {
        SpendWatch watch = application.getBean(ServiceCosts.class).watch();
        for (int i = 0; i < 300; i++) {
            spend(i < 297 ? "0.0000" + i : "0.01" + i);
            time().advance(Duration.ofSeconds(30));
            watch.look();
        }
        awaitEvent("SpendAnomaly");

        JsonNode anomaly = event("SpendAnomaly");

        assertThat(anomaly.path("service").asString()).isEqualTo("openai");
        assertThat(anomaly.path("observed").decimalValue()).isGreaterThan(decimal("0.02"));
        assertThat(anomaly.path("expected").decimalValue()).isLessThan(decimal("0.0001"));
        assertThat(anomaly.path("factor").decimalValue()).isGreaterThan(decimal("100"));
    }

    private static BigDecimal decimal(String number) {
        return new BigDecimal(number);
    }

    private JsonNode limit() {
        return http.get("/openai").json().path("cost").path("limitedBy");
    }

    private JsonNode event(String type) {
        return http.get("/events")
                .json()
                .path("events")
                .valueStream()
                .filter(event -> event.path("type").asString().equals(type))
                .findFirst()
                .orElseThrow();
    }

    private void awaitEvent(String type) {
        application.getBean(Events.class).flush();
        Awaitility.await().until(() -> http.get("/events").body().contains(type));
    }

    /** Makes a call that is cheaper by expectation, if it may. */
    private void spend(String cost) {
        try {
            application
                    .getBean(CallOrchestrator.class)
                    .begin(CallRequest.to("openai").model("new-" + cost))
                    .succeeded(CallReport.EMPTY.cost(new BigDecimal(cost)));
        } catch (CallRejectedException e) {
            return; // that is what some are made for
        }
    }

    private CostRules rules() {
        return application.getBean(ServiceCosts.class).rules();
    }

    private FakeTime time() {
        return application.getBean(FakeTime.class);
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
    }
}
