package io.servicebreaker.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;

/** What people read when the configuration is wrong. */
@ExtendWith(OutputCaptureExtension.class)
class StartUpErrorsTest {

    @Test
    void suggestsTheNearestKeyOfAService(CapturedOutput output) {
        failWith("service-breaker.services.openai.failure-treshold=3");

        assertThat(output)
                .contains("service-breaker.services.openai.failure-treshold = 3 (from")
                .contains("is not a property of ServiceBreaker")
                .contains("Did you mean service-breaker.services.openai.failure-threshold?")
                .contains(
                        "Known under service-breaker.services.openai are: adaptive-thresholds, approaching-limit-floor,"
                                + " authentication-failure-escalation, backends, cascade-to-fallback,"
                                + " coordinate-with-cost-breaker, criticality, depends-on, endpoint-patterns, error-rate-threshold, failure-threshold,");
    }

    @Test
    void suggestsTheNearestKeyOfTheDefaults(CapturedOutput output) {
        failWith("service-breaker.defaults.windows=3s");

        assertThat(output).contains("Did you mean service-breaker.defaults.window?");
    }

    @Test
    void suggestsTheNearestKeyAtTheTop(CapturedOutput output) {
        failWith("service-breaker.servces.openai.window=3s");

        assertThat(output).contains("Did you mean service-breaker.services?");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "service-breaker.observability.dashboard=true",
                "service-breaker.store.encryption-key=secret",
                "service-breaker.integration.spring-cloud-circuitbreaker=true",
                "service-breaker.integration.resilience4j-metrics=true"
            })
    void saysWhichKeysAreNotSupportedYet(String property, CapturedOutput output) {
        failWith(property);

        assertThat(output).contains("is not supported by this version").contains("nothing would read it");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "services.openai.failure-threshold=0|1 to 65535",
                "defaults.failure-threshold=0|1 to 65535",
                "services.openai.error-rate-threshold=1.5|above 0 and at most 1",
                "services.openai.slow-call-rate-threshold=0|above 0 and at most 1",
                "services.openai.slow-call-duration-threshold=0s|PT0.000000001S to",
                "services.openai.minimum-calls=-1|at least 1",
                "defaults.window=2h|PT1S to PT1H",
                "services.openai.timeout-threshold=0s|PT0.000000001S to",
                "services.openai.recovery-timeout=-1s|PT0.000000001S to",
                "services.openai.recovery-backoff-multiplier=0.5|1 to 100",
                "services.openai.max-recovery-timeout=10s|at least recovery-timeout, which is PT1M",
                "services.openai.recovery-jitter=2|0 to 1",
                "services.openai.half-open-max-requests=0|1 to 1000",
                "services.openai.probe-timeout=0s|PT0.000000001S to",
                "services.openai.recovery-ramp=-1s|PT0S to",
                "services.openai.approaching-limit-floor=-1|0 or more",
                "defaults.approaching-limit-floor=-1|0 or more",
                "services.openai.max-concurrent-calls=-1|at least 0",
                "services.openai.stream.first-token-timeout=0s|above 0 and at most PT24H",
                "defaults.stream.stall-timeout=-1s|above 0 and at most PT24H",
                "profiles.chatty.settings.stream.stall-timeout=2d|above 0 and at most PT24H",
                "profiles.chatty.settings.stream.first-token-timeout=31s|at most timeout-threshold, which is PT30S",
                "services.openai.criticality=0|above 0 and at most 100",
                "system.health-threshold=1.1|0 to 1",
                "system.cascade-failure-threshold=1|at least 2",
                "system.emergency-recovery-timeout=0s|above 0s, at most 24h",
                "system.resource-exhaustion-threshold=0|above 0 and at most 1",
                "coordination.cascade-delay=-1s|0s to 24h",
                "coordination.max-cascade-depth=21|1 to 20",
                "coordination.degradation-steps=0.3,0.2,0.7,0.9|four rising numbers above 0 and at most 1",
                "coordination.degradation-steps=0.3,0.5|four rising numbers above 0 and at most 1",
                "coordination.sync-interval=0s|above 0s, at most 24h",
                "coordination.coordination-timeout=1s|above sync-interval, which is PT1S, and at most 24h",
                "adaptive.learning-window=59m|1h to 365d",
                "adaptive.learning-window=366d|1h to 365d",
                "adaptive.min-data-points=0|at least 1",
                "adaptive.max-adjustment=1|above 0 and below 1",
                "adaptive.adjustment-cooldown=59s|at least 1m",
                "adaptive.confidence-threshold=1.1|0 to 1",
                "adaptive.real-time-sensitivity=0|above 0 and at most 1",
                "ladder.max-depth=0|1 to 100",
                "ladder.decisions-kept=59m|1h or more",
                "system.max-concurrent-recovery-attempts=0|at least 1"
            })
    void namesAValueOutOfRangeWithItsRange(String property, String range, CapturedOutput output) {
        failWith("service-breaker." + property);

        String name = property.substring(0, property.indexOf('='));
        assertThat(output)
                .contains("service-breaker." + name + " = ")
                .contains("(from \"service-breaker." + name + "\" from property source")
                .contains("is out of range: allowed is " + range)
                .contains("Action:");
    }

    @ParameterizedTest
    @ValueSource(strings = {"operator-role", "emergency-role"})
    void asksForTheNameOfARole(String key, CapturedOutput output) {
        failWith("service-breaker.security." + key + "= ");

        assertThat(output)
                .contains("service-breaker.security." + key)
                .contains("is no role")
                .contains("Name one");
    }

    @Test
    void knowsTheKeysOfSecurity(CapturedOutput output) {
        failWith("service-breaker.security.operators-role=x");

        assertThat(output)
                .contains("Did you mean service-breaker.security.operator-role?")
                .contains("are: emergency-role, operator-role.");
    }

    @Test
    void knowsTheKeysOfIntegration(CapturedOutput output) {
        failWith("service-breaker.integration.loadbalancers=true");

        assertThat(output).contains("Did you mean service-breaker.integration.load-balancer?");
    }

    @Test
    void knowsTheKeysOfLearning(CapturedOutput output) {
        failWith("service-breaker.adaptive.learn-window=1d");

        assertThat(output).contains("Did you mean service-breaker.adaptive.learning-window?");
    }

    @Test
    void wantsTheLoadBalancerThatItIsToWorkWith() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(ServiceBreakerAutoConfiguration.class))
                .withClassLoader(new FilteredClassLoader("org.springframework.cloud"))
                .withPropertyValues("service-breaker.integration.load-balancer=true")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(InvalidPropertyException.class)
                        .hasMessageContaining("service-breaker.integration.load-balancer")
                        .hasMessageContaining("needs Spring Cloud LoadBalancer, which is not on the class path"));
    }

    @Test
    void blamesTheDefaultsForAValueThatAServiceInherits(CapturedOutput output) {
        failWith("service-breaker.defaults.recovery-jitter=7", "service-breaker.services.openai.window=5s");

        assertThat(output).contains("service-breaker.defaults.recovery-jitter = 7.0 (from");
    }

    @Test
    void namesAContradictionWithADefault(CapturedOutput output) {
        failWith("service-breaker.services.openai.recovery-timeout=20m");

        assertThat(output)
                .contains("service-breaker.services.openai.max-recovery-timeout = PT10M is out of range")
                .contains("at least recovery-timeout, which is PT20M")
                .contains("it has its default now");
    }

    @Test
    void wantsALeaseForProbesThatOutlastsAnyAnswer(CapturedOutput output) {
        failWith("service-breaker.services.openai.probe-timeout=10s");

        assertThat(output)
                .contains("service-breaker.services.openai.probe-timeout = PT10S (from")
                .contains("is out of range: allowed is at least timeout-threshold, which is PT30S");
    }

    @Test
    void namesTheServiceThatADefaultDoesNotSuit(CapturedOutput output) {
        failWith("service-breaker.defaults.probe-timeout=1m", "service-breaker.services.lightrag.window=5s");

        assertThat(output)
                .contains("service-breaker.defaults.probe-timeout = PT1M (from")
                .contains("at least timeout-threshold, which is PT2M30S for service-breaker.services.lightrag");
    }

    @Test
    void suggestsTheNearestKeyOfAGroup(CapturedOutput output) {
        failWith("service-breaker.services.openai.stream.stal-timeout=3s");

        assertThat(output)
                .contains("Did you mean service-breaker.services.openai.stream.stall-timeout? Known under"
                        + " service-breaker.services.openai.stream are: first-token-timeout, stall-timeout.");
    }

    @Test
    void refusesToWaitForAFirstTokenThatWouldCountAsTimedOut(CapturedOutput output) {
        failWith("service-breaker.services.openai.stream.first-token-timeout=90s");

        assertThat(output)
                .contains("service-breaker.services.openai.stream.first-token-timeout = PT1M30S (from")
                .contains("is out of range: allowed is at most timeout-threshold, which is PT30S");
    }

    @Test
    void namesTheServiceThatADefaultOfStreamsDoesNotSuit(CapturedOutput output) {
        failWith(
                "service-breaker.defaults.stream.first-token-timeout=1m",
                "service-breaker.services.lightrag.window=5s",
                "service-breaker.services.openai.window=5s");

        assertThat(output)
                .contains("service-breaker.defaults.stream.first-token-timeout = PT1M (from")
                .contains("at most timeout-threshold, which is PT30S for service-breaker.services.openai");
    }

    @Test
    void comparesTheDefaultsOfStreamsWithThoseOfAnswers(CapturedOutput output) {
        failWith(
                "service-breaker.defaults.stream.first-token-timeout=1m",
                "service-breaker.defaults.timeout-threshold=20s");

        assertThat(output)
                .contains("service-breaker.defaults.stream.first-token-timeout = PT1M (from")
                .contains("allowed is at most timeout-threshold, which is PT20S");
    }

    @ParameterizedTest
    @ValueSource(strings = {"services.openai.", "defaults."})
    void refusesCallsThatTimeOutBeforeTheyAreSlow(String path, CapturedOutput output) {
        failWith(
                "service-breaker." + path + "timeout-threshold=10s",
                "service-breaker." + path + "slow-call-duration-threshold=10s");

        assertThat(output)
                .contains("service-breaker." + path + "slow-call-duration-threshold = PT10S (from")
                .contains("is out of range: allowed is below timeout-threshold, which is PT10S");
    }

    @Test
    void namesAContradictionBetweenDefaults(CapturedOutput output) {
        failWith("service-breaker.defaults.recovery-timeout=20m", "service-breaker.defaults.max-recovery-timeout=10m");

        assertThat(output)
                .contains("service-breaker.defaults.max-recovery-timeout = PT10M (from")
                .contains("allowed is at least recovery-timeout, which is PT20M");
    }

    @ParameterizedTest
    @ValueSource(strings = {"services.openai.provider", "defaults.provider"})
    void listsTheKnownProviders(String key, CapturedOutput output) {
        failWith("service-breaker." + key + "=openapi");

        assertThat(output)
                .contains("service-breaker." + key + " = openapi (from")
                .contains("openai, azure-openai, anthropic, perplexity, lightrag, cache, generic");
    }

    @Test
    void namesAnExceptionClassThatDoesNotExist(CapturedOutput output) {
        failWith("service-breaker.services.openai.ignore-exceptions=java.io.IOException,com.example.Gone");

        assertThat(output)
                .contains("service-breaker.services.openai.ignore-exceptions[1] = com.example.Gone")
                .contains("names a class that does not exist");
    }

    @Test
    void namesAClassThatIsNoException(CapturedOutput output) {
        failWith("service-breaker.defaults.record-exceptions[0]=java.lang.String");

        assertThat(output)
                .contains("service-breaker.defaults.record-exceptions[0] = java.lang.String (from")
                .contains("names a class that is no Throwable");
    }

    @ParameterizedTest
    @ValueSource(strings = {"insights", "budgets", "events", "adjustments", "correlations", "decisions", "emergency"})
    void refusesAServiceNamedLikeAnAddressOfTheEndpoint(String name, CapturedOutput output) {
        failWith("service-breaker.services." + name + ".window=5s");

        assertThat(output)
                .contains("service-breaker.services." + name + " has a name that the endpoint uses for itself");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a/b", "ä", ".."})
    void refusesAServiceNameThatDoesNotFitIntoAnAddress(String name, CapturedOutput output) {
        failWith("service-breaker.services[" + name + "].window=5s");

        assertThat(output).contains("has a name that does not fit into an address");
    }

    @Test
    void saysThatAServiceIsNotAValue(CapturedOutput output) {
        failWith("service-breaker.services.openai=on");

        assertThat(output).contains("service-breaker.services.openai").contains("a service has keys");
    }

    @Test
    void saysWhatAnEndpointPatternLooksLike(CapturedOutput output) {
        failWith("service-breaker.services.openai.endpoint-patterns=api.openai.com");

        assertThat(output)
                .contains("service-breaker.services.openai.endpoint-patterns = api.openai.com (from")
                .contains("is not a pattern of addresses")
                .contains("https://api.openai.com/**");
    }

    @Test
    void refusesOneAddressForTwoServices(CapturedOutput output) {
        failWith(
                "service-breaker.services.openai.endpoint-patterns=https://api.openai.com/**",
                "service-breaker.services.images.endpoint-patterns=https://api.openai.com:443/**");

        assertThat(output)
                .containsPattern("services\\.(openai|images)\\.endpoint-patterns = https://api.openai.com:443/\\*\\*")
                .containsPattern("belongs to (openai|images) already");
    }

    @Test
    void refusesTheSameAddressesForAllServices(CapturedOutput output) {
        failWith("service-breaker.defaults.endpoint-patterns=https://api.openai.com/**");

        assertThat(output)
                .contains("service-breaker.defaults.endpoint-patterns")
                .contains("Set it for each service.");
    }

    @Test
    void namesTheModelWhoseSettingIsOutOfRange(CapturedOutput output) {
        failWith("service-breaker.services.openai.models.small.failure-threshold=0");

        assertThat(output)
                .contains("service-breaker.services.openai.models.small.failure-threshold = 0 (from")
                .contains("is out of range: allowed is 1 to 65535");
    }

    @Test
    void correctsAMisspeltKeyOfAModel(CapturedOutput output) {
        failWith("service-breaker.services.openai.models.small.failure-treshold=3");

        assertThat(output).contains("Did you mean service-breaker.services.openai.models.small.failure-threshold?");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "currency=dollars|is not the ISO code of a currency|Use a code such as USD or EUR.",
                "zone=Europe/Berlim|is not a time zone|Did you mean Europe/Berlin?",
                "budgets.daily=-1|is out of range: allowed is 0 to|remove it for no limit",
                "budgets.monthly=1e300|is out of range: allowed is 0 to|remove it for no limit",
                "budgets.services.openai.monthly=-0.01|is out of range: allowed is 0 to|remove it for no limit",
                "prices-as-of=yesterday|is not a day|Use a day such as 2026-11-25.",
                "prices.mine.input=-1|is negative|for a million tokens",
                "prices.mine.output=3001|is more than 3000|for a million tokens",
                "prices.mine.cached-input=0.00000015|as if meant for a single one|for a million tokens",
                "prices.mine.output=0.0006|a million would then cost 600|for a million tokens",
                "prices.mine.per-request=1001|is more than 1000|for one request",
                "prices.mine.per-search=-2|is negative|for one request"
            })
    void namesAnAmountOrAPlaceThatCannotBeMeant(String property, String problem, String fix, CapturedOutput output) {
        failWith("service-breaker.cost." + property, "service-breaker.services.openai.window=5s");

        String name = property.substring(0, property.indexOf('='));
        assertThat(output)
                .contains("service-breaker.cost." + name + " = ")
                .contains("(from \"service-breaker.cost." + name + "\" from property source")
                .contains(problem)
                .contains(fix);
    }

    @Test
    void namesAPriceOfAProfileThatCannotBeMeant(CapturedOutput output) {
        failWith("service-breaker.profiles.mine.prices.small.input=-1");

        assertThat(output)
                .contains("service-breaker.profiles.mine.prices.small.input = -1 (from")
                .contains("is negative");
    }

    @Test
    void refusesAMonthInWhichADaysBudgetCouldNeverBeSpent(CapturedOutput output) {
        failWith("service-breaker.cost.budgets.daily=10", "service-breaker.cost.budgets.monthly=9.5");

        assertThat(output)
                .contains("service-breaker.cost.budgets.monthly = 9.5 (from")
                .contains("is below service-breaker.cost.budgets.daily, which is 10 and could never be spent");
    }

    @Test
    void suggestsTheNearestServiceForABudget(CapturedOutput output) {
        failWith("service-breaker.services.openai.window=5s", "service-breaker.cost.budgets.services.opnai.daily=5");

        assertThat(output)
                .contains(
                        "service-breaker.cost.budgets.services.opnai is the budget of a service that is not configured")
                .contains("Did you mean openai? Configured are: openai.");
    }

    @Test
    void refusesABudgetForAServiceThatPaysNothing(CapturedOutput output) {
        failWith(
                "service-breaker.defaults.coordinate-with-cost-breaker=false",
                "service-breaker.services.openai.window=5s",
                "service-breaker.cost.budgets.services.openai.daily=5");

        assertThat(output)
                .contains("service-breaker.cost.budgets.services.openai is the budget of a service whose"
                        + " coordinate-with-cost-breaker is false")
                .contains("set service-breaker.services.openai.coordinate-with-cost-breaker to true");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "id=' '|is blank|Give each rule an id of its own.",
                "value=-1|is negative|Set it to an amount of money",
                "value=1e12|is more than|Set it to an amount of money",
                "throttle-factor=0|is not more than 0 and at most 1|share of calls",
                "throttle-factor=1.5|is not more than 0 and at most 1|share of calls",
                "window=10ms|is not between a second and 31 days|a time in this range",
                "cooldown=-1s|is not between 0 and 31 days|a time in this range",
                "recovery-window=-1s|is not between 0 and 31 days|a time in this range",
                "recovery-threshold=6|is more than the value 5|or remove it",
                "operations[0]=' '|contains a blank name|is for all"
            })
    void namesASettingOfARuleThatCannotBeMeant(String property, String problem, String fix, CapturedOutput output) {
        failWith(rule(0, "cap", property.replace("'", "")));

        String name = property.substring(0, property.indexOf('=')).replace("[0]", "");
        assertThat(output)
                .contains("service-breaker.cost.rules[0]." + name + " = ")
                .contains(problem)
                .contains(fix);
    }

    @Test
    void refusesARuleThatThrottlesEverything(CapturedOutput output) {
        failWith(rule(0, "cap", "action=throttle", "value=0"));

        assertThat(output)
                .contains("service-breaker.cost.rules[0].value = 0 (from")
                .contains("only makes sense to block them");
    }

    @ParameterizedTest
    @ValueSource(strings = {"id", "type", "value"})
    void refusesARuleWithout(String missing, CapturedOutput output) {
        failWith(Arrays.stream(rule(0, "cap", "priority=3"))
                .filter(property -> !property.contains("." + missing + "="))
                .toArray(String[]::new));

        assertThat(output).contains("service-breaker.cost.rules[0]." + missing + " is missing");
    }

    @Test
    void refusesTwoRulesOfOneId(CapturedOutput output) {
        failWith(Stream.of(rule(0, "cap"), rule(1, "other"), rule(2, "cap"))
                .flatMap(Arrays::stream)
                .toArray(String[]::new));

        assertThat(output)
                .contains("service-breaker.cost.rules[2].id = cap (from")
                .contains("is the id of service-breaker.cost.rules[0], too");
    }

    @ParameterizedTest
    @CsvSource({"type, percentage-weekly, PERCENTAGE_DAILY", "action, shout, ALERT_ONLY"})
    void listsTheTypesAndActionsOfRules(String key, String value, String known, CapturedOutput output) {
        failWith(rule(0, "cap", key + "=" + value));

        assertThat(output)
                .contains("service-breaker.cost.rules[0]." + key)
                .contains(value)
                .contains(known);
    }

    @Test
    void correctsAMisspeltKeyOfARule(CapturedOutput output) {
        failWith(rule(0, "cap", "windw=1m"));

        assertThat(output).contains("Did you mean service-breaker.cost.rules[0].window?");
    }

    /** A rule in which settings are added or replaced. */
    private static String[] rule(int index, String id, String... settings) {
        Map<String, String> all = new LinkedHashMap<>(Map.of("id", id, "type", "absolute-daily", "value", "5"));
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            all.put(setting.substring(0, equals), setting.substring(equals + 1));
        }
        return all.entrySet().stream()
                .map(setting ->
                        "service-breaker.cost.rules[" + index + "]." + setting.getKey() + "=" + setting.getValue())
                .toArray(String[]::new);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt-*-mini", "gpt-4o-"})
    void refusesAPriceForWhatIsNotTheNameOfAModel(String name, CapturedOutput output) {
        failWith("service-breaker.cost.prices[" + name + "].input=1");

        assertThat(output)
                .contains("service-breaker.cost.prices[" + name + "] is not the name of a model")
                .contains("service-breaker.cost.prices[gpt-4o-*]");
    }

    @Test
    void correctsAMisspeltKeyOfAPrice(CapturedOutput output) {
        failWith("service-breaker.cost.prices.mine.inputs=1");

        assertThat(output).contains("Did you mean service-breaker.cost.prices.mine.input?");
    }

    @Test
    void correctsAMisspeltKeyOfABudget(CapturedOutput output) {
        failWith("service-breaker.services.openai.window=5s", "service-breaker.cost.budgets.services.openai.dayly=1");

        assertThat(output).contains("Did you mean service-breaker.cost.budgets.services.openai.daily?");
    }

    @Test
    void saysThatAnIdWithADotNeedsBrackets(CapturedOutput output) {
        failWith("service-breaker.cost.prices.gpt-4.1.input=2");

        assertThat(output).contains("written in brackets: service-breaker.cost.prices[gpt-4.1]");
    }

    @ParameterizedTest
    @CsvSource({
        "cost.prices.llama3:8b.input, cost.prices[llama3:8b], llama38b",
        "cost.prices.openai/gpt-oss.input, cost.prices[openai/gpt-oss], openaigpt-oss",
        "cost.prices.claude*.input, cost.prices[claude*], claude",
        "cost.prices.claude-*.input, cost.prices[claude-*], claude-",
        "profiles.mine.prices.claude*.input, profiles.mine.prices[claude*], claude",
        "services.openai.models.qwen@v1.failure-threshold, services.openai.models[qwen@v1], qwenv1",
        "defaults.models.qwen@v1.failure-threshold, defaults.models[qwen@v1], qwenv1",
        "profiles[my.own].settings.models.qwen@v1.failure-threshold, profiles[my.own].settings.models[qwen@v1], qwenv1"
    })
    void saysWhichIdsNeedBrackets(String key, String fix, String read, CapturedOutput output) {
        failWith("service-breaker." + key + "=2", "service-breaker.services.openai.window=5s");

        assertThat(output)
                .contains("service-breaker." + key + " is read as that of the model " + read + ".")
                .contains("Write the id in brackets: service-breaker." + fix + ", and in YAML");
    }

    @Test
    void takesIdsOfLettersDigitsAndHyphensWithoutBracketsAndAnyInThem() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(ServiceBreakerAutoConfiguration.class))
                .withInitializer(application -> application
                        .getEnvironment()
                        .getPropertySources()
                        .addFirst(new MapPropertySource(
                                "prices",
                                Map.of(
                                        "service-breaker.cost.prices.My_model-4.input", 2,
                                        "service-breaker.cost.prices[llama3:8b].input", 2,
                                        "service-breaker.cost.prices.[openai/gpt-*].input", 2))))
                .run(context -> assertThat(context.getBean(ServiceBreakerProperties.class)
                                .cost()
                                .prices())
                        .containsOnlyKeys("My_model-4", "llama3:8b", "openai/gpt-*"));
    }

    @Test
    void saysWhichDependenciesCannotBe(CapturedOutput output) {
        failWith("service-breaker.services.openai.depends-on=perplexty", "service-breaker.services.perplexity=");

        assertThat(output)
                .contains("service-breaker.services.openai.depends-on = perplexty")
                .contains("is not configured")
                .contains("Did you mean perplexity? Configured are: openai, perplexity.");
    }

    @Test
    void saysWhichDependenciesGoRoundInACircle(CapturedOutput output) {
        failWith(
                "service-breaker.services.openai.depends-on=perplexity",
                "service-breaker.services.perplexity.depends-on=openai");

        assertThat(output)
                .contains(".depends-on = ")
                .contains("depends on it in turn: ")
                .contains("openai -> perplexity")
                .contains("Remove one of these dependencies.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "b.fallback=a|.fallback = |leads back to where it was: |Remove one of these fallbacks.",
                "a.fallback=a|a.fallback = a|is the service itself|Name another service, or remove it.",
                "a.fallback=bb|a.fallback = bb|is not configured|Did you mean b? Configured are: ",
                "a.endpoint-patterns=|a.fallback = b|would never be asked|Set service-breaker.services.a.endpoint-patterns",
                "a.endpoint-patterns=https://a.example.com/x|a.endpoint-patterns = |part of an address|End its path with /**",
                "a.endpoint-patterns=https://a.example.com/*/x/**|a.endpoint-patterns = |part of an address|End its path",
                "b.endpoint-patterns=|b.endpoint-patterns|the one address that a needs|Set it to one pattern",
                "b.endpoint-patterns=https://*.b.com/**|b.endpoint-patterns = |the one address|one pattern without",
                "b.endpoint-patterns=https://b.com:*/**|b.endpoint-patterns = |the one address|one pattern without",
                "b.endpoint-patterns=https://b.com/*/c/**|b.endpoint-patterns = |the one address|one pattern without",
                "b.endpoint-patterns=https://b.com/**,https://c.com/**|b.endpoint-patterns = |the one address|one pattern",
                "b.endpoint-patterns=http://b.com/**|a.fallback = b|http://b.com, without encryption|begin with https",
                "b.backends.eu.url=http://10.0.0.1|a.fallback = b|http://10.0.0.1, without encryption|begin with https"
            })
    void saysWhichFallbacksOfServicesCannotBe(
            String property, String place, String problem, String fix, CapturedOutput output) {
        String name = property.substring(0, property.indexOf('='));
        failWith(Stream.concat(
                        Stream.of(
                                        "a.fallback=b",
                                        "a.endpoint-patterns=https://a.example.com/v1/**",
                                        "b.endpoint-patterns=https://b.example.com/**")
                                .filter(usual -> !usual.startsWith(name + "=")),
                        Stream.of(property))
                .map(usual -> "service-breaker.services." + usual)
                .toArray(String[]::new));

        assertThat(output).contains(place).contains(problem).contains(fix);
    }

    @Test
    void saysThatWhatIsSentToEncryptedBackendsWouldGoOnWithoutEncryption(CapturedOutput output) {
        failWith(
                "service-breaker.services.a.fallback=b",
                "service-breaker.services.a.endpoint-patterns=http://a.example.com/v1/**",
                "service-breaker.services.a.backends.eu.url=https://eu.example.com",
                "service-breaker.services.b.endpoint-patterns=http://b.example.com/**");

        assertThat(output)
                .contains("service-breaker.services.a.fallback = b")
                .contains("http://b.example.com, without encryption");
    }

    @Test
    void saysThatAServiceIsNoFallbackOfAll(CapturedOutput output) {
        failWith("service-breaker.defaults.fallback=openai", "service-breaker.services.openai.window=30s");

        assertThat(output)
                .contains("service-breaker.defaults.fallback = openai")
                .contains("would say that a service is asked instead of itself");
    }

    @Test
    void saysWhichLadderOfServicesIsTooDeep(CapturedOutput output) {
        failWith(
                "service-breaker.ladder.max-depth=1",
                "service-breaker.services.a.fallback=b",
                "service-breaker.services.a.endpoint-patterns=https://a.example.com/**",
                "service-breaker.services.b.fallback=c",
                "service-breaker.services.b.endpoint-patterns=https://b.example.com/**",
                "service-breaker.services.c.endpoint-patterns=https://c.example.com/**");

        assertThat(output)
                .contains("service-breaker.services.a.fallback = b")
                .contains("begins a ladder of 2, which is deeper than service-breaker.ladder.max-depth = 1")
                .contains("Make it shorter, or allow more.");
    }

    @Test
    void saysThatNotAllServicesCanDependOnTheSame(CapturedOutput output) {
        failWith("service-breaker.defaults.depends-on=openai", "service-breaker.services.openai.window=30s");

        assertThat(output)
                .contains("service-breaker.defaults.depends-on")
                .contains("would say that each service depends on itself");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "services.openai.backends.eu.weight=2|backends.eu.url|is no address of a deployment",
                "services.openai.backends.eu.url=eu.example.com|backends.eu.url = eu.example.com|is no address",
                "services.openai.backends.eu.url=https://eu.example.com?a=b|backends.eu.url|without a query",
                "services.openai.backends.eu.url=https://jo:secret@eu.example.com|backends.eu.url|a user or a password",
                "services.openai.backends.eu.wieght=2|Did you mean|service-breaker.services.openai.backends.eu.weight",
                "defaults.backends.eu.url=https://eu.example.com|defaults.backends|have the same deployments"
            })
    void saysWhichDeploymentsCannotBe(String property, String place, String problem, CapturedOutput output) {
        failWith("service-breaker." + property, "service-breaker.services.openai.window=30s");

        assertThat(output).contains(place).contains(problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://a.example.com?key=s3cret", "https://a.example.com#s3cret", "https://jo:s3cret@a"})
    void doesNotTellTheSecretsInAnAddress(String url, CapturedOutput output) {
        failWith("service-breaker.services.openai.backends.eu.url=" + url);

        assertThat(output).contains("is no address of a deployment").doesNotContain("s3cret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"weight", "cost-factor"})
    void saysWhichNumbersOfADeploymentAreOutOfRange(String key, CapturedOutput output) {
        failWith(
                "service-breaker.services.openai.backends.eu.url=https://eu.example.com",
                "service-breaker.services.openai.backends.eu." + key + "=0");

        assertThat(output)
                .contains("service-breaker.services.openai.backends.eu." + key + " = 0")
                .contains("above 0 and at most 1000");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://eu.example.com/openai",
                "http://8.8.8.8",
                "http://172.32.0.1",
                "http://[2001:db8::1]:8080",
                "HTTP://eu.example.com",
                "http://localhost.example.com"
            })
    void saysWhichDeploymentWouldGetSecretsInClear(String url, CapturedOutput output) {
        failWith(
                "service-breaker.services.openai.endpoint-patterns=https://api.openai.com/**",
                "service-breaker.services.openai.backends.eu.url=" + url);

        assertThat(output)
                .contains("service-breaker.services.openai.backends.eu.url = " + url)
                .contains("is not encrypted")
                .contains("Use https, or add it to service-breaker.services.openai.endpoint-patterns");
    }

    @Test
    void saysHowManyDeploymentsThereMayBe(CapturedOutput output) {
        failWith(IntStream.range(0, 65)
                .mapToObj(i -> "service-breaker.services.openai.backends.b" + i + ".url=https://b" + i + ".example.com")
                .toArray(String[]::new));

        assertThat(output)
                .contains("service-breaker.services.openai.backends = 65")
                .contains("at most 64");
    }

    @Test
    void listsTheClocks(CapturedOutput output) {
        failWith("service-breaker.clock=exact");

        assertThat(output).contains("service-breaker.clock").contains("COARSE").contains("PRECISE");
    }

    private static void failWith(String... properties) {
        String[] arguments =
                Arrays.stream(properties).map(property -> "--" + property).toArray(String[]::new);

        Throwable failure = catchThrowable(() -> new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .run(arguments)
                .close());

        assertThat(failure).isNotNull();
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({ServiceBreakerAutoConfiguration.class, AdaptiveAutoConfiguration.class})
    static class Application {}
}
