package io.servicebreaker.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.OngoingCall;
import io.servicebreaker.call.Usage;
import io.servicebreaker.spring.LocalProvider;
import io.servicebreaker.spring.LocalProvider.Reply;
import io.servicebreaker.spring.actuate.Http.Answer;
import io.servicebreaker.time.FakeTime;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;
import tools.jackson.databind.JsonNode;

/** Money over HTTP: calls to a provider that tells its usage, what their callers are told, and the budgets. */
class BudgetsTest {

    /** 12 tokens sent, of which 3 were cached, and 5 generated: 9 × 3 + 3 × 1 + 5 × 10 millionths. */
    private static final String COST_OF_ONE = "0.00008";

    private LocalProvider provider;
    private ConfigurableApplicationContext application;
    private Http http;

    @BeforeEach
    void start() {
        start(Reply.chat(), "USD");
    }

    private void start(Reply reply, String currency) {
        provider = new LocalProvider(reply);
        application = SpringApplication.run(
                Application.class,
                "--service-breaker.cost.currency=" + currency,
                "--server.port=0",
                "--provider=" + provider.url(),
                "--management.endpoints.web.exposure.include=circuitbreakers",
                "--service-breaker.services.openai.endpoint-patterns=" + provider.url() + "/**",
                "--service-breaker.services.cache.provider=cache",
                "--service-breaker.services.free.coordinate-with-cost-breaker=false",
                "--service-breaker.cost.budgets.daily=0.0001",
                "--service-breaker.cost.budgets.services.openai.monthly=3",
                "--service-breaker.cost.prices.[gpt-5-mini*].input=3",
                "--service-breaker.cost.prices.[gpt-5-mini*].cached-input=1",
                "--service-breaker.cost.prices.[gpt-5-mini*].output=10",
                "--service-breaker.cost.prices.openai.per-request=0.00005");
        http = new Http(application.getEnvironment().getRequiredProperty("local.server.port", int.class), "");
    }

    @AfterEach
    void stop() {
        application.close();
        provider.close();
    }

    @Test
    void spendsExactlyWhatTheAnswersUsageCosts() {
        assertThat(http.get("/ask").status()).isEqualTo(200);

        JsonNode daily = budgets().path("daily");

        assertThat(daily.path("spent").decimalValue()).isEqualByComparingTo(COST_OF_ONE);
        assertThat(daily.path("remaining").decimalValue()).isEqualByComparingTo("0.00002");
        assertThat(daily.path("reserved").decimalValue()).isZero();
    }

    @Test
    void refusesWithAProblemUntilThePeriodEndsAndThenNoLonger() {
        http.get("/ask");

        Answer refusal = http.get("/ask");

        assertThat(refusal.status()).isEqualTo(429);
        assertThat(refusal.json().path("reason").asString()).isEqualTo("COST_BUDGET");
        assertThat(refusal.json().path("scope").asString()).isEqualTo("BUDGET");
        Duration left = Duration.between(now(), Instant.parse("2026-03-02T00:00:00Z"));
        assertThat(refusal.header("Retry-After")).hasValue(Long.toString(left.toSeconds()));
        assertThat(provider.received()).hasSize(1);
        application.getBean(FakeTime.class).advance(left);
        assertThat(http.get("/ask").status()).isEqualTo(200);
        assertThat(breaker("openai").path("state").asString()).isEqualTo("CLOSED");
        assertThat(breaker("openai").path("failedCalls").asInt()).isZero();
    }

