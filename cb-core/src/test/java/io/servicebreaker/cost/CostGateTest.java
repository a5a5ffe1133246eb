package io.servicebreaker.cost;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.call.Admission;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Permit;
import io.servicebreaker.call.Rejection;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.call.RejectionScope;
import io.servicebreaker.call.Usage;
import io.servicebreaker.event.Events;
import io.servicebreaker.time.FakeTime;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CostGateTest {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final Duration LEASE = Duration.ofMinutes(10);
    /** A thousand tokens for one. */
    private static final PriceList PRICES = PriceList.of(Map.of(
            "model",
            Price.of(new BigDecimal(1000), new BigDecimal(1000), null, null, null),
            "searching",
            Price.of(new BigDecimal(1000), new BigDecimal(1000), null, null, new BigDecimal("0.5")),
            "free",
            Price.FREE));

    private final FakeTime time = new FakeTime();
    private final Events events = new Events();

    @AfterEach
    void close() {
        events.close();
    }

    @Test
    void refusesACallThatTheBudgetDoesNotAllow() {
        Budgets budgets = budgets(limits("10", null), BudgetLimits.NONE);
        CostGate gate = gate(budgets);
        permit(gate, 7);

        Rejection rejection = rejection(gate, 4);

        assertThat(rejection.reason()).isEqualTo(RejectionReason.COST_BUDGET);
        assertThat(rejection.scope()).isEqualTo(RejectionScope.BUDGET);
        assertThat(rejection.explanation()).isEqualTo("the daily budget of 10 has no 4 left");
        assertThat(gate.saved()).hasToString("4");
        permit(gate, 3);
    }

    @Test
    void booksWhatACallHasCostInsteadOfWhatWasReserved() {
        Budgets budgets = budgets(limits("10", "100"), limits("5", null));
        CostGate gate = gate(budgets);
        Permit call = permit(gate, 4);

        assertThat(spent(budgets)).isEqualTo("0 spent, 4 reserved");
        end(call, costs("1.5"));

        assertThat(spent(budgets)).isEqualTo("1.5 spent, 0 reserved");
        assertThat(budgets.total(Period.MONTHLY).remaining()).hasToString("98.5");
        assertThat(budgets.service("openai", Period.DAILY).remaining()).hasToString("3.5");
        assertThat(budgets.service("openai", Period.MONTHLY).remaining()).isNull();
    }

    @Test
    void aCallThatCostsMoreThanExpectedIsBookedInFull() {
        Budgets budgets = budgets(limits("10", null), BudgetLimits.NONE);
        CostGate gate = gate(budgets);

        end(permit(gate, 4), costs("12"));

        assertThat(budgets.total(Period.DAILY).spent()).hasToString("12");
        assertThat(budgets.total(Period.DAILY).remaining()).isEqualTo(Money.ZERO);
        assertThat(rejection(gate, 1).reason()).isEqualTo(RejectionReason.COST_BUDGET);
    }

    @Test
    void aCallThatWasNotMadeGivesItsReservationBack() {
        Budgets budgets = budgets(limits("10", null), limits("10", null));
        CostGate gate = gate(budgets);

        permit(gate, 10).finish(Outcome.NOT_RUN, 0, time.nanos());

        assertThat(spent(budgets)).isEqualTo("0 spent, 0 reserved");
        permit(gate, 10);
    }

    @ParameterizedTest
    @CsvSource({"SUCCESS, 4", "FAILURE, 0", "CANCELLED, 0", "CANCELLED_WHILE_ANSWERING, 4"})
    void whoeverGotAnAnswerHasPaidForItAlsoIfNobodySaysWhat(String end, String spent) {
        Budgets budgets = budgets(limits("10", null), BudgetLimits.NONE);
        Outcome outcome = switch (end) {
            case "SUCCESS" -> Outcome.SUCCESS;
            case "FAILURE" -> Outcome.failure(FailureCause.SERVER_ERROR);
            case "CANCELLED" -> Outcome.CANCELLED;
            default -> Outcome.CANCELLED_WHILE_ANSWERING;
        };

        end(permit(gate(budgets), 4), outcome);

        assertThat(spent(budgets)).isEqualTo(spent + " spent, 0 reserved");
    }

    @Test
    void aFailedCallThatIsBilledCostsAndIsWasted() {
        Budgets budgets = budgets(limits("10", null), BudgetLimits.NONE);
        CostGate gate = gate(budgets);
        CallReport billed = CallReport.EMPTY.model("model").usage(new Usage(1500, 500, 0));

        end(permit(gate, 4), Outcome.failure(FailureCause.CONNECTION).with(null, billed));

        assertThat(spent(budgets)).isEqualTo("2 spent, 0 reserved");
        assertThat(gate.wasted()).hasToString("2");
    }

    @Test
    void booksTheSearchesThatTheModelMade() {
        Budgets budgets = budgets(limits("10", null), BudgetLimits.NONE);
        CallReport searched = CallReport.EMPTY.model("searching").usage(new Usage(1000, 0, 0, 3));

        end(permit(gate(budgets), 1), Outcome.SUCCESS.with(null, searched));

        assertThat(spent(budgets)).isEqualTo("2.5 spent, 0 reserved");
    }

    @Test
    void theSmallestBudgetDecidesAndNothingStaysReservedInTheOthers() {
        Budgets budgets = budgets(limits("10", null), limits(null, "3"));
        CostGate gate = gate(budgets);

        Rejection rejection = rejection(gate, 4);

        assertThat(rejection.explanation()).contains("monthly budget of 3");
        assertThat(spent(budgets)).isEqualTo("0 spent, 0 reserved");
        assertThat(budgets.service("openai", Period.MONTHLY).reserved()).isEqualTo(Money.ZERO);
    }

    @Test
    void servicesSpendFromOneBudget() {
        Map<String, BudgetLimits> services = new LinkedHashMap<>();
        services.put("openai", BudgetLimits.NONE);
        services.put("perplexity", BudgetLimits.NONE);
        Budgets budgets = new Budgets(limits("10", null), services, BERLIN, time, LEASE, events);

        permit(gate(budgets), 7);

        assertThat(rejection(gate("perplexity", budgets), 4).reason()).isEqualTo(RejectionReason.COST_BUDGET);
        assertThat(budgets.service("perplexity", Period.DAILY).reserved()).isEqualTo(Money.ZERO);
    }

    @Test
    void whatCostsNothingIsAllowedAlsoWhenTheBudgetIsOverspent() {
        CostGate gate = gate(budgets(limits("10", null), BudgetLimits.NONE));
        end(permit(gate, 4), costs("12"));

        assertThat(gate.admit(CallRequest.to("openai").model("free"), time.nanos()))
                .isInstanceOf(Permit.class);
        assertThat(rejection(gate, 1).reason()).isEqualTo(RejectionReason.COST_BUDGET);
    }

    @Test
    void sumsUpWhatAllCallsHaveCost() {
        CostGate gate = gate(budgets(BudgetLimits.NONE, BudgetLimits.NONE));

        end(permit(gate, 4), costs("3"));
        end(permit(gate, 4), Outcome.SUCCESS);
        end(permit(gate, 4), Outcome.failure(FailureCause.SERVER_ERROR));
        permit(gate, 4).finish(Outcome.NOT_RUN, 0, time.nanos());

        assertThat(gate.spent()).hasToString("7");
    }

    @Test
    void aLimitOfNothingAllowsNothing() {
        CostGate gate = gate(budgets(limits("0", null), BudgetLimits.NONE));

        assertThat(gate.admit(CallRequest.to("openai").model("free"), time.nanos()))
                .isInstanceOf(Rejection.class);
    }

    @Test
    void theEndOfThePeriodAllowsCallsAgainWithoutAnyFailure() {
        timeIs("2027-03-27T23:30:00Z"); // half past midnight in Berlin, before the clocks are changed
        CostGate gate = gate(budgets(limits("10", null), BudgetLimits.NONE));
        end(permit(gate, 10), costs("10"));

        Rejection rejection = rejection(gate, 1);
        assertThat(rejection.retryAfter()).contains(Duration.ofHours(22).plusMinutes(30)); // a day of 23 hours
        time.advance(rejection.retryAfter().orElseThrow());

        permit(gate, 10);
    }

    @Test
    void whoeverIsRefusedByTwoBudgetsWaitsForTheLater() {
        timeIs("2027-02-10T11:00:00Z");
        CostGate gate = gate(budgets(limits("10", "10"), BudgetLimits.NONE));
        end(permit(gate, 10), costs("10"));

        assertThat(time.now().plus(rejection(gate, 1).retryAfter().orElseThrow()))
                .isEqualTo("2027-02-28T23:00:00Z");
    }

    @Test
    void aCallIsBookedInThePeriodInWhichItBegan() {
        timeIs("2027-06-01T21:59:00Z");
        Budgets budgets = budgets(limits("10", "100"), BudgetLimits.NONE);
        CostGate gate = gate(budgets);
        Permit yesterdays = permit(gate, 8);
        time.advance(Duration.ofMinutes(2));

        permit(gate, 9);
        end(yesterdays, costs("7"));

        assertThat(budgets.total(Period.DAILY).spent()).isEqualTo(Money.ZERO);
        assertThat(budgets.total(Period.DAILY).reserved()).hasToString("9");
        assertThat(budgets.total(Period.MONTHLY).spent()).hasToString("7");
        assertThat(budgets.total(Period.MONTHLY).reserved()).hasToString("9");
    }

    @Test
    void aReservationThatNobodySettlesExpires() {
        Budgets budgets = budgets(limits("10", null), BudgetLimits.NONE);
        CostGate gate = gate(budgets);
        Permit lost = permit(gate, 10);
        time.advance(LEASE.plusMinutes(1));

        end(permit(gate, 10), costs("10"));
        assertThat(spent(budgets)).isEqualTo("10 spent, 0 reserved");

        end(lost, costs("3")); // after all
        assertThat(spent(budgets)).isEqualTo("13 spent, 0 reserved");
    }

    @Test
    void aFailureThatWasCountedBeforeIsWastedAllTheSame() {
        CostGate gate = gate(budgets(limits("10", null), BudgetLimits.NONE));

        end(
                permit(gate, 4),
                new Outcome(
                        Outcome.Kind.IGNORED,
                        FailureCause.CONNECTION,
                        RejectionScope.SERVICE,
                        null,
                        CallReport.EMPTY.cost(new BigDecimal("3")),
                        Outcome.Remark.FAILURE_COUNTED));

        assertThat(gate.wasted()).hasToString("3");
    }

    @Test
    void aReservationOfAServiceThatNobodyCallsAnyMoreExpires() {
        Budgets budgets = new Budgets(
                limits("10", null),
                Map.of("openai", BudgetLimits.NONE, "quiet", BudgetLimits.NONE),
                BERLIN,
                time,
                LEASE,
                events);
        permit(gate("quiet", budgets), 10);
        CostGate gate = gate(budgets);
        assertThat(rejection(gate, 10).reason()).isEqualTo(RejectionReason.COST_BUDGET);

        time.advance(LEASE.plusMinutes(1));

        permit(gate, 10);
        assertThat(budgets.reserved("quiet")).isEqualTo(Money.ZERO);
    }

    @Test
    void aClockThatWasWrongForAMomentBeginsNoDayTwice() {
        timeIs("2027-06-01T10:00:00Z");
        Budgets budgets = budgets(limits("10", "100"), BudgetLimits.NONE);
        CostGate gate = gate(budgets);
        end(permit(gate, 8), costs("8"));

        time.set(Duration.ofDays(31));
        time.advance(Duration.ofMinutes(2));
        end(permit(gate, 5), costs("5"));
        time.set(Duration.ofDays(-31));
        time.advance(Duration.ofMinutes(2));

        assertThat(spent(budgets)).isEqualTo("8 spent, 0 reserved");
        assertThat(rejection(gate, 5).retryAfter())
                .contains(Duration.ofHours(11).plusMinutes(56));
        time.advance(Duration.ofHours(12));
        assertThat(spent(budgets)).isEqualTo("0 spent, 0 reserved");
        assertThat(budgets.total(Period.MONTHLY).spent()).hasToString("8");

        time.set(Duration.ofHours(-1)); // before midnight again
        assertThat(spent(budgets)).isEqualTo("8 spent, 0 reserved");
    }

    @Test
    void isRecordedForTheDayWhoseBudgetPaid() {
        timeIs("2027-06-01T22:00:10Z"); // ten seconds after midnight in Berlin
        Budgets budgets = budgets(limits("10", null), BudgetLimits.NONE);
        SpendRecorder recorder = new SpendRecorder(time);
        CostRules rules = new CostRules(List.of(), budgets, time, events);
        CostGate gate = new CostGate("openai", budgets, PRICES, rules, time, recorder);
        Permit call = permit(gate, 1);

        time.set(Duration.ofSeconds(-30)); // the clock was fast
        end(call, costs("1"));

        recorder.drain(record -> assertThat(record.bookedAt()).isEqualTo("2027-06-01T22:00:10Z"), 1);
        assertThat(recorder.size()).isZero();
    }

    @Test
    void admitsExactlyWhatIsLeftForManyAtATimeA37() throws Exception {
        for (int round = 0; round < 20; round++) {
            Budgets budgets = budgets(limits("50", null), limits(null, "1000"));
            CostGate gate = gate(budgets);

            List<Admission> answers = Together.ask(100, () -> gate.admit(asking(1), time.nanos()));

            assertThat(answers).filteredOn(Permit.class::isInstance).hasSize(50);
            assertThat(spent(budgets)).isEqualTo("0 spent, 50 reserved");
        }
    }

    @Test
    void overspendsAtMostWhatTheCallsUnderWayCostMoreThanExpected() throws Exception {
        Budgets budgets = budgets(limits("50", null), BudgetLimits.NONE);
        CostGate gate = gate(budgets);

        List<Admission> answers = Together.ask(100, () -> {
            Admission answer = gate.admit(asking(1), time.nanos());
            if (answer instanceof Permit call) {
                end(call, costs("1.5"));
            }
            return answer;
        });

        long calls = answers.stream().filter(Permit.class::isInstance).count();
        BigDecimal spent = budgets.total(Period.DAILY).spent().toDecimal();
        assertThat(spent).isEqualByComparingTo(new BigDecimal("1.5").multiply(BigDecimal.valueOf(calls)));
        assertThat(spent.subtract(BigDecimal.valueOf(50))).isLessThanOrEqualTo(BigDecimal.valueOf(calls * 0.5));
        assertThat(calls).isBetween(33L, 50L);
    }

    @Test
    void expectsWhatCallsOfTheKindHaveCostWhereNoTokensAreGiven() {
        CostGate gate = gate(budgets(limits("100", null), BudgetLimits.NONE));
        CallRequest chat = CallRequest.to("openai").operation("chat").model("unpriced");
        assertThat(gate.estimate(chat)).isEqualTo(new Estimate(Money.of("0.01"), Estimate.Method.DEFAULT, 0.3));

        for (String cost : List.of("2", "4", "2", "4")) {
            end((Permit) gate.admit(chat, time.nanos()), costs(cost));
        }

        assertThat(gate.estimate(chat)).isEqualTo(new Estimate(Money.of("4"), Estimate.Method.HISTORY, 0.04));
        assertThat(gate.estimate(chat.operation("embed")).method()).isEqualTo(Estimate.Method.DEFAULT);
        assertThat(gate.estimate(asking(3))).isEqualTo(new Estimate(Money.of("3"), Estimate.Method.TOKENS, 0.9));
    }

    @Test
    void oneReservationStandsForAllAlike() {
        CostGate gate = gate(budgets(limits("100", null), BudgetLimits.NONE));

        assertThat(permit(gate, 2)).isSameAs(permit(gate, 2)).isNotSameAs(permit(gate, 3));
    }

    private void timeIs(String instant) {
        time.advance(Duration.between(time.now(), Instant.parse(instant)));
    }

    private static BudgetLimits limits(String daily, String monthly) {
        return new BudgetLimits(daily == null ? null : Money.of(daily), monthly == null ? null : Money.of(monthly));
    }

    private Budgets budgets(BudgetLimits total, BudgetLimits openai) {
        return new Budgets(total, Map.of("openai", openai), BERLIN, time, LEASE, events);
    }

    private CostGate gate(Budgets budgets) {
        return gate("openai", budgets);
    }

    private CostGate gate(String service, Budgets budgets) {
        return new CostGate(service, budgets, PRICES, new CostRules(List.of(), budgets, time, events), time);
    }

    private static CallRequest asking(int price) {
        return CallRequest.to("openai").model("model").estimatedTokens(0, 1000 * price);
    }

    private Permit permit(CostGate gate, int price) {
        return (Permit) gate.admit(asking(price), time.nanos());
    }

    private Rejection rejection(CostGate gate, int price) {
        return (Rejection) gate.admit(asking(price), time.nanos());
    }

    private static Outcome costs(String amount) {
        return Outcome.SUCCESS.with(null, CallReport.EMPTY.cost(new BigDecimal(amount)));
    }

    private void end(Permit call, Outcome outcome) {
        call.finish(outcome, 0, time.nanos());
    }

    private static String spent(Budgets budgets) {
        BudgetView today = budgets.total(Period.DAILY);
        return today.spent() + " spent, " + today.reserved() + " reserved";
    }
}
