package io.servicebreaker.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CostRuleTest {

    @ParameterizedTest
    @MethodSource("badRules")
    void refusesWhatCannotBeMeant(String problem, CostRuleBuilder rule) {
        assertThatThrownBy(rule::build)
                .isInstanceOf(InvalidCostRuleException.class)
                .hasMessageContaining(problem);
    }

    static Stream<Arguments> badRules() {
        return Stream.of(
                bad("rule  : id", CostRule.of(" ", CostRule.Type.RATE, BigDecimal.ONE)),
                bad("rule r: value = -1 is negative", CostRule.of("r", CostRule.Type.RATE, new BigDecimal(-1))),
                bad("value = 0 matches every call", CostRule.of("r", CostRule.Type.ABSOLUTE_DAILY, BigDecimal.ZERO)),
                bad(
                        "value = 1001 is more than 1000",
                        CostRule.of("r", CostRule.Type.PERCENTAGE_DAILY, new BigDecimal(1001))),
                bad(
                        "value = 1E+10 is more than",
                        CostRule.of("r", CostRule.Type.ABSOLUTE_DAILY, new BigDecimal("1E10"))),
                bad("throttle-factor = 0.0", rule -> rule.throttle(0)),
                bad("throttle-factor = 1.1", rule -> rule.throttle(1.1)),
                bad("throttle-factor = NaN", rule -> rule.throttle(Double.NaN)),
                bad("window = PT0.999S", rule -> rule.window(Duration.ofMillis(999))),
                bad("window = PT768H", rule -> rule.window(Duration.ofDays(32))),
                bad("cooldown = PT-1S", rule -> rule.cooldown(Duration.ofSeconds(-1))),
                bad("operations = [ ]", rule -> rule.operations(Set.of(" "))),
                bad("categories = []", rule -> rule.categories(Set.of(""))),
                bad("recovery-threshold = 6 is more than the value 5", rule -> recovery(rule, "6", Duration.ZERO)),
                bad("recovery-threshold = 0 is not positive", rule -> recovery(rule, "0", Duration.ZERO)),
                bad("recovery-window = PT-1S", rule -> recovery(rule, "1", Duration.ofSeconds(-1))),
                bad(
                        "recovery-threshold = 1 has no meaning",
                        recovery(CostRule.of("r", CostRule.Type.OPERATION, BigDecimal.TEN), "1", Duration.ZERO)));
    }

    private static Arguments bad(String problem, UnaryOperator<CostRuleBuilder> change) {
        return bad(problem, change.apply(CostRule.of("r", CostRule.Type.ABSOLUTE_DAILY, new BigDecimal(5))));
    }

    private static Arguments bad(String problem, CostRuleBuilder rule) {
        return Arguments.of(problem, rule);
    }

    private static CostRuleBuilder recovery(CostRuleBuilder rule, String threshold, Duration window) {
        return rule.recovery(new BigDecimal(threshold), window);
    }

    @Test
    void hasSixRulesForThoseWhoGiveNone() {
        assertThat(CostRules.DEFAULTS)
                .extracting(
                        CostRule::id,
                        rule -> rule.action().name(),
                        rule -> rule.value().toPlainString())
                .extracting(Object::toString)
                .containsExactly(
                        "(\"monthly_budget_100_pct\", \"BLOCK\", \"100\")",
                        "(\"daily_budget_100_pct\", \"BLOCK\", \"100\")",
                        "(\"monthly_budget_95_pct\", \"THROTTLE\", \"95\")",
                        "(\"daily_budget_90_pct\", \"THROTTLE\", \"90\")",
                        "(\"cost_rate_spike\", \"THROTTLE\", \"10\")",
                        "(\"high_cost_operation\", \"ALERT_ONLY\", \"1.00\")");
    }
}