    @Test
    void showsTheBudgetsInAllTheirFields() {
        http.get("/ask");

        JsonNode budgets = budgets();

        assertThat(budgets.path("currency").asString()).isEqualTo("USD");
        assertThat(budgets.path("daily").propertyNames())
                .containsExactly(
                        "limit",
                        "spent",
                        "reserved",
                        "remaining",
                        "endsAt",
                        "projected",
                        "projectedLow",
                        "projectedHigh",
                        "spentPerHour");
        assertThat(budgets.path("daily").path("projectedLow").isNull()).isTrue();
        assertThat(budgets.path("daily").path("spentPerHour").isNull()).isTrue();
        assertThat(budgets.path("daily").path("limit").decimalValue()).isEqualByComparingTo("0.0001");
        assertThat(budgets.path("daily").path("endsAt").asString()).isEqualTo("2026-03-02T00:00:00Z");
        assertThat(budgets.path("monthly").path("limit").isNull()).isTrue();
        assertThat(budgets.path("monthly").path("remaining").isNull()).isTrue();
        assertThat(budgets.path("monthly").path("endsAt").asString()).isEqualTo("2026-04-01T00:00:00Z");
        assertThat(budgets.path("services").propertyNames()).containsExactlyInAnyOrder("openai", "cache");
        JsonNode monthly = budgets.path("services").path("openai").path("monthly");
        assertThat(monthly.path("limit").decimalValue()).isEqualByComparingTo("3");
        assertThat(monthly.path("remaining").decimalValue()).isEqualByComparingTo("2.99992");
        assertThat(root().path("budgets")).isEqualTo(budgets);
    }

    @Test
    void projectsWhatWillHaveBeenSpentByTheEnd() {
        application.getBean(FakeTime.class).advance(Duration.between(now(), Instant.parse("2026-03-01T18:00:00Z")));
        http.get("/ask");

        JsonNode budgets = budgets();

        assertThat(budgets.path("daily").path("projected").decimalValue()).isEqualByComparingTo("0.000106667");
        application.getBean(FakeTime.class).advance(Duration.ofHours(6).plusMinutes(10));
        assertThat(budgets().path("daily").path("projected").isNull()).isTrue();
        assertThat(budgets().path("monthly").path("projected").isNumber()).isTrue();
    }

    @Test
    void showsWhatEachServiceHasCostAndSaved() {
        http.get("/ask");
        http.get("/ask");

        JsonNode cost = breaker("openai").path("cost");

        assertThat(cost.path("currency").asString()).isEqualTo("USD");
        assertThat(cost.path("spentToday").decimalValue()).isEqualByComparingTo(COST_OF_ONE);
        assertThat(cost.path("spentThisMonth").decimalValue()).isEqualByComparingTo(COST_OF_ONE);
        assertThat(cost.path("saved").decimalValue()).isPositive();
        assertThat(cost.path("reserved").decimalValue()).isZero();
        assertThat(cost.path("wasted").decimalValue()).isZero();
        assertThat(breaker("free").has("cost")).isFalse();
    }

    @Test
    void showsWhatIsReservedAndWhatWasWasted() {
        OngoingCall call = begin();
        assertThat(breaker("openai").path("cost").path("reserved").decimalValue())
                .isEqualByComparingTo("0.00005");

        call.failed(new IOException("cut"), CallReport.EMPTY.model("gpt-5-mini").usage(new Usage(0, 4, 0)));

        assertThat(breaker("openai").path("cost").path("wasted").decimalValue()).isEqualByComparingTo("0.00004");
    }

