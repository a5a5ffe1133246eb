package io.servicebreaker.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.servicebreaker.breaker.Breaker;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.OngoingCall;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.call.RejectionScope;
import io.servicebreaker.provider.HealthSignals;
import io.servicebreaker.time.FakeTime;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/** What the answers of a service say of its rate limits, as its callers notice it. */
class RateLimitedServicesTest {

    private static final CallRequest OPENAI = CallRequest.to("openai");

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(ServiceBreakerAutoConfiguration.class))
            .withBean(FakeTime.class)
            .withPropertyValues("service-breaker.services.openai.provider=openai", "service-breaker.services.cache=");

    @Test
    void refusesTheNextCallUntilItWouldPass() {
        runner.run(context -> {
            answer(context, 0);

            CallRejectedException refusal = refusal(context, OPENAI);

            assertThat(refusal.reason()).isEqualTo(RejectionReason.RATE_LIMITED);
            assertThat(refusal.scope()).isEqualTo(RejectionScope.CREDENTIAL);
            assertThat(refusal.retryAfter()).hasValue(Duration.ofMillis(2_200));
            assertThat(refusal).hasMessageContaining("x-ratelimit-remaining-requests");
            context.getBean(FakeTime.class).advance(Duration.ofMillis(2_200));
            assertThatNoException().isThrownBy(() -> begin(context, OPENAI).succeeded());
        });
    }

    @Test
    void keepsTheFloorOfTheProvidersProfile() {
        runner.run(context -> {
            answer(context, 12);
            begin(context, OPENAI);
            begin(context, OPENAI);

            assertThat(refusal(context, OPENAI).reason()).isEqualTo(RejectionReason.RATE_LIMITED);
            assertThatNoException().isThrownBy(() -> begin(context, OPENAI.essential()));
        });
    }

    @Test
    void keepsTheFloorOfTheConfiguration() {
        runner.withPropertyValues("service-breaker.services.openai.approaching-limit-floor=0")
                .run(context -> {
                    answer(context, 1);
                    begin(context, OPENAI);

                    assertThat(refusal(context, OPENAI).retryAfter())
                            .hasValueSatisfying(wait -> assertThat(wait).isLessThan(Duration.ofSeconds(1)));
                });
    }

    @Test
    void takesNoPlaceForACallThatItRefusesAndNoRequestForOneThatFindsNoPlace() {
        runner.withPropertyValues(
                        "service-breaker.services.openai.approaching-limit-floor=0",
                        "service-breaker.services.openai.max-concurrent-calls=1")
                .run(context -> {
                    answer(context, 2);
                    OngoingCall first = begin(context, OPENAI);
                    assertThat(refusal(context, OPENAI).reason()).isEqualTo(RejectionReason.TOO_MANY_CALLS);
                    assertThat(refusal(context, OPENAI).reason()).isEqualTo(RejectionReason.TOO_MANY_CALLS);
                    first.succeeded();

                    begin(context, OPENAI).succeeded();

                    assertThat(refusal(context, OPENAI).reason()).isEqualTo(RejectionReason.RATE_LIMITED);
                });
    }

    @Test
    void takesNoRequestForACallForWhichThereIsNoMoney() {
        runner.withPropertyValues(
                        "service-breaker.services.openai.approaching-limit-floor=0",
                        "service-breaker.cost.budgets.daily=1",
                        "service-breaker.cost.prices.gpt-5.input=3000")
                .run(context -> {
                    CallRequest model = OPENAI.model("gpt-5");
                    answer(context, model, 1);
                    for (int i = 0; i < 3; i++) {
                        assertThat(refusal(context, model.estimatedTokens(1_000_000, 0))
                                        .reason())
                                .isEqualTo(RejectionReason.COST_BUDGET);
                    }

                    assertThatNoException().isThrownBy(() -> begin(context, model.estimatedTokens(1, 0)));
                });
    }

    @Test
    void refusesNothingWhileAnOperatorLetsAllThrough() {
        runner.run(context -> {
            answer(context, 0);
            context.getBean(Breakers.class).breaker("openai").observe("trying out", null);

            assertThatNoException().isThrownBy(() -> begin(context, OPENAI));

            context.getBean(Breakers.class).breaker("openai").disable("maintenance", null);
            assertThatNoException().isThrownBy(() -> begin(context, OPENAI));
            context.getBean(Breakers.class).breaker("openai").close("done", null);
            assertThat(refusal(context, OPENAI).reason()).isEqualTo(RejectionReason.RATE_LIMITED);
        });
    }

    @Test
    void countsOnceEachCallThatItWouldHaveRefusedWhileObserved() {
        runner.run(context -> {
            Breaker breaker = context.getBean(Breakers.class).breaker("openai");
            begin(context, OPENAI)
                    .succeeded(report(0)
                            .header("x-ratelimit-limit-tokens", "1000")
                            .header("x-ratelimit-remaining-tokens", "0")
                            .header("x-ratelimit-reset-tokens", "1m"));
            breaker.observe("trying out", null);

            begin(context, OPENAI);
            begin(context, OPENAI);
            begin(context, CallRequest.to("cache"));
            long observed = breaker.snapshot().unenforcedRefusals();
            breaker.disable("maintenance", null);
            begin(context, OPENAI);

            assertThat(observed).isEqualTo(2);
            assertThat(breaker.snapshot().unenforcedRefusals()).isEqualTo(2);
            assertThat(breaker.snapshot().notPermittedCalls()).isZero();
        });
    }

    @Test
    void forgetsTheLimitsWithTheBreakerThatIsReset() {
        runner.run(context -> {
            answer(context, 0);

            context.getBean(Breakers.class).breaker("openai").reset("limit raised", null);

            Awaitility.await()
                    .until(() -> context.getBean(ProviderKnowledge.class)
                            .limits("openai")
                            .isEmpty());
            assertThatNoException().isThrownBy(() -> begin(context, OPENAI));
        });
    }

    @Test
    void lowersTheHealthOfPerplexityWhenItsQuotaIsNearlyUsedUp() {
        runner.withPropertyValues("service-breaker.services.perplexity.provider=perplexity")
                .run(context -> {
                    CallRequest search = CallRequest.to("perplexity");
                    HealthSignals signals =
                            context.getBean(ServiceSignals.class).of("perplexity");

                    begin(context, search).succeeded(report(50));
                    assertThat(signals.health()).isEqualTo(1);
                    begin(context, search).succeeded(report(25));

                    assertThat(signals.health()).isLessThan(1);
                    assertThat(signals.readings())
                            .anySatisfy(reading -> assertThat(reading.value()).isEqualTo(0.95));
                });
    }

    @Test
    void readsNoLimitsOfAServiceWhoseProviderTellsOfNone() {
        runner.run(context -> {
            begin(context, CallRequest.to("cache")).succeeded(report(0));

            assertThatNoException().isThrownBy(() -> begin(context, CallRequest.to("cache")));
        });
    }

    private static void answer(ApplicationContext context, long remaining) {
        answer(context, OPENAI, remaining);
    }

    private static void answer(ApplicationContext context, CallRequest request, long remaining) {
        begin(context, request).succeeded(report(remaining));
    }

    /** Of 500, with five more each second where none is left. */
    private static CallReport report(long remaining) {
        return CallReport.ofStatus(200)
                .header("x-ratelimit-limit-requests", "500")
                .header("x-ratelimit-remaining-requests", Long.toString(remaining))
                .header("x-ratelimit-reset-requests", "100s");
    }

    private static OngoingCall begin(ApplicationContext context, CallRequest request) {
        return context.getBean(CallOrchestrator.class).begin(request);
    }

    private static CallRejectedException refusal(ApplicationContext context, CallRequest request) {
        return catchThrowableOfType(CallRejectedException.class, () -> begin(context, request));
    }
}
