package io.servicebreaker.cost;

import static io.servicebreaker.cost.Spender.asking;
import static io.servicebreaker.cost.Spender.daily;
import static io.servicebreaker.cost.Spender.rule;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.servicebreaker.call.Admission;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Permit;
import io.servicebreaker.call.Rejection;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.call.RejectionScope;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CostRulesTest {

    private Spender spender = new Spender(BudgetLimits.NONE);

    @AfterEach
    void close() {
        spender.close();
    }

    private void under(BudgetLimits total, CostRuleBuilder... rules) {
        spender.close();
        spender = new Spender(
                total, List.of(rules).stream().map(CostRuleBuilder::build).toArray(CostRule[]::new));
    }

    @ParameterizedTest
    @CsvSource({
        "ABSOLUTE_DAILY, 7, rule cap allows 7 a day, PT12H",
        "ABSOLUTE_MONTHLY, 7, rule cap allows 7 a month, PT732H",
        "PERCENTAGE_DAILY, 70, rule cap allows 70 % of the daily budget, PT12H",
        "PERCENTAGE_MONTHLY, 35, rule cap allows 35 % of the monthly budget, PT732H",
        "RATE, 7, rule cap allows 7 an hour, PT1H"
    })
    void blocksACallWithWhichMoreWouldBeSpentThanARuleAllows(
            CostRule.Type type, String value, String words, Duration wait) {
        under(
                new BudgetLimits(Money.of("10"), Money.of("20")),
                rule("cap", type, value).block());
        spender.spend("5");

        Rejection refusal = spender.refusal("3");

        assertThat(refusal.reason()).isEqualTo(RejectionReason.COST_RULE);
        assertThat(refusal.scope()).isEqualTo(RejectionScope.BUDGET);
        assertThat(refusal.explanation()).startsWith(words + ", and this call would make it ");
        assertThat(refusal.retryAfter().orElseThrow()).isBetween(wait.minusMinutes(1), wait);
        assertThat(spender.gate.saved()).hasToString("3");
        assertThat(spender.admits("2")).isTrue();
        assertThat(spender.admits("0.001")).isFalse();
    }

    @Test
    void tellsWhatWasFoundInTheUnitOfTheRule() {
        under(daily("10"), rule("share", CostRule.Type.PERCENTAGE_DAILY, "62.5").block());
        spender.spend("5");

        assertThat(spender.refusal("3").explanation())
                .isEqualTo("rule share allows 62.5 % of the daily budget, and this call would make it 80");
    }

    @Test
    void blocksACallThatIsTooDearByItself() {
        under(BudgetLimits.NONE, rule("dear", CostRule.Type.OPERATION, "0.5").block());

        Rejection refusal = spender.refusal("0.75");

        assertThat(refusal.explanation())
                .isEqualTo("rule dear allows 0.5 for a call, and this one is expected to cost 0.75");
        assertThat(refusal.retryAfter()).isEmpty();
        assertThat(spender.admits("0.5")).isTrue();
    }

    @Test
    void aValueOfNothingBlocksAlsoWhatCostsNothing() {
        under(BudgetLimits.NONE, rule("stop", CostRule.Type.ABSOLUTE_DAILY, "0").block());

        assertThat(spender.admits("0.001")).isFalse();
        assertThat(spender.ask(CallRequest.to("openai").model("free"))).isInstanceOf(Rejection.class);
    }

    @Test
    void whatCostsNothingIsAllowedAlsoWhereTooMuchHasBeenSpent() {
        under(BudgetLimits.NONE, rule("cap", CostRule.Type.ABSOLUTE_DAILY, "5").block());
        spender.spend("5", "6");

        assertThat(spender.ask(CallRequest.to("openai").model("free"))).isInstanceOf(Permit.class);
        assertThat(spender.admits("0.001")).isFalse();
    }

    @Test
    void aShareOfABudgetThatIsNotSetIsNeverExceeded() {
        under(daily("10"), rule("month", CostRule.Type.PERCENTAGE_MONTHLY, "1").block());

        spender.spend("9");

        assertThat(spender.admits("1")).isTrue();
    }

    @Test
    void saysThatTheBudgetIsSpentRatherThanThatARuleOnItMatches() {
        under(daily("10"), rule("all", CostRule.Type.PERCENTAGE_DAILY, "100").block());
        spender.spend("10");

        Rejection refusal = spender.refusal("1");

        assertThat(refusal.reason()).isEqualTo(RejectionReason.COST_BUDGET);
        assertThat(spender.told()).contains("all matches 110");
    }

    @Test
    void theStrongestRuleDecidesThenTheHigherPriorityThenTheFirstId() {
        under(
                BudgetLimits.NONE,
                rule("alert", CostRule.Type.OPERATION, "1").priority(100),
                rule("slow", CostRule.Type.OPERATION, "1").throttle(0.5).priority(50),
                rule("z", CostRule.Type.OPERATION, "1").block().priority(3),
                rule("b", CostRule.Type.OPERATION, "1").block().priority(7),
                rule("a", CostRule.Type.OPERATION, "1").block().priority(7));

        assertThat(spender.refusal("2").explanation()).startsWith("rule a ");
        assertThat(spender.told())
                .containsExactlyInAnyOrder(
                        "alert matches 2", "slow matches 2", "z matches 2", "b matches 2", "a matches 2");
    }

    @Test
    void alertsOnceWhileSpendingStaysAboveTheValue() {
        under(new BudgetLimits(null, Money.of("100")), rule("warn", CostRule.Type.PERCENTAGE_MONTHLY, "90"));
        spender.spend("92");

        spender.spend("1");
        spender.spend("1");

        assertThat(spender.told())
                .contains("warn matches 92")
                .filteredOn(told -> told.startsWith("warn"))
                .hasSize(1);
    }

    @Test
    void aCooldownQuietsAlertsAndNeverProtection() {
        under(
                BudgetLimits.NONE,
                rule("dear", CostRule.Type.OPERATION, "1").block().cooldown(Duration.ofMinutes(5)));

        assertThat(spender.admits("2")).isFalse();
        spender.later(Duration.ofMinutes(4));
        assertThat(spender.admits("3")).isFalse();
        spender.later(Duration.ofMinutes(1));
        assertThat(spender.admits("4")).isFalse();

        assertThat(spender.told()).containsExactly("dear matches 2", "dear matches 4");
    }

    @Test
    void tellsAfterTheCooldownOfARuleThatCameIntoForceDuringIt() {
        under(
                BudgetLimits.NONE,
                rule("cap", CostRule.Type.ABSOLUTE_DAILY, "5").block().cooldown(Duration.ofMinutes(5)));
        assertThat(spender.admits("6")).isFalse();
        spender.spend("1");

        assertThat(spender.admits("7")).isFalse();
        spender.later(Duration.ofMinutes(5));
        assertThat(spender.admits("8")).isFalse();

        assertThat(spender.told()).containsExactly("cap matches 6", "cap ended", "cap matches 9");
    }

    @Test
    void isOnlyForItsOperationsAndCategories() {
        under(
                BudgetLimits.NONE,
                rule("batches", CostRule.Type.OPERATION, "1").block().operations(Set.of("batch")),
                rule("research", CostRule.Type.OPERATION, "2").block().categories(Set.of("research")),
                rule("both", CostRule.Type.OPERATION, "3")
                        .block()
                        .operations(Set.of("chat"))
                        .categories(Set.of("research", "play")));

        assertThat(spender.ask(asking("9"))).isInstanceOf(Permit.class);
        assertThat(spender.ask(asking("9").operation("chat"))).isInstanceOf(Permit.class);
        assertThat(spender.ask(asking("9").category("play"))).isInstanceOf(Permit.class);
        assertThat(spender.refusal(asking("2").operation("batch")).explanation())
                .contains("batches");
        assertThat(spender.refusal(asking("3").operation("embed").category("research"))
                        .explanation())
                .contains("research");
        assertThat(spender.refusal(asking("4").operation("chat").category("play"))
                        .explanation())
                .contains("both");
    }

    @Test
    void comparesWhatAllServicesHaveSpent() {
        under(BudgetLimits.NONE, rule("cap", CostRule.Type.ABSOLUTE_DAILY, "5").block());
        spender.spend("4");

        assertThat(spender.gate("perplexity").admit(asking("2"), spender.time.nanos()))
                .isInstanceOf(Rejection.class);
    }

    @Test
    void aThrottleServesTheFirstCallAndThenItsShare() {
        under(daily("1000"), rule("slow", CostRule.Type.PERCENTAGE_DAILY, "80").throttle(0.25));
        spender.spend("800");

        List<Boolean> admitted =
                IntStream.range(0, 9).mapToObj(i -> spender.admits("1")).toList();

        assertThat(admitted).containsExactly(true, false, false, false, true, false, false, false, true);
        assertThat(spender.refusal("1").explanation())
                .isEqualTo("rule slow lets only 25 % of calls through above 80 % of the daily budget,"
                        + " and this call would make it 80.4");
    }

    @Test
    void tellsWhoeverIsThrottledWhenTheNextCallWillBeLetThroughAtThePaceOfLate() {
        under(BudgetLimits.NONE, rule("slow", CostRule.Type.OPERATION, "1").throttle(0.25));
        spender.ask("2");

        assertThat(spender.refusal("2").retryAfter()).contains(Duration.ofMillis(100)); // at the same time
        for (int i = 0; i < 101; i++) {
            spender.later(Duration.ofSeconds(3));
            spender.ask("2");
        }
        spender.later(Duration.ofSeconds(3));
        assertThat(spender.refusal("2").retryAfter().orElseThrow())
                .isBetween(Duration.ofMillis(2_900), Duration.ofSeconds(9));
    }

    @Test
    void aRateEndsWhenItsWindowHasPassed() {
        under(BudgetLimits.NONE, rule("rate", CostRule.Type.RATE, "5").throttle(0.5));
        spender.spend("6");

        Rejection refusal = spender.refusal("0.001");
        spender.later(Duration.ofHours(1));

        assertThat(refusal.explanation()).contains("above 5 an hour");
        assertThat(IntStream.range(0, 10)).allMatch(i -> spender.admits("0.001"));
    }

    @Test
    void stopsARunawayLoopWithinItsWindow() {
        under(
                BudgetLimits.NONE,
                rule("loop", CostRule.Type.RATE, "360").block().window(Duration.ofSeconds(10))); // 1 in 10 s
        spender.later(Duration.ofMinutes(7));

        long admitted =
                IntStream.range(0, 100).filter(i -> spender.admits("0.1")).count();

        assertThat(admitted).isEqualTo(10);
        assertThat(spender.refusal("0.1").retryAfter().orElseThrow())
                .isBetween(Duration.ofSeconds(9), Duration.ofSeconds(10));
    }

    @Test
    void aStreamThatBeganBeforeTheWindowMakesNoRoomInItByHavingCostLittle() {
        Duration minute = Duration.ofMinutes(1);
        under(BudgetLimits.NONE, rule("loop", CostRule.Type.RATE, "60").block().window(minute)); // 1 a minute
        long begun = spender.time.nanos();
        Permit stream = (Permit) spender.ask("0.9");
        spender.later(minute.plusSeconds(30));

        stream.finish(
                Outcome.SUCCESS.with(null, CallReport.EMPTY.cost(new BigDecimal("0.1"))),
                begun,
                Duration.ofSeconds(1).toNanos(),
                spender.time.nanos());

        assertThat(spender.admits("1")).isTrue();
        assertThat(spender.admits("0.1")).isFalse();
    }

    @Test
    void aRateCountsWhatCallsHaveCostWhereTheyBegan() {
        under(BudgetLimits.NONE, rule("rate", CostRule.Type.RATE, "10").block());
        Permit cheaper = (Permit) spender.ask("6");
        Permit dearer = (Permit) spender.ask("1");
        Permit notMade = (Permit) spender.ask("3");
        assertThat(spender.admits("1")).isFalse();

        spender.later(Duration.ofMinutes(50));
        spender.end(cheaper, "2", Duration.ofMinutes(50));
        spender.end(dearer, "4", Duration.ofMinutes(50));
        notMade.finish(Outcome.NOT_RUN, Duration.ofMinutes(50).toNanos(), spender.time.nanos());

        assertThat(spender.refusal("5").explanation()).endsWith("would make it 11");
        spender.later(Duration.ofMinutes(10));
        assertThat(spender.admits("10")).isTrue();
    }

    @Test
    void aBudgetRunsFullFromAllowingToThrottlingToBlockingAndBackA33() {
        under(
                daily("1000"),
                rule("slow", CostRule.Type.ABSOLUTE_DAILY, "80").throttle(0.5),
                rule("stop", CostRule.Type.ABSOLUTE_DAILY, "99").block());
        spender.spend("50");
        spender.spend("35");
        assertThat(List.of(spender.admits("1"), spender.admits("1"))).containsExactly(false, true);

        assertThat(spender.refusal("20").explanation()).contains("stop");
        spender.later(Duration.ofHours(12));
        spender.spend("20");

        assertThat(spender.told())
                .filteredOn(told -> !told.contains("%"))
                .containsExactly("slow matches 85", "stop matches 106", "stop ended", "slow ended");
    }

    @Test
    void aSpikeOverTheValueIsBlockedAtOnceUntilLessIsSpentA34() {
        under(daily("1000"), rule("stop", CostRule.Type.ABSOLUTE_DAILY, "100").block());
        spender.spend("40");

        assertThat(servedOf(5, "65")).isZero();
        spender.later(Duration.ofHours(12));

        spender.spend("30");
        assertThat(spender.admits("65")).isTrue();
    }

    @Test
    void theEndOfTheMonthLetsCallsThroughAndTheNextIsJudgedLikewiseA35() {
        under(
                new BudgetLimits(null, Money.of("100")),
                rule("slow", CostRule.Type.PERCENTAGE_MONTHLY, "90").throttle(0.5),
                rule("stop", CostRule.Type.PERCENTAGE_MONTHLY, "95").block());
        spender.spend("95");
        assertThat(servedOf(10, "0.1")).isZero();
        spender.later(Duration.ofDays(31));

        spender.spend("10");
        spender.spend("80");
        assertThat(servedOf(10, "0.01")).isEqualTo(5);
    }

    @Test
    void tiersOfRulesWithACapOnOneOperationA36() {
        under(
                daily("100"),
                rule("warn", CostRule.Type.PERCENTAGE_DAILY, "75"),
                rule("slow", CostRule.Type.PERCENTAGE_DAILY, "85").throttle(0.6).priority(1),
                rule("slower", CostRule.Type.PERCENTAGE_DAILY, "95")
                        .throttle(0.2)
                        .priority(2),
                rule("stop", CostRule.Type.PERCENTAGE_DAILY, "100").block(),
                rule("cap", CostRule.Type.OPERATION, "2").block().operations(Set.of("batch")));

        spender.spend("74");
        assertThat(spender.refusal(asking("2.5").operation("batch")).explanation())
                .contains("rule cap");
        spender.spend("2.5"); // of another operation
        spender.spend("8.5");
        assertThat(servedOf(10, "0.1")).isEqualTo(6);
        assertThat(spender.admits("9.5")).isTrue();
        assertThat(servedOf(10, "0.1")).isEqualTo(2);

        assertThat(spender.refusal("9").reason()).isEqualTo(RejectionReason.COST_BUDGET);
    }

    private long servedOf(int calls, String price) {
        return IntStream.range(0, calls).filter(i -> spender.admits(price)).count();
    }

    @Test
    void anOverrideLetsTheCallsOfOneServicePassAndEndsByItselfA38() {
        under(
                BudgetLimits.NONE,
                rule("soft", CostRule.Type.ABSOLUTE_DAILY, "5").block().allowEmergencyOverride(),
                rule("hard", CostRule.Type.ABSOLUTE_DAILY, "9").block());
        spender.spend("5");
        assertThat(spender.admits("1")).isFalse();

        spender.rules.override("openai", "incident 7", "jo", Duration.ofMinutes(30));

        spender.spend("1");
        assertThat(spender.gate("perplexity").admit(asking("1"), spender.time.nanos()))
                .isInstanceOf(Rejection.class);
        assertThat(spender.refusal("4").explanation()).contains("hard");
        spender.later(Duration.ofMinutes(30));
        assertThat(spender.refusal("1").explanation()).contains("soft");
        assertThat(spender.told()).contains("jo overrides openai for PT30M: incident 7");
    }

    @Test
    void anOverrideNamesAServiceAPersonAReasonAndATime() {
        Duration hour = Duration.ofHours(1);

        assertThatThrownBy(() -> spender.rules.override("nobody", "why", "jo", hour))
                .hasMessageContaining("'nobody'");
        assertThatThrownBy(() -> spender.rules.override("*", " ", "jo", hour)).hasMessageContaining("reason");
        assertThatThrownBy(() -> spender.rules.override("*", "why", "", hour)).hasMessageContaining("responsible");
        assertThatThrownBy(() -> spender.rules.override("*", "why", "jo", Duration.ZERO))
                .hasMessageContaining("PT0S");
        assertThat(spender.told()).isEmpty();
    }

    @Test
    void refusesTwoRulesOfOneId() {
        assertThatThrownBy(() -> under(
                        BudgetLimits.NONE,
                        rule("cap", CostRule.Type.ABSOLUTE_DAILY, "5"),
                        rule("cap", CostRule.Type.ABSOLUTE_MONTHLY, "5")))
                .isInstanceOf(InvalidCostRuleException.class)
                .hasMessageContaining("cap");
    }

    @Test
    void tellsOfEachPartOfABudgetOnceAPeriod() {
        under(daily("10"));

        spender.spend("7");
        spender.spend("0.5");
        spender.spend("0.5", "2.5");
        assertThat(spender.admits("1")).isFalse();
        spender.later(Duration.ofHours(12));
        spender.spend("8");

        assertThat(spender.told())
                .containsExactly("75 % of 10: 7.5", "90 % of 10: 10", "100 % of 10: 10", "75 % of 10: 8");
    }

    @Test
    void admitsExactlyWhatABlockingRuleLeavesForManyAtATime() throws Exception {
        for (int round = 0; round < 20; round++) {
            under(
                    daily("1000"),
                    rule("day", CostRule.Type.ABSOLUTE_DAILY, "50").block(),
                    rule("month", CostRule.Type.ABSOLUTE_MONTHLY, "60").block(),
                    rule("hour", CostRule.Type.RATE, "70").block());

            List<Admission> answers = Together.ask(100, () -> spender.ask("1"));

            assertThat(answers).filteredOn(Permit.class::isInstance).hasSize(50);
            assertThat(spender.budgets.total(Period.DAILY).reserved()).hasToString("50");
            assertThat(spender.told()).contains("day matches 51");
        }
    }

    @Test
    void admitsExactlyWhatARateLeavesForManyAtATime() throws Exception {
        for (int round = 0; round < 20; round++) {
            under(BudgetLimits.NONE, rule("hour", CostRule.Type.RATE, "50").block());

            List<Admission> answers = Together.ask(100, () -> spender.ask("1"));

            assertThat(answers).filteredOn(Permit.class::isInstance).hasSize(50);
        }
    }
}