    @Test
    void showsWhatEachModelAndOperationHasCostAndHowWellThatWasExpected() {
        CallRequest request = CallRequest.to("openai").model("gpt-5-mini").estimatedTokens(0, 3);
        end(request.operation("chat"), new Usage(0, 4, 0));
        end(request.operation("title"), new Usage(1, 1, 0));
        end(CallRequest.to("openai"), new Usage(0, 0, 0));

        JsonNode models = breaker("openai").path("cost").path("models");

        assertThat(models.propertyNames()).containsExactly("gpt-5-mini", "(none)");
        JsonNode model = models.path("gpt-5-mini");
        assertThat(model.path("calls").asInt()).isEqualTo(2);
        assertThat(model.path("inputTokens").asInt()).isEqualTo(1);
        assertThat(model.path("outputTokens").asInt()).isEqualTo(5);
        assertThat(model.path("spent").decimalValue()).isEqualByComparingTo("0.000053");
        assertThat(model.path("estimated").decimalValue()).isEqualByComparingTo("0.00006");
        assertThat(model.path("estimateError").asDouble()).isEqualTo(0.509); // (10 + 17) / 53
        assertThat(model.path("operations").propertyNames()).containsExactly("chat", "title");
        JsonNode chat = model.path("operations").path("chat");
        assertThat(chat.path("calls").asInt()).isEqualTo(1);
        assertThat(chat.path("spent").decimalValue()).isEqualByComparingTo("0.00004");
        assertThat(chat.path("estimateError").asDouble()).isEqualTo(0.25);
        assertThat(chat.path("method").asString()).isEqualTo("TOKENS");
        assertThat(chat.path("confidence").asDouble()).isEqualTo(0.9);
        JsonNode unnamed = models.path("(none)").path("operations").path("(none)");
        assertThat(unnamed.path("spent").decimalValue()).isEqualByComparingTo("0.00005");
        assertThat(unnamed.path("estimateError").asDouble()).isZero();
        assertThat(root().path("circuitBreakers").path("openai").path("cost").has("models"))
                .isFalse();
    }

    private void end(CallRequest request, Usage usage) {
        OngoingCall call = application.getBean(CallOrchestrator.class).begin(request);
        call.succeeded(CallReport.EMPTY.usage(usage));
        application.getBean(FakeTime.class).advance(Duration.ofDays(1));
    }

    @ParameterizedTest
    @CsvSource({"USD, 0.25", "EUR, 0.00005"})
    void takesTheCostThatAProviderNamesOnlyInItsOwnCurrency(String currency, String spent) {
        stop();
        String body = "{\"model\":\"sonar\",\"choices\":[],\"usage\":{\"cost\":{\"total_cost\":0.25}}}";
        start(new Reply(200, Map.of("Content-Type", "application/json"), body, false), currency);

        http.get("/ask");

        assertThat(budgets().path("currency").asString()).isEqualTo(currency);
        assertThat(budgets().path("daily").path("spent").decimalValue()).isEqualByComparingTo(spent);
    }

    @Test
    void countsMoneyInMeters() {
        MeterRegistry registry = application.getBean(MeterRegistry.class);
        http.get("/ask");
        http.get("/ask");

        assertThat(count(registry, "circuit.breaker.cost")).isEqualTo(0.00008);
        assertThat(count(registry, "circuit.breaker.cost.saved")).isPositive();
        assertThat(used(registry, "*", "daily")).isEqualTo(0.8);
        assertThat(used(registry, "openai", "monthly")).isEqualTo(0.00008 / 3);
        assertThat(registry.find("circuit.breaker.budget.used").gauges()).hasSize(2);
    }

    private static double count(MeterRegistry registry, String name) {
        return registry.get(name).tag("service", "openai").functionCounter().count();
    }

    private static double used(MeterRegistry registry, String service, String period) {
        return registry.get("circuit.breaker.budget.used")
                .tags("service", service, "period", period)
                .gauge()
                .value();
    }

    private OngoingCall begin() {
        return application.getBean(CallOrchestrator.class).begin(CallRequest.to("openai"));
    }

    private Instant now() {
        return application.getBean(FakeTime.class).now();
    }

    private JsonNode root() {
        return http.get("/actuator/circuitbreakers").json();
    }

    private JsonNode budgets() {
        return http.get("/actuator/circuitbreakers/budgets").json();
    }

    private JsonNode breaker(String service) {
        return http.get("/actuator/circuitbreakers/" + service).json();
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
        Asking asking(RestClient.Builder clients, Environment environment) {
            return new Asking(
                    clients.baseUrl(environment.getRequiredProperty("provider")).build());
        }
    }

    @RestController
    static class Asking {

        private final RestClient client;

        Asking(RestClient client) {
            this.client = client;
        }

        @GetMapping("/ask")
        String ask() {
            return String.valueOf(client.post()
                    .uri("/v1/chat/completions")
                    .body("{}")
                    .retrieve()
                    .body(String.class));
        }
    }
}
