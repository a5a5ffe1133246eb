package io.servicebreaker.cost;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Permit;
import io.servicebreaker.call.PromptTokens;
import io.servicebreaker.call.Usage;
import io.servicebreaker.event.Events;
import io.servicebreaker.time.FakeTime;
import java.lang.ref.WeakReference;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a call is expected to cost whose prompt is counted. */
class CountedTokensTest {

    private static final BigDecimal ONE_FOR_A_THOUSAND = new BigDecimal(1000);

    private final FakeTime time = new FakeTime();
    private final Events events = new Events();
    private final CostGate gate = gate();

    @AfterEach
    void close() {
        events.close();
    }

    @Test
    void isThatOfThePromptAndOfTheLongestAnswerThatTheRequestAllows() {
        assertThat(gate.estimate(asking("model", 2000, 500)))
                .isEqualTo(new Estimate(Money.of("2.5"), Estimate.Method.COUNTED, 0.8));
    }

    @Test
    void isThatOfUsualAnswersWhereTheRequestAllowsAnyAnswer() {
        CallRequest unlimited = asking("model", 2000, 0);
        assertThat(gate.estimate(unlimited).method()).isEqualTo(Estimate.Method.DEFAULT);

        answer(unlimited, new Usage(9000, 100, 0));
        answer(unlimited, new Usage(9000, 300, 0));

        assertThat(gate.estimate(unlimited)).isEqualTo(new Estimate(Money.of("2.3"), Estimate.Method.COUNTED, 0.02));
        assertThat(gate.estimate(asking("model", 1000, 0)).amount()).isEqualTo(Money.of("1.3"));
    }

    @Test
    void isAtLeastThatOfThePromptWhereNothingIsKnownOfAnswers() {
        assertThat(gate.estimate(asking("model", 2000, 0)))
                .isEqualTo(new Estimate(Money.of("2"), Estimate.Method.DEFAULT, 0.3));
        assertThat(gate.estimate(asking("model", 1, 0)).amount()).isEqualTo(Money.of("0.01"));
    }

    @Test
    void isThatOfThePromptWhereAnswersAreFree() {
        assertThat(gate.estimate(asking("embedding", 2000, 0)))
                .isEqualTo(new Estimate(Money.of("2"), Estimate.Method.COUNTED, 0.8));
    }

    @Test
    void isUnknownWhereNothingCouldBeCounted() {
        assertThat(gate.estimate(asking("model", 0, 500)).method()).isEqualTo(Estimate.Method.DEFAULT);
        assertThat(gate.estimate(CallRequest.to("openai").model("embedding")).method())
                .isEqualTo(Estimate.Method.DEFAULT);
    }

    @Test
    void givenTokensGoBeforeCountedOnesWhichNobodyCountsThen() {
        CallRequest request = CallRequest.to("openai")
                .model("model")
                .estimatedTokens(1000, 1000)
                .prompt(new Uncountable());

        assertThat(gate.estimate(request)).isEqualTo(new Estimate(Money.of("2"), Estimate.Method.TOKENS, 0.9));
    }

    @Test
    void nobodyCountsForAModelWithoutAPrice() {
        CallRequest request = CallRequest.to("openai").model("unpriced").prompt(new Uncountable());

        assertThat(gate.admit(request, time.nanos())).isInstanceOf(Permit.class);
    }

    @Test
    void isKnownWithoutKeepingThePromptOfACallThatHasEnded() {
        WeakReference<PromptTokens> prompt = promptOfACallThatHasEnded();

        for (int i = 0; i < 100 && !prompt.refersTo(null); i++) {
            System.gc();
        }

        assertThat(prompt.refersTo(null)).isTrue();
        assertThat(gate.spent()).isEqualTo(Money.of("0.01"));
    }

    private WeakReference<PromptTokens> promptOfACallThatHasEnded() {
        PromptTokens prompt = new Uncountable();
        Permit call =
                (Permit) gate.admit(CallRequest.to("openai").model("unpriced").prompt(prompt), time.nanos());
        call.finish(Outcome.SUCCESS, 0, time.nanos());
        return new WeakReference<>(prompt);
    }

    @Test
    void countedTokensGoBeforeWhatOtherCallsHaveCost() {
        CallRequest request = asking("model", 2000, 500);
        answer(request, new Usage(9000, 100, 0));

        assertThat(gate.estimate(request).method()).isEqualTo(Estimate.Method.COUNTED);
        assertThat(gate.estimate(CallRequest.to("openai").model("model")).method())
                .isEqualTo(Estimate.Method.HISTORY);
    }

    @Test
    void includesTheSearchesThatTheModelUsuallyMakes() {
        CallRequest request = asking("searching", 1000, 1000);
        assertThat(gate.estimate(request).amount()).isEqualTo(Money.of("2"));

        answer(request, new Usage(10, 10, 0, 3));
        answer(request, new Usage(10, 10, 0, 1));

        assertThat(gate.estimate(request).amount()).isEqualTo(Money.of("3.5"));
    }

    private void answer(CallRequest request, Usage usage) {
        Permit call = (Permit) gate.admit(request, time.nanos());
        call.finish(Outcome.SUCCESS.with(null, CallReport.EMPTY.usage(usage)), 0, time.nanos());
    }

    private static CallRequest asking(String model, int input, int mostOutput) {
        return CallRequest.to("openai").model(model).prompt(new Counted(input, mostOutput));
    }

    private CostGate gate() {
        PriceList prices = PriceList.of(Map.of(
                "model", Price.of(ONE_FOR_A_THOUSAND, ONE_FOR_A_THOUSAND, null, null, null),
                "embedding", Price.of(ONE_FOR_A_THOUSAND, null, null, null, null),
                "searching", Price.of(ONE_FOR_A_THOUSAND, ONE_FOR_A_THOUSAND, null, null, new BigDecimal("0.5"))));
        Budgets budgets = new Budgets(
                BudgetLimits.NONE,
                Map.of("openai", BudgetLimits.NONE),
                ZoneOffset.UTC,
                time,
                Duration.ofMinutes(10),
                events);
        return new CostGate("openai", budgets, prices, new CostRules(List.of(), budgets, time, events), time);
    }

    private record Counted(int input, int mostOutput) implements PromptTokens {}

    private static final class Uncountable implements PromptTokens {

        @Override
        public int input() {
            throw new AssertionError("nobody should ask");
        }

        @Override
        public int mostOutput() {
            throw new AssertionError("nobody should ask");
        }
    }
}
