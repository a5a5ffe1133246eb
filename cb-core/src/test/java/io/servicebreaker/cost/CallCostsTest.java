package io.servicebreaker.cost;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Permit;
import io.servicebreaker.call.Usage;
import java.math.BigDecimal;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the calls of each operation and model have cost. */
class CallCostsTest {

    private final Spender spender = new Spender(BudgetLimits.NONE);

    @AfterEach
    void close() {
        spender.close();
    }

    @Test
    void compareWhatWasExpectedWithWhatBecameKnown() {
        end("4", cost("3"));
        end("4", cost("6"));

        CallCosts costs = only();

        assertThat(costs.model()).isEqualTo("model");
        assertThat(costs.calls()).isEqualTo(2);
        assertThat(costs.spent()).hasToString("9");
        assertThat(costs.known()).hasToString("9");
        assertThat(costs.estimated()).hasToString("8");
        assertThat(costs.missed()).hasToString("3");
        assertThat(costs.method()).isEqualTo(Estimate.Method.TOKENS);
        assertThat(costs.confidence()).isEqualTo(0.9);
    }

    @Test
    void compareNothingWhereTheCostIsOnlyAssumed() {
        end("4", Outcome.SUCCESS);
        end("4", Outcome.failure(FailureCause.SERVER_ERROR));
        end("4", Outcome.NOT_RUN);

        CallCosts costs = only();

        assertThat(costs.calls()).isEqualTo(2);
        assertThat(costs.spent()).hasToString("4");
        assertThat(costs.known()).isEqualTo(Money.ZERO);
        assertThat(costs.estimated()).isEqualTo(Money.ZERO);
        assertThat(costs.missed()).isEqualTo(Money.ZERO);
    }

    @Test
    void sumUpTheTokensThatAnswersTell() {
        end("4", Outcome.SUCCESS.with(null, CallReport.EMPTY.usage(new Usage(1000, 500, 0))));
        end("4", Outcome.failure(FailureCause.CONNECTION).with(null, CallReport.EMPTY.usage(new Usage(1000, 20, 0))));

        assertThat(only().inputTokens()).isEqualTo(2000);
        assertThat(only().outputTokens()).isEqualTo(520);
        assertThat(only().spent()).hasToString("2.52");
    }

    @Test
    void areThoseOfEachOperationAndModelAndAfterTheFirstThousandOfAllOthersTogether() {
        IntStream.range(0, 1100).forEach(i -> ask("operation " + i).finish(cost("1"), 0, spender.time.nanos()));
        Permit another = (Permit)
                spender.ask(CallRequest.to("openai").operation("operation 7").model("model"));
        another.finish(cost("2"), 0, spender.time.nanos());

        assertThat(spender.gate.costs()).hasSize(1001);
        CallCosts others = spender.gate.costs().get(1000);
        assertThat(others.operation()).isEqualTo("(others)");
        assertThat(others.calls()).isEqualTo(101);
        assertThat(others.spent()).hasToString("102");
        assertThat(spender.gate.spent()).hasToString("1102");
    }

    @Test
    void areWhatOthersOfTheirLikeAreExpectedToCostAlsoAfterTheFirstThousand() {
        IntStream.range(0, 1000).forEach(i -> ask("operation " + i));
        ask("operation 1000").finish(cost("7"), 0, spender.time.nanos());

        assertThat(spender.gate.estimate(CallRequest.to("openai").operation("operation 1001")))
                .extracting(Estimate::amount, Estimate::method)
                .containsExactly(Money.of("7"), Estimate.Method.HISTORY);
    }

    @Test
    void areAddedUpAlsoWhileAThreadRests() {
        KindTotals totals = new KindTotals();
        assertThat(totals.isResting()).isFalse();

        totals.rest();

        assertThat(IntStream.range(0, 2000).filter(i -> totals.isResting())).hasSize(1024);
        totals.add(null, 3, 4);
        assertThat(totals.spent()).isEqualTo(4);
    }

    private Permit ask(String operation) {
        return (Permit) spender.ask(CallRequest.to("openai").operation(operation));
    }

    private void end(String expected, Outcome outcome) {
        ((Permit) spender.ask(expected)).finish(outcome, 0, spender.time.nanos());
    }

    private static Outcome cost(String amount) {
        return Outcome.SUCCESS.with(null, CallReport.EMPTY.cost(new BigDecimal(amount)));
    }

    private CallCosts only() {
        assertThat(spender.gate.costs()).hasSize(1);
        return spender.gate.costs().get(0);
    }
}
