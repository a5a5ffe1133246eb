package io.servicebreaker.cost;

import static io.servicebreaker.cost.Spender.daily;
import static io.servicebreaker.cost.Spender.rule;
import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Permit;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** A rule that has matched stays in force until what it looks at has been below its recovery threshold for some time. */
class RuleRecoveryTest {

    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);

    private static CostRuleBuilder recovering(CostRule.Type type, String value, String threshold) {
        return rule("cap", type, value).block().recovery(new BigDecimal(threshold), TEN_MINUTES);
    }

    @Test
    void holdsUntilSpendingHasBeenBelowTheThresholdForLongEnough() {
        try (Spender spender = new Spender(
                daily("100"),
                recovering(CostRule.Type.ABSOLUTE_DAILY, "80", "60").build())) {
            Permit large = (Permit) spender.ask("30");
            spender.spend("50");
            assertThat(spender.admits("1")).isFalse();

            large.finish(Outcome.NOT_RUN, 0, spender.time.nanos()); // 50 are left of 80
            spender.later(TEN_MINUTES.minusMinutes(1));
            assertThat(spender.refusal("1").explanation())
                    .isEqualTo("rule cap allows 80 a day until it has been below 60 for PT10M,"
                            + " and this call would make it 51");
            assertThat(spender.refusal("1").retryAfter()).contains(Duration.ofMinutes(1));
            spender.later(Duration.ofMinutes(1));

            assertThat(spender.admits("1")).isTrue();
            assertThat(spender.told()).contains("cap ended");
        }
    }

    @Test
    void holdsNothingUpThatCostsNothing() {
        try (Spender spender = new Spender(
                daily("100"),
                recovering(CostRule.Type.ABSOLUTE_DAILY, "80", "60").build())) {
            spender.spend("80");
            assertThat(spender.admits("1")).isFalse();

            assertThat(spender.ask(CallRequest.to("openai").model("free"))).isInstanceOf(Permit.class);

            assertThat(spender.admits("1")).isFalse();
            assertThat(spender.told()).doesNotContain("cap ended");
        }
    }

    @Test
    void whatCostsNothingDoesNotEndARule() {
        try (Spender spender = new Spender(
                daily("100"),
                rule("cap", CostRule.Type.ABSOLUTE_DAILY, "80").block().build())) {
            spender.spend("80");
            assertThat(spender.admits("1")).isFalse();

            assertThat(spender.ask(CallRequest.to("openai").model("free"))).isInstanceOf(Permit.class);

            assertThat(spender.told()).doesNotContain("cap ended");
        }
    }

    @Test
    void holdsAsLongAsSpendingStaysAboveTheThreshold() {
        try (Spender spender = new Spender(
                daily("100"),
                recovering(CostRule.Type.ABSOLUTE_DAILY, "80", "60").build())) {
            Permit large = (Permit) spender.ask("10");
            spender.spend("70");
            assertThat(spender.admits("1")).isFalse();

            large.finish(Outcome.NOT_RUN, 0, spender.time.nanos()); // 70 are left of 80
            spender.later(Duration.ofHours(2));

            Duration toMidnight = Duration.between(
                    spender.time.now(), spender.budgets.total(Period.DAILY).endsAt());
            assertThat(spender.refusal("1").retryAfter()).contains(toMidnight.plus(TEN_MINUTES));
        }
    }

    @Test
    void recoversFromTheEndOfThePeriodOnWithoutAnyCall() {
        try (Spender spender = new Spender(
                daily("100"),
                recovering(CostRule.Type.ABSOLUTE_DAILY, "80", "60").build())) {
            spender.spend("80");
            assertThat(spender.admits("1")).isFalse();

            spender.later(Duration.ofHours(12).plusMinutes(9));
            assertThat(spender.admits("1")).isFalse();
            spender.later(Duration.ofMinutes(1));

            assertThat(spender.admits("1")).isTrue();
        }
    }

    @Test
    void recoversFromWhenTheWindowHasSlidPastWithoutAnyCall() {
        try (Spender spender = new Spender(
                BudgetLimits.NONE, recovering(CostRule.Type.RATE, "10", "5").build())) {
            spender.spend("6");
            spender.later(Duration.ofMinutes(30));
            spender.spend("4");
            assertThat(spender.admits("1")).isFalse();

            spender.later(Duration.ofMinutes(38)); // the 6 are gone for eight minutes
            assertThat(spender.admits("1")).isFalse();
            spender.later(Duration.ofMinutes(2));

            assertThat(spender.admits("1")).isTrue();
        }
    }

    @Test
    void withoutARecoveryThresholdEndsWhenItNoLongerMatches() {
        try (Spender spender = new Spender(
                daily("100"),
                rule("cap", CostRule.Type.ABSOLUTE_DAILY, "80").block().build())) {
            Permit large = (Permit) spender.ask("30");
            spender.spend("50");
            assertThat(spender.admits("1")).isFalse();

            large.finish(Outcome.NOT_RUN, 0, spender.time.nanos());

            assertThat(spender.admits("30")).isTrue();
        }
    }

    /** However spending goes up and down, the rule changes its mind at most twice in each recovery window and a bit. */
    @Property(tries = 300)
    void doesNotFlapA39(@ForAll @Size(min = 50, max = 200) List<@IntRange(min = 1, max = 12) Integer> amounts) {
        try (Spender spender = new Spender(
                daily("1000000"),
                recovering(CostRule.Type.RATE, "600", "300")
                        .window(Duration.ofMinutes(1))
                        .build())) {
            List<Long> reopened = new ArrayList<>();
            boolean refused = false;
            for (int amount : amounts) {
                boolean admitted = spender.admits(Integer.toString(amount));
                if (admitted && refused) {
                    reopened.add(spender.time.nanos());
                }
                refused = !admitted;
                spender.later(Duration.ofSeconds(20));
            }

            for (int i = 1; i < reopened.size(); i++) {
                assertThat(reopened.get(i) - reopened.get(i - 1)).isGreaterThanOrEqualTo(TEN_MINUTES.toNanos());
            }
        }
    }
}
