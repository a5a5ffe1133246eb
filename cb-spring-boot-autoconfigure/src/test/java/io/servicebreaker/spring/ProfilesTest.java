package io.servicebreaker.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.servicebreaker.breaker.BreakerSnapshot;
import io.servicebreaker.breaker.BreakerState;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.call.RejectionScope;
import io.servicebreaker.provider.CooldownSettings;
import io.servicebreaker.provider.FailureEffect;
import io.servicebreaker.provider.FailureRule;
import io.servicebreaker.provider.HealthSignal;
import io.servicebreaker.provider.HealthSignals;
import io.servicebreaker.provider.LimitHeaders;
import io.servicebreaker.provider.LimitUnit;
import io.servicebreaker.provider.Misses;
import io.servicebreaker.provider.ProviderProfile;
import io.servicebreaker.provider.ProviderProfiles;
import java.time.Duration;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Profiles of the user's own, without Java. */
class ProfilesTest {

    private static final String MINE = "service-breaker.profiles.mine.";

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(ServiceBreakerAutoConfiguration.class))
            .withPropertyValues("service-breaker.services.weather.provider=mine");

    @Test
    void judgesByTheUsersRulesBeforeOurs() {
        runner.withPropertyValues(
                        MINE + "rules[0].status=500",
                        MINE + "rules[0].code=no_credit",
                        MINE + "rules[0].message=top.?up",
                        MINE + "rules[0].cause=quota",
                        MINE + "rules[0].scope=service",
                        MINE + "rules[1].exception=java.lang.IllegalStateException",
                        MINE + "rules[1].cause=bad-request")
                .run(context -> {
                    ProviderProfile profile = profile(context);

                    FailureRule first = profile.rules().get(0);
                    assertThat(first.statuses()).containsExactly(500);
                    assertThat(first.codes()).containsExactly("no_credit");
                    assertThat(first.message()).hasToString("top.?up");
                    assertThat(first.cause()).isEqualTo(FailureCause.QUOTA);
                    assertThat(first.scope()).isEqualTo(RejectionScope.SERVICE);
                    assertThat(profile.rules().get(1).exceptions())
                            .isEqualTo(Set.of("java.lang.IllegalStateException"));
                    assertThat(profile.rules()).endsWith(generic().rules().toArray(FailureRule[]::new));
                });
    }

    @Test
    void opensAtOnceForAQuotaThatOnlyTheUserKnowsOf() {
        runner.withPropertyValues(
                        MINE + "rules[0].code=no_credit",
                        MINE + "rules[0].cause=quota",
                        "service-breaker.services.weather.quota-exceeded-cooldown=20m")
                .run(context -> {
                    context.getBean(CallOrchestrator.class)
                            .begin(CallRequest.to("weather"))
                            .failed(
                                    new IllegalStateException(),
                                    CallReport.ofStatus(500).code("no_credit"));

                    BreakerSnapshot snapshot =
                            context.getBean(Breakers.class).breaker("weather").snapshot();
                    assertThat(snapshot.state()).isEqualTo(BreakerState.OPEN);
                    assertThat(snapshot.reason().sentence())
                            .isEqualTo("QUOTA: no call for 1200.0 s (quota-exceeded-cooldown)");
                    assertThat(snapshot.retryAfter()).isBetween(Duration.ofMinutes(19), Duration.ofMinutes(20));
                });
    }

    @Test
    void changesOnlyTheEffectsThatAreGiven() {
        runner.withPropertyValues(
                        MINE + "effects.overloaded.counts=false",
                        MINE + "effects.overloaded.holds=true",
                        MINE + "effects.overloaded.scope=model",
                        MINE + "effects.overloaded.retryable=false",
                        MINE + "effects.overloaded.escalates=true")
                .run(context -> {
                    assertThat(profile(context).effect(FailureCause.OVERLOADED))
                            .isEqualTo(new FailureEffect(false, RejectionScope.MODEL, true, false, true));
                    assertThat(profile(context).effect(FailureCause.TIMEOUT))
                            .isEqualTo(generic().effect(FailureCause.TIMEOUT));
                });
    }

    @Test
    void holdsNothingBecauseOfWhatIsToCount() {
        runner.withPropertyValues(MINE + "effects.authentication.counts=true")
                .run(context -> assertThat(profile(context).effect(FailureCause.AUTHENTICATION))
                        .isEqualTo(new FailureEffect(true, RejectionScope.CREDENTIAL, false, false, true)));
    }

    @Test
    void takesEveryKeyOfItsSettings() {
        runner.withPropertyValues(
                        MINE + "settings.quota-exceeded-cooldown=17m",
                        MINE + "settings.rate-limit-backoff-multiplier=1.7",
                        MINE + "settings.authentication-failure-escalation=false",
                        MINE + "settings.max-concurrent-calls=17",
                        MINE + "settings.ignore-exceptions=java.io.IOException")
                .run(context -> {
                    ConfiguredService service =
                            context.getBean(ConfiguredServices.class).service("weather");
                    assertThat(service.cooldowns()).isEqualTo(new CooldownSettings(Duration.ofMinutes(17), 1.7, false));
                    assertThat(service.maxConcurrentCalls()).isEqualTo(17);
                    assertThat(service.exceptions().ignored().toString()).contains("java.io.IOException");
                });
    }

    @Test
    void takesSettingsAndLimitHeaders() {
        runner.withPropertyValues(
                        MINE + "like=lightrag",
                        MINE + "settings.failure-threshold=17",
                        MINE + "limits[0].unit=input-tokens",
                        MINE + "limits[0].limit=x-most",
                        MINE + "limits[0].remaining=x-left",
                        MINE + "limits[0].reset=x-again",
                        MINE + "limits[1].unit=requests",
                        MINE + "limits[1].remaining=x-calls",
                        MINE + "limits[1].reset=x-again")
                .run(context -> {
                    ConfiguredService service =
                            context.getBean(ConfiguredServices.class).service("weather");
                    assertThat(service.settings().failureThreshold()).isEqualTo(17);
                    assertThat(service.settings().timeoutThreshold()).isEqualTo(Duration.ofSeconds(150));
                    assertThat(profile(context).limits())
                            .containsExactly(
                                    new LimitHeaders(LimitUnit.INPUT_TOKENS, "x-most", "x-left", "x-again"),
                                    new LimitHeaders(LimitUnit.REQUESTS, null, "x-calls", "x-again"));
                });
    }

    @Test
    void takesSignalsOfTheUsers() {
        runner.withPropertyValues(
                        MINE + "like=lightrag",
                        MINE + "signals[0].name=quality",
                        MINE + "signals[0].at-least=0.9",
                        MINE + "signals[0].over=7",
                        MINE + "signals[0].minimum=2",
                        MINE + "signals[1].name=disk",
                        MINE + "signals[1].in-a-row=0",
                        MINE + "signals[1].opens=true",
                        MINE + "signals[2].name=misses",
                        MINE + "signals[2].bad=miss",
                        MINE + "signals[2].at-least=0.1",
                        MINE + "signals[3].name=quota",
                        MINE + "signals[3].at-most=0.9",
                        MINE + "rules[0].code=disk_full",
                        MINE + "rules[0].cause=server-error",
                        MINE + "rules[0].signal=disk")
                .run(context -> {
                    ServiceSignals signals = context.getBean(ServiceSignals.class);
                    signals.of("weather").observe("quota", 0.4);

                    assertThat(profile(context).signals())
                            .extracting(HealthSignal::name)
                            .containsExactly("quality", "embedding", "disk", "misses", "quota");
                    assertThat(profile(context).signals().get(0).atLeast()).isEqualTo(0.9);
                    assertThat(signals.of("weather").readings())
                            .last()
                            .satisfies(quota -> assertThat(quota.value()).isEqualTo(0.4));
                });
    }

    @Test
    void opensAtOnceByASignalThatOnlyTheUserKnowsOf() {
        runner.withPropertyValues(
                        MINE + "signals[0].name=disk",
                        MINE + "signals[0].in-a-row=0",
                        MINE + "signals[0].opens=true",
                        MINE + "rules[0].code=disk_full",
                        MINE + "rules[0].cause=server-error",
                        MINE + "rules[0].signal=disk")
                .run(context -> {
                    CallOrchestrator orchestrator = context.getBean(CallOrchestrator.class);
                    orchestrator
                            .begin(CallRequest.to("weather"))
                            .failed(
                                    new IllegalStateException(),
                                    CallReport.ofStatus(500).code("disk_full"));

                    BreakerSnapshot snapshot =
                            context.getBean(Breakers.class).breaker("weather").snapshot();
                    assertThat(snapshot.state()).isEqualTo(BreakerState.OPEN);
                    assertThat(snapshot.reason().sentence()).startsWith("signal disk: 1 failures in a row");
                });
    }

    @Test
    void forgetsSignalsWithTheBreakerThatIsReset() {
        runner.withPropertyValues(MINE + "like=lightrag").run(context -> {
            HealthSignals signals = context.getBean(ServiceSignals.class).of("weather");
            context.getBean(CallOrchestrator.class)
                    .begin(CallRequest.to("weather"))
                    .failed(
                            new IllegalStateException(),
                            CallReport.ofStatus(500).message("embedding failed"));
            assertThat(signals.health()).isLessThan(1);

            context.getBean(Breakers.class).breaker("weather").reset("repaired", null);

            Awaitility.await().until(() -> signals.health() == 1);
        });
    }

    @Test
    void saysWhatAnEmptyAnswerAndARefusalAre() {
        runner.withPropertyValues(MINE + "like=cache", MINE + "empty-is=answer")
                .run(context -> assertThat(profile(context).misses()).isEqualTo(new Misses(false, true)));
        runner.withPropertyValues(MINE + "like=cache", MINE + "when-refused=error")
                .run(context -> assertThat(profile(context).misses()).isEqualTo(new Misses(true, false)));
        runner.withPropertyValues(MINE + "empty-is=miss", MINE + "when-refused=miss")
                .run(context -> assertThat(profile(context).misses()).isEqualTo(new Misses(true, true)));
        runner.withPropertyValues(MINE + "like=openai")
                .run(context -> assertThat(profile(context).misses()).isEqualTo(Misses.NONE));
    }

    @Test
    void addsToAProfileOfOursThatItReplaces() {
        runner.withPropertyValues(
                        "service-breaker.services.weather.provider=openai",
                        "service-breaker.profiles.openai.rules[0].status=4xx",
                        "service-breaker.profiles.openai.rules[0].cause=unknown")
                .run(context -> assertThat(profile(context).rules())
                        .hasSize(ProviderProfiles.bundled().of("openai").rules().size() + 1)
                        .first()
                        .satisfies(rule -> assertThat(rule.statuses()).hasSize(100)));
    }

    @Test
    void tellsTheCallerThatItsAccountIsThrottled() {
        runner.withPropertyValues(MINE + "like=openai").run(context -> {
            CallOrchestrator orchestrator = context.getBean(CallOrchestrator.class);
            orchestrator
                    .begin(CallRequest.to("weather"))
                    .failed(
                            new IllegalStateException(),
                            CallReport.ofStatus(429).header("retry-after", "20"));

            assertThat(catchThrowableOfType(
                            CallRejectedException.class, () -> orchestrator.begin(CallRequest.to("weather"))))
                    .satisfies(refusal -> {
                        assertThat(refusal.reason()).isEqualTo(RejectionReason.RATE_LIMITED);
                        assertThat(refusal.scope()).isEqualTo(RejectionScope.CREDENTIAL);
                        assertThat(refusal.retryAfter())
                                .hasValueSatisfying(wait ->
                                        assertThat(wait).isBetween(Duration.ofSeconds(19), Duration.ofSeconds(20)));
                    });
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "like=nobody | mine.like | is not a profile that comes with ServiceBreaker | Use one of openai",
                "rules[0].cause=quota | mine.rules[0] | no criterion but a message | Add status, code or exception",
                "rules[0].status=429 | mine.rules[0].cause | is missing | Use one of",
                "rules[0].status=700,rules[0].cause=quota | mine.rules[0].status | neither an HTTP status nor | 5xx",
                "rules[0].code=x,rules[0].cause=quota,rules[0].message=( | mine.rules[0].message | not a regular | Correct",
                "settings.provider=openai | mine.settings.provider | names a profile in a profile | mine.like",
                "limits[0].reset=x-again | mine.limits[0].unit | is missing | Use one of requests",
                "limits[0].unit=tokens,limits[0].reset=x | mine.limits[0].remaining | is missing | Name the response header",
                "limits[0].unit=tokens,limits[0].remaining=x | mine.limits[0].reset | is missing | Name the response header",
                "effects.timeout.scope=budget | mine.effects.timeout.scope | nothing that a provider | Use model",
                "effects.quota.counts=true,effects.quota.holds=true | mine.effects.quota.holds | contradicts | one of the two",
                "rules[0].code=x,rules[0].cause=quota,rules[0].signal=embeddings | mine.rules[0].signal | is no signal of the profile | Add it under",
                "like=lightrag,rules[0].code=x,rules[0].cause=quota,rules[0].signal=embeddings | mine.rules[0].signal | is no signal of the profile | Use one of embedding",
                "like=perplexity,rules[0].code=x,rules[0].cause=quota,rules[0].signal=quality | mine.rules[0].signal | is no signal of the profile | with in-a-row",
                "signals[0].name=x | mine.signals[0].name | one of at-least, in-a-row and at-most | Set it",
                "signals[0].at-least=0.5 | mine.signals[0].name | allowed is a name | Set it",
                "signals[0].name=x,signals[0].at-least=1.5 | mine.signals[0].at-least | above 0 and at most 1 | Set it",
                "signals[0].name=x,signals[0].at-least=0.5,signals[0].over=5,signals[0].minimum=6 | mine.signals[0].minimum | 1 to over, which is 5 | Set it",
                "signals[0].name=x,signals[0].at-least=0.5,signals[0].opens=true | mine.signals[0].opens | false without in-a-row | Set it",
                "settings.window=0s | mine.settings.window | is out of range | Set it to a value in this range",
            })
    void namesWhatCannotBeUsed(String properties, String place, String problem, String advice) {
        String[] values = properties.split(",");
        for (int i = 0; i < values.length; i++) {
            values[i] = MINE + values[i];
        }
        runner.withPropertyValues(values)
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .isInstanceOf(InvalidPropertyException.class)
                        .hasMessageContaining(place)
                        .hasMessageContaining(problem)
                        .hasMessageContaining(advice));
    }

    private static ProviderProfile profile(AssertableApplicationContext context) {
        return context.getBean(ConfiguredServices.class).service("weather").provider();
    }

    private static ProviderProfile generic() {
        return ProviderProfiles.bundled().of(ProviderProfiles.GENERIC);
    }
}
