package io.servicebreaker.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.adaptive.CallMinute;
import io.servicebreaker.adaptive.HistoryStore;
import io.servicebreaker.adaptive.Latencies;
import io.servicebreaker.adaptive.ThresholdAdjuster;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.time.FakeTime;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;

/** What became of calls, and what could be better, over HTTP. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class InsightsTest {

    /** After which recommendations are looked at again. */
    private static final Duration ADVICE = Duration.ofMinutes(15);

    /** After which the whole history is: the job may have looked at it before anything was in it. */
    private static final Duration TWO_DAYS = Duration.ofDays(2);

    private static final Duration LATE = Duration.ofDays(1);

    /** One for all tests, as it takes seconds to start. */
    private static ConfigurableApplicationContext application;

    private static Http http;
    private static FakeTime time;
    private static ThresholdAdjuster adjuster;
    private static Application.Kept history;
    private Instant now;

    @BeforeAll
    static void start() {
        application = SpringApplication.run(
                Application.class,
                "--server.port=0",
                "--spring.autoconfigure.exclude=io.github.resilience4j.springboot.circuitbreaker.autoconfigure.CircuitBreakerAutoConfiguration",
                "--management.endpoints.web.exposure.include=*",
                "--service-breaker.services.anthropic.provider=generic",
                "--service-breaker.services.openai.provider=generic",
                "--service-breaker.services.cache.adaptive-thresholds=false");
        int port = application.getEnvironment().getRequiredProperty("local.server.port", int.class);
        http = new Http(port, "/actuator/circuitbreakers");
        time = application.getBean(FakeTime.class);
        adjuster = application.getBean(ThresholdAdjuster.class);
        history = application.getBean(Application.Kept.class);
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    /** Long after all that another test has learned. */
    @BeforeEach
    void forget() {
        history.forget(time);
        time.advance(Duration.ofDays(40));
        now = time.now().truncatedTo(ChronoUnit.MINUTES);
        while (!recommendations().isEmpty()) {
            adjuster.look();
        }
    }

    private static JsonNode recommendations() {
        return http.get("/insights").json().path("recommendations");
    }

    @Test
    void knowsOfNoCallsBeforeThereWereAny() {
        JsonNode insights = http.get("/insights").json();

        assertThat(insights.propertyNames())
                .containsExactlyInAnyOrder(
                        "timestamp", "timeWindowHours", "breakerInsights", "systemInsights", "recommendations");
        assertThat(insights.path("timeWindowHours").asInt()).isEqualTo(1);
        assertThat(insights.path("recommendations").isArray()).isTrue();
        assertThat(insights.path("recommendations")).isEmpty();
        JsonNode openai = insights.path("breakerInsights").path("openai");
        assertThat(openai.path("calls").asInt(-1)).isZero();
        assertThat(openai.path("availability").isNull()).isTrue();
        assertThat(openai.path("worstMinute").isNull()).isTrue();
        assertThat(insights.path("systemInsights").path("called").asInt(-1)).isZero();
    }

    @Test
    void addsUpWhatBecameOfTheCallsOfEachServiceAndOfAll() {
        history.append(List.of(
                minute("openai", 20, 90, 10, 0),
                minute("openai", 10, 50, 20, 30),
                minute("cache", 10, 100, 0, 0),
                minute("openai", 90, 1000, 0, 0)));

        JsonNode insights = http.get("/insights?hours=1").json();

        JsonNode openai = insights.path("breakerInsights").path("openai");
        assertThat(openai.path("calls").asInt()).isEqualTo(170);
        assertThat(openai.path("succeeded").asInt()).isEqualTo(140);
        assertThat(openai.path("failed").asInt()).isEqualTo(30);
        assertThat(openai.path("failures").path("TIMEOUT").asInt()).isEqualTo(30);
        assertThat(openai.path("ignored").path("RATE_LIMIT").asInt()).isEqualTo(2);
        assertThat(openai.path("refused").asInt()).isEqualTo(30);
        assertThat(openai.path("availability").asDouble()).isEqualTo(0.7);
        assertThat(openai.path("openings").asInt()).isEqualTo(1);
        assertThat(openai.path("notClosedSeconds").asDouble()).isEqualTo(25);
        assertThat(openai.path("probes").asInt()).isEqualTo(3);
        assertThat(openai.path("failedProbes").asInt()).isEqualTo(1);
        assertThat(openai.path("cost").decimalValue()).isEqualByComparingTo("0.5");
        JsonNode worst = openai.path("worstMinute");
        assertThat(worst.path("start").asString())
                .isEqualTo(now.minus(Duration.ofMinutes(10)).toString());
        assertThat(worst.path("availability").asDouble()).isEqualTo(0.5);
        JsonNode system = insights.path("systemInsights");
        assertThat(system.path("services").asInt()).isEqualTo(3);
        assertThat(system.path("called").asInt()).isEqualTo(2);
        assertThat(system.path("currency").asString()).isEqualTo("USD");
        assertThat(system.path("total").path("calls").asInt()).isEqualTo(270);
        assertThat(system.path("total").path("worstMinute").path("service").asString())
                .isEqualTo("openai");
    }

    @Test
    void addsUpWholeHoursWhereThereAreMany() {
        history.append(List.of(minute("openai", 60 * 40, 90, 10, 0), minute("openai", 10, 50, 20, 30)));

        JsonNode openai =
                http.get("/insights?hours=48").json().path("breakerInsights").path("openai");

        assertThat(openai.path("calls").asInt()).isEqualTo(170);
        assertThat(openai.path("worstMinute").isNull()).isTrue();
    }

    @Test
    void recommendsWhatWouldHaveBeenBetter() {
        JsonNode found = recommendationsAfter("openai");

        JsonNode recovery = recommendation(found, "recovery-timeout");
        assertThat(recovery.path("service").asString()).isEqualTo("openai");
        assertThat(recovery.path("currentValue").asString()).isEqualTo("60s");
        assertThat(recovery.path("recommendedValue").asString()).isEqualTo("42s");
        assertThat(recovery.path("confidence").asDouble()).isBetween(0.9, 1.0);
        assertThat(recovery.path("avoidedRefusals").asDouble()).isPositive();
        assertThat(recovery.path("dataQuality").asDouble()).isBetween(0.1, 1.0);
        assertThat(recovery.path("reasoning").asString()).startsWith("recovery-timeout 42s instead of 60s");
        JsonNode failures = recommendation(found, "failure-threshold");
        assertThat(failures.path("currentValue").isNumber()).isTrue();
        assertThat(failures.path("currentValue").asInt()).isEqualTo(5);
        assertThat(failures.path("recommendedValue").asInt()).isEqualTo(6);
    }

    @Test
    void recommendsNothingWhereThresholdsAreNotToBeLearned() {
        learn("cache");

        assertThat(recommendationsAfter("openai"))
                .extracting(each -> each.path("service").asString())
                .containsOnly("openai");
    }

    @Test
    void answersWhatIsKnownWhileTheHistoryOfAServiceCannotBeRead() {
        JsonNode known = recommendationsAfter("openai");

        history.unreadable = "openai";
        time.advance(ADVICE);
        adjuster.look();
        now = time.now().truncatedTo(ChronoUnit.MINUTES);
        history.append(List.of(minute("cache", 10, 100, 0, 0)));
        JsonNode insights = http.get("/insights?hours=24").json();

        assertThat(insights.path("breakerInsights").path("openai").isNull()).isTrue();
        assertThat(insights.path("breakerInsights").path("cache").path("calls").asInt())
                .isEqualTo(100);
        assertThat(insights.path("systemInsights").path("total").path("calls").asInt())
                .isEqualTo(100);
        assertThat(insights.path("systemInsights").path("called").asInt()).isEqualTo(1);
        assertThat(insights.path("recommendations")).isEqualTo(known);
    }

    @Test
    void learnsOfOneServiceAlsoWhileTheHistoryOfAnotherCannotBeRead() {
        history.unreadable = "anthropic";

        assertThat(recommendationsAfter("openai")).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "721"})
    void refusesATimeWithoutHistory(String hours) {
        Http.Answer answer = http.get("/insights?hours=" + hours);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().path("error").asString()).isEqualTo("hours is " + hours);
        assertThat(answer.json().path("allowed").toString()).isEqualTo("[\"1 to 720\"]");
    }

    @Test
    void refusesWhatIsNoNumber() {
        assertThat(http.get("/insights?hours=day").status()).isEqualTo(400);
    }

    /** The job may be at it at the same time, and then it is there a moment later. */
    private JsonNode recommendationsAfter(String service) {
        now = now.plus(TWO_DAYS); // whoever looks meanwhile has read all that is over
        learn(service);
        time.advance(TWO_DAYS.plus(LATE));
        JsonNode found;
        do {
            adjuster.look();
            found = recommendations();
        } while (found.isEmpty());
        return found;
    }

    /** Runs of five failures that end by themselves, each in an otherwise healthy minute. */
    private void learn(String service) {
        for (int trouble = 1; trouble <= 20; trouble++) {
            for (int i = 0; i < 30; i++) {
                int ago = 120 * trouble - i;
                history.append(List.of(minute(service, ago, i == 10 ? 55 : 60, i == 10 ? 5 : 0, 0)));
            }
        }
    }

    private static JsonNode recommendation(JsonNode all, String parameter) {
        return all.valueStream()
                .filter(each -> each.path("parameter").asString().equals(parameter))
                .findFirst()
                .orElseThrow();
    }

    private CallMinute minute(String service, int ago, long good, long failed, long refused) {
        return new CallMinute(
                service,
                "",
                now.minus(Duration.ofMinutes(ago)),
                seconds(1, good),
                failed == 0 ? Map.of() : Map.of(FailureCause.TIMEOUT, failed),
                seconds(3, failed),
                failed == 0 ? Map.of() : Map.of(FailureCause.RATE_LIMIT, 1L),
                (int) failed,
                refused,
                refused == 0 ? 0 : 1,
                refused == 0 ? 0 : 25,
                refused == 0 ? 0 : 3,
                refused == 0 ? 0 : 1,
                failed == 0 ? BigDecimal.ZERO : new BigDecimal("0.25"));
    }

    private static Latencies seconds(long each, long calls) {
        long[] counts = new long[Latencies.BUCKETS];
        counts[Latencies.bucket(Duration.ofSeconds(each).toNanos())] = calls;
        return new Latencies(counts);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        @Bean
        FakeTime time() {
            return new FakeTime();
        }

        @Bean
        Kept history(FakeTime time) {
            return new Kept(time);
        }

        /** Cannot be read where a test wants that. */
        static final class Kept implements HistoryStore {

            private volatile HistoryStore memory;
            private volatile String unreadable = "";

            Kept(FakeTime time) {
                forget(time);
            }

            void forget(FakeTime time) {
                memory = HistoryStore.inMemory(Duration.ofDays(30), time);
                unreadable = "";
            }

            @Override
            public void append(List<CallMinute> minutes) {
                memory.append(minutes);
            }

            @Override
            public void read(String service, Instant since, Consumer<CallMinute> reader) {
                mustBeReadable(service);
                memory.read(service, since, reader);
            }

            @Override
            public void readHours(String service, Instant since, Consumer<CallMinute> reader) {
                mustBeReadable(service);
                memory.readHours(service, since, reader);
            }

            private void mustBeReadable(String service) {
                if (service.equals(unreadable)) {
                    throw new IllegalStateException("the store is down");
                }
            }
        }
    }
}
