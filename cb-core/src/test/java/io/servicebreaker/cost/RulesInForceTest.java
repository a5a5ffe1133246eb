package io.servicebreaker.cost;

import static io.servicebreaker.cost.Spender.daily;
import static io.servicebreaker.cost.Spender.rule;
import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Permit;
import io.servicebreaker.call.RejectionReason;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is seen of rules and budgets that keep calls from being made. */
class RulesInForceTest {

    private static final Instant MIDNIGHT = Instant.parse("2026-03-02T00:00:00Z");

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

    @Test
    void nothingIsInForceWhereNothingHasBeenSpent() {
        under(daily("10"), rule("cap", CostRule.Type.ABSOLUTE_DAILY, "5").block());

        assertThat(spender.rules.inForce()).isEmpty();
        assertThat(limit()).isEmpty();
    }

    @Test
    void tellsSinceWhenARuleIsInForceAndWhatWasFound() {
        under(
                daily("10"),
                rule("cap", CostRule.Type.PERCENTAGE_DAILY, "50").block(),
                rule("warn", CostRule.Type.ABSOLUTE_DAILY, "3"));
        spender.spend("4.5");
        spender.later(Duration.ofMinutes(5));
        spender.admits("1");
        Instant met = spender.time.now();
        spender.later(Duration.ofMinutes(5));
        spender.admits("1");

        RuleInForce cap = spender.rules.inForce().get(0);

        assertThat(cap.rule().id()).isEqualTo("cap");
        assertThat(cap.since()).isEqualTo(met);
        assertThat(cap.until()).isEqualTo(MIDNIGHT);
        assertThat(cap.found()).isEqualByComparingTo("45");
        assertThat(ids()).containsExactly("cap", "warn");
    }

    @Test
    void aRuleIsNoLongerInForceWhenTheLastCallThatItRefusedWouldPass() {
        under(daily("10"), rule("cap", CostRule.Type.ABSOLUTE_DAILY, "5").block());
        Permit held = (Permit) spender.ask("4");
        spender.admits("3");
        assertThat(ids()).containsExactly("cap");

        held.finish(Outcome.NOT_RUN, 0, spender.time.nanos());

        assertThat(ids()).isEmpty();
        assertThat(limit()).isEmpty();
    }

    @Test
    void aRuleWhoseValueIsUsedUpIsInForceBeforeAnyCallComesUponIt() {
        under(daily("10"), rule("cap", CostRule.Type.ABSOLUTE_DAILY, "5").block());
        spender.spend("5");

        assertThat(spender.rules.inForce()).singleElement().satisfies(cap -> {
            assertThat(cap.since()).isNull();
            assertThat(cap.until()).isEqualTo(MIDNIGHT);
        });
    }

    @Test
    void aRateIsInForceUntilItsWindowHasPassed() {
        under(BudgetLimits.NONE, rule("rate", CostRule.Type.RATE, "5").block());
        spender.spend("5");
        spender.admits("1");

        Instant until = spender.rules.inForce().get(0).until();

        assertThat(until)
                .isBetween(
                        spender.time.now().plusSeconds(3540), spender.time.now().plusSeconds(3600));
        spender.later(Duration.ofHours(1));
        assertThat(ids()).isEmpty();
    }

    @Test
    void aRuleThatWaitsForRecoveryIsInForceUntilItHasCome() {
        under(
                daily("100"),
                rule("cap", CostRule.Type.ABSOLUTE_DAILY, "80")
                        .block()
                        .recovery(new BigDecimal("60"), Duration.ofMinutes(10)));
        Permit large = (Permit) spender.ask("30");
        spender.spend("50");
        spender.admits("1");
        large.finish(Outcome.NOT_RUN, 0, spender.time.nanos());

        assertThat(spender.rules.inForce().get(0).until())
                .isEqualTo(spender.time.now().plus(Duration.ofMinutes(10)));
        spender.later(Duration.ofMinutes(10));
        assertThat(ids()).isEmpty();
    }

    @Test
    void aRuleThatWillWaitForRecoveryTellsWhenThatWillEnd() {
        under(
                daily("100"),
                rule("cap", CostRule.Type.ABSOLUTE_DAILY, "80")
                        .block()
                        .recovery(new BigDecimal("60"), Duration.ofMinutes(10)));
        spender.spend("80");

        assertThat(spender.rules.inForce().get(0).until()).isEqualTo(MIDNIGHT.plusSeconds(600));
    }

    @Test
    void whatBlocksAllHasNoEndAndWhatLooksAtOneCallIsNeverInForce() {
        under(
                BudgetLimits.NONE,
                rule("stop", CostRule.Type.ABSOLUTE_DAILY, "0").block(),
                rule("dear", CostRule.Type.OPERATION, "1").block());
        spender.admits("2");

        assertThat(spender.rules.inForce()).singleElement().satisfies(stop -> {
            assertThat(stop.rule().id()).isEqualTo("stop");
            assertThat(stop.until()).isNull();
        });
    }

    @Test
    void callsAreLimitedByTheBudgetThenByTheStrongestRuleThatIsForAll() {
        under(
                daily("10"),
                rule("some", CostRule.Type.ABSOLUTE_DAILY, "4").block().operations(Set.of("batch")),
                rule("slow", CostRule.Type.ABSOLUTE_DAILY, "5").throttle(0.5),
                rule("warn", CostRule.Type.ABSOLUTE_DAILY, "1"));

        spender.spend("3");
        assertThat(limit()).isEmpty();
        spender.spend("1");
        assertThat(limit()).contains("COST_RULE some until " + MIDNIGHT);
        spender.spend("1");
        assertThat(limit()).contains("COST_RULE slow until " + MIDNIGHT);
        spender.spend("5");
        assertThat(limit()).contains("COST_BUDGET until " + MIDNIGHT);
        spender.later(Duration.ofHours(12));
        assertThat(limit()).isEmpty();
    }

    @Test
    void callsAreNotLimitedByARuleThatTheyMayPass() {
        under(
                daily("10"),
                rule("soft", CostRule.Type.ABSOLUTE_DAILY, "5").block().allowEmergencyOverride());
        spender.spend("5");

        CostOverride override = spender.rules.override("openai", "incident", "jo", Duration.ofMinutes(30));

        assertThat(limit()).isEmpty();
        assertThat(spender.rules.limitOf("perplexity").map(MoneyLimit::reason)).contains(RejectionReason.COST_RULE);
        assertThat(spender.rules.overrides()).containsExactly(override);
        spender.later(Duration.ofMinutes(30));
        assertThat(spender.time.now()).isEqualTo(override.until());
        assertThat(spender.rules.overrides()).isEmpty();
        assertThat(limit()).isPresent();
    }

    private List<String> ids() {
        return spender.rules.inForce().stream().map(each -> each.rule().id()).toList();
    }

    private Optional<String> limit() {
        return spender.rules.limitOf("openai").map(limit -> {
            CostRule rule = limit.rule();
            return limit.reason() + (rule == null ? "" : " " + rule.id()) + " until " + limit.until();
        });
    }
}
