package io.servicebreaker.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.call.OngoingCall;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.call.RejectionScope;
import io.servicebreaker.call.Usage;
import io.servicebreaker.cost.BudgetView;
import io.servicebreaker.cost.Estimate;
import io.servicebreaker.cost.Period;
import io.servicebreaker.time.FakeTime;
import io.servicebreaker.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;

/** Prices and budgets of the configuration, as callers notice them. The time is noon of the first of March 2026. */
@ExtendWith(OutputCaptureExtension.class)
class MoneyTest {

    private static final String COST = "service-breaker.cost.";

    private final FakeTime time = new FakeTime();
    private final ApplicationContextRunner runner = runner(time);

    private static ApplicationContextRunner runner(TimeSource time) {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(ServiceBreakerAutoConfiguration.class))
                .withBean(TimeSource.class, () -> time)
                .withPropertyValues("service-breaker.services.openai.provider=openai");
    }

    @Test
    void refusesACallThatTheDaysBudgetDoesNotAllowUntilTheDayIsOver() {
        runner.withPropertyValues(
                        COST + "budgets.daily=0.02",
                        COST + "rules=",
                        COST + "zone=Europe/Berlin",
                        COST + "prices.small.output=1000")
                .run(context -> {
                    begin(context, small(20)).succeeded(used("small", 0, 20));

                    CallRejectedException refusal = refusal(context, small(1));

                    assertThat(refusal.reason()).isEqualTo(RejectionReason.COST_BUDGET);
                    assertThat(refusal.scope()).isEqualTo(RejectionScope.BUDGET);
                    Duration wait = refusal.retryAfter().orElseThrow();
                    assertThat(time.now().plus(wait)).isEqualTo("2026-03-01T23:00:00Z");
                    time.advance(wait);
                    assertThatNoException().isThrownBy(() -> begin(context, small(20)));
                });
    }

    @Test
    void refusesACallThatTheServicesOwnMonthDoesNotAllow() {
        runner.withPropertyValues(
                        "service-breaker.services.cache.provider=cache",
                        COST + "budgets.services.openai.monthly=0.5",
                        COST + "prices.small.output=1000")
                .run(context -> {
                    begin(context, small(500)).succeeded(used("small", 0, 500));

                    assertThat(refusal(context, small(1)).retryAfter())
                            .hasValueSatisfying(
                                    wait -> assertThat(time.now().plus(wait)).isEqualTo("2026-04-01T00:00:00Z"));
                    assertThatNoException().isThrownBy(() -> begin(context, CallRequest.to("cache")));
                });
    }

    @Test
    void makesCallsThatCostNothingAlsoWhenTheBudgetIsOverspent() {
        runner.withPropertyValues(
                        "service-breaker.services.lightrag.provider=lightrag",
                        "service-breaker.services.cache.provider=cache",
                        COST + "budgets.daily=0.01",
                        COST + "prices.small.output=1000")
                .run(context -> {
                    begin(context, small(10)).succeeded(used("small", 0, 30));

                    assertThatNoException().isThrownBy(() -> begin(context, CallRequest.to("cache")));
                    assertThatNoException().isThrownBy(() -> begin(context, CallRequest.to("lightrag")));
                    assertThat(refusal(context, small(1)).reason()).isEqualTo(RejectionReason.COST_BUDGET);
                });
    }

    @Test
    void reservesNothingForACallThatAnotherGateRefuses() {
        runner.withPropertyValues(
                        "service-breaker.services.openai.max-concurrent-calls=1", COST + "prices.small.output=1000")
                .run(context -> {
                    begin(context, small(10));

                    assertThat(refusal(context, small(10)).reason()).isEqualTo(RejectionReason.TOO_MANY_CALLS);

                    assertThat(today(context).reserved()).hasToString("0.01");
                });
    }

    @Test
    void takesThePriceOfTheConfigurationBeforeThatOfTheUsersProfileBeforeOurs() {
        CallRequest request = CallRequest.to("mine").estimatedTokens(1_000_000, 1);
        runner.withPropertyValues(
                        "service-breaker.services.mine.provider=mine",
                        "service-breaker.profiles.mine.like=openai",
                        "service-breaker.profiles.mine.prices.[gpt-4.1].input=7",
                        "service-breaker.profiles.mine.prices.[gpt-4o*].input=8",
                        COST + "prices.[gpt-4o-mini*].input=9")
                .run(context -> {
                    assertThat(expected(context, request.model("gpt-4.1-mini"))).isEqualTo("0.4000016");
                    assertThat(expected(context, request.model("gpt-4.1"))).isEqualTo("7");
                    assertThat(expected(context, request.model("gpt-4o"))).isEqualTo("8");
                    assertThat(expected(context, request.model("gpt-4o-mini"))).isEqualTo("9");
                    assertThat(expected(
                                    context,
                                    CallRequest.to("openai")
                                            .estimatedTokens(1_000_000, 1)
                                            .model("gpt-4o")))
                            .isEqualTo("2.50001");
                });
    }

    @Test
    void takesThePriceUnderTheServicesNameWhereNoModelIsNamed() {
        runner.withPropertyValues(
                        "service-breaker.services.lightrag.provider=lightrag",
                        COST + "prices.lightrag.per-request=0.004")
                .run(context -> {
                    begin(context, CallRequest.to("lightrag")).succeeded();

                    assertThat(today(context).spent()).hasToString("0.004");
                });
    }

    @Test
    void pricesTheModelThatHasAnswered() {
        runner.run(context -> {
            begin(context, CallRequest.to("openai")).succeeded(used("gpt-4o-mini-2024-07-18", 1000, 500));

            assertThat(today(context).spent()).hasToString("0.00045");
        });
    }

    @Test
    void leavesTheCallsOfAServiceAloneThatDoesNotCoordinate() {
        runner.withPropertyValues(
                        "service-breaker.services.openai.coordinate-with-cost-breaker=false",
                        COST + "budgets.daily=0",
                        COST + "prices.small.output=1000")
                .run(context -> {
                    begin(context, small(10)).succeeded(used("small", 0, 10));

                    assertThat(context.getBean(ServiceCosts.class).of("openai")).isEmpty();
                    assertThat(today(context).spent().toDecimal()).isZero();
                });
    }

    @Test
    void makesCallsWhenOurOwnPartFails() {
        BrokenCalendar broken = new BrokenCalendar();
        runner(broken).withPropertyValues(COST + "budgets.daily=0").run(context -> {
            broken.breakDown();

            assertThatNoException().isThrownBy(() -> begin(context, small(10)));

            assertThat(context.getBean(InternalFaults.class).count()).isPositive();
        });
    }

    @Test
    void refusesCallsWhenOurOwnPartFailsAndThatIsWanted(CapturedOutput output) {
        BrokenCalendar broken = new BrokenCalendar();
        runner(broken)
                .withPropertyValues(COST + "budgets.daily=10", COST + "on-failure=block")
                .run(context -> {
                    assertThatNoException().isThrownBy(() -> begin(context, small(10)));
                    broken.breakDown();

                    CallRejectedException refusal = refusal(context, small(10));

                    assertThat(refusal.reason()).isEqualTo(RejectionReason.COST_BUDGET);
                    assertThat(refusal.retryAfter()).isEmpty();
                    assertThat(context.getBean(InternalFaults.class).count()).isPositive();
                    assertThat(output).contains("Fault in budgets: calls are refused");
                });
    }

    @Test
    void usesNeitherOurPricesNorThoseOfProvidersInAnotherCurrency(CapturedOutput output) {
        runner.withPropertyValues(
                        "service-breaker.services.cache.provider=cache",
                        COST + "currency=eur",
                        COST + "prices.[gpt-4.1].input=2")
                .run(context -> {
                    assertThat(method(context, "openai", "gpt-4o")).isEqualTo(Estimate.Method.DEFAULT);
                    assertThat(method(context, "openai", "gpt-4.1")).isEqualTo(Estimate.Method.TOKENS);
                    assertThat(method(context, "cache", "")).isEqualTo(Estimate.Method.TOKENS);
                    assertThat(output)
                            .containsOnlyOnce(
                                    "Money is counted in EUR, so the bundled prices, which are in USD, are not")
                            .contains("Calls of openai to models without a price");
                });
    }

    @Test
    void countsInCurrenciesOfWhichADollarIsMany(CapturedOutput output) {
        runner.withPropertyValues(
                        COST + "currency=KRW",
                        COST + "budgets.daily=100000000",
                        COST + "prices.[gpt-4.1].input=2800",
                        COST + "prices.[o1-pro].input=210000",
                        COST + "prices.[o1-pro].output=840000")
                .run(context -> {
                    begin(context, CallRequest.to("openai").model("o1-pro"))
                            .succeeded(used("o1-pro", 1_000_000, 50_000_001));

                    assertThat(today(context).spent()).hasToString("42210000.84");
                    assertThat(output).contains("which is meant in dollars: 0.01 for most. Set prices of all models");
                });
    }

    @Test
    void saysNothingAboutCurrenciesWhereAllIsInDollars(CapturedOutput output) {
        runner.run(context -> assertThat(output).doesNotContain("Money is counted in"));
    }

    @Test
    void saysOnceWhatARestartForgetsIfThereIsABudget(CapturedOutput output) {
        runner.withPropertyValues(COST + "budgets.services.openai.daily=5")
                .run(context -> assertThat(output)
                        .containsOnlyOnce("a restart of this application forgets what has been spent today"));
    }

    @Test
    void doesNotWarnOfARestartWithoutABudget(CapturedOutput output) {
        runner.run(context -> assertThat(output).doesNotContain("a restart of this application forgets"));
    }

    @Test
    void saysWhichPricesAreOld(CapturedOutput output) {
        time.advance(Duration.between(time.now(), Instant.parse("2027-02-01T00:00:00Z")));
        runner.withPropertyValues(
                        "service-breaker.services.anthropic.coordinate-with-cost-breaker=false",
                        "service-breaker.services.cache.provider=cache",
                        COST + "prices-as-of=2026-08-05",
                        COST + "prices.mine.input=1")
                .run(context -> assertThat(output)
                        .containsOnlyOnce(
                                "Prices are older than 180 days: the bundled ones for openai of 2026-08-02. Set"));
    }

    @Test
    void saysWhenTheUsersPricesAreOld(CapturedOutput output) {
        runner.withPropertyValues(COST + "prices-as-of=2025-09-01", COST + "prices.mine.input=1")
                .run(context -> assertThat(output)
                        .contains("Prices are older than 180 days: service-breaker.cost.prices of 2025-09-01. Set"));
    }

    @Test
    void allowsAMonthWithoutMoneyBesideADailyBudget() {
        runner.withPropertyValues(COST + "budgets.daily=10", COST + "budgets.monthly=0")
                .run(context -> assertThat(refusal(context, small(1)).reason()).isEqualTo(RejectionReason.COST_BUDGET));
    }

    /** Each thousand tokens of it cost one. */
    private static CallRequest small(int output) {
        return CallRequest.to("openai").model("small").estimatedTokens(0, output);
    }

    private static CallReport used(String model, int input, int output) {
        return CallReport.EMPTY.model(model).usage(new Usage(input, output, 0));
    }

    private static BudgetView today(ApplicationContext context) {
        return context.getBean(ServiceCosts.class).budgets().total(Period.DAILY);
    }

    private static Estimate.Method method(ApplicationContext context, String service, String model) {
        CallRequest request = CallRequest.to(service).model(model).estimatedTokens(10, 10);
        return context.getBean(ServiceCosts.class)
                .of(service)
                .orElseThrow()
                .estimate(request)
                .method();
    }

    private static String expected(ApplicationContext context, CallRequest request) {
        return context.getBean(ServiceCosts.class)
                .of(request.service())
                .orElseThrow()
                .estimate(request)
                .amount()
                .toString();
    }

    private static OngoingCall begin(ApplicationContext context, CallRequest request) {
        return context.getBean(CallOrchestrator.class).begin(request);
    }

    private static CallRejectedException refusal(ApplicationContext context, CallRequest request) {
        return catchThrowableOfType(CallRejectedException.class, () -> begin(context, request));
    }

    /** A clock that forgets what day it is, but not how time passes. */
    private static final class BrokenCalendar implements TimeSource {

        private final FakeTime time = new FakeTime();
        private boolean broken;

        void breakDown() {
            broken = true;
            time.advance(Duration.ofMinutes(5));
        }

        @Override
        public long nanos() {
            return time.nanos();
        }

        @Override
        public Instant now() {
            if (broken) {
                throw new IllegalStateException("no calendar");
            }
            return time.now();
        }
    }
}
