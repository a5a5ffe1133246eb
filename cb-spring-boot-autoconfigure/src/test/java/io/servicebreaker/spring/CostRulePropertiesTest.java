package io.servicebreaker.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.call.RejectionScope;
import io.servicebreaker.call.Usage;
import io.servicebreaker.cost.CostRule;
import io.servicebreaker.cost.CostRules;
import io.servicebreaker.time.FakeTime;
import io.servicebreaker.time.TimeSource;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;

/** Cost rules of the configuration, as callers notice them. */
@ExtendWith(OutputCaptureExtension.class)
class CostRulePropertiesTest {

    private static final String COST = "service-breaker.cost.";

    private final FakeTime time = new FakeTime();
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(ServiceBreakerAutoConfiguration.class))
            .withBean(TimeSource.class, () -> time)
            .withPropertyValues("service-breaker.services.openai.provider=openai", COST + "prices.small.output=1000");

    @Test
    void readsEverySettingOfARule() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("id", "night");
        all.put("type", "rate");
        all.put("value", "2.50");
        all.put("action", "alert-only");
        all.put("priority", "7");
        all.put("operations", "chat,batch");
        all.put("categories", "research");
        all.put("window", "30m");
        all.put("throttle-factor", "0.3");
        all.put("cooldown", "1m");
        all.put("recovery-threshold", "2");
        all.put("recovery-window", "20m");
        all.put("allow-emergency-override", "true");

        assertThat(all.keySet()).containsExactlyElementsOf(Keys.of(CostProperties.Rule.class));
        assertThat(resolved(all))
                .containsExactly(new CostRule(
                        "night",
                        CostRule.Type.RATE,
                        new BigDecimal("2.50"),
                        CostRule.Action.ALERT_ONLY,
                        7,
                        Set.of("chat", "batch"),
                        Set.of("research"),
                        Duration.ofMinutes(30),
                        0.3,
                        Duration.ofMinutes(1),
                        new BigDecimal("2"),
                        Duration.ofMinutes(20),
                        true));
    }

    @Test
    void blocksAllCallsUnlessItIsToldOtherwise() {
        List<CostRule> rules = resolved(Map.of("id", "cap", "type", "absolute-daily", "value", "5"));

        assertThat(rules)
                .containsExactly(CostRule.of("cap", CostRule.Type.ABSOLUTE_DAILY, new BigDecimal(5))
                        .block()
                        .build());
    }

    private static List<CostRule> resolved(Map<String, String> rule) {
        Map<String, String> properties = new LinkedHashMap<>();
        rule.forEach((key, value) -> properties.put(COST + "rules[0]." + key, value));
        CostProperties costs = new Binder(new MapConfigurationPropertySource(properties))
                .bind("service-breaker.cost", CostProperties.class)
                .get();
        return RuleResolver.resolve(costs.rules(), true, PriceResolver.currency("USD"));
    }

    @Test
    void refusesACallThatARuleForbidsUnlessThatIsOverridden() {
        runner.withPropertyValues(
                        COST + "rules[0].id=cap",
                        COST + "rules[0].type=absolute-daily",
                        COST + "rules[0].value=0.05",
                        COST + "rules[0].allow-emergency-override=true")
                .run(context -> {
                    spend(context, 50);

                    CallRejectedException refusal = refusal(context, 1);

                    assertThat(refusal.reason()).isEqualTo(RejectionReason.COST_RULE);
                    assertThat(refusal.scope()).isEqualTo(RejectionScope.BUDGET);
                    assertThat(refusal).hasMessageContaining("rule cap allows 0.05 a day");
                    CostRules rules = context.getBean(ServiceCosts.class).rules();
                    rules.override("openai", "incident", "jo", Duration.ofMinutes(5));
                    assertThatNoException().isThrownBy(() -> spend(context, 1));
                });
    }

    @Test
    void hasDefaultRulesWhereThereIsABudget() {
        runner.withPropertyValues(COST + "budgets.daily=0.1").run(context -> {
            spend(context, 89);
            spend(context, 2);

            assertThat(refusal(context, 2)).hasMessageContaining("rule daily_budget_90_pct lets only 50 % of calls");
        });
    }

    @Test
    void hasNoDefaultRulesInDollarsWhereMoneyIsSomethingElse(CapturedOutput output) {
        runner.withPropertyValues(COST + "budgets.daily=100000", COST + "currency=JPY")
                .run(context -> {
                    spend(context, 20_000);
                    assertThatNoException().isThrownBy(() -> spend(context, 20_000));
                    assertThat(context.getBean(ServiceCosts.class).rules().rules())
                            .extracting(CostRule::type)
                            .containsOnly(CostRule.Type.PERCENTAGE_DAILY, CostRule.Type.PERCENTAGE_MONTHLY)
                            .hasSize(4);
                    assertThat(output)
                            .containsOnlyOnce(
                                    "Money is counted in JPY, so the default rules whose values are meant in dollars")
                            .contains("cost_rate_spike (10), high_cost_operation (1.00)");
                });
    }

    @Test
    void saysNothingOfDefaultRulesWhereThereAreOthersOrAllMakeSense(CapturedOutput output) {
        String[] own = {COST + "rules[0].id=one", COST + "rules[0].type=operation", COST + "rules[0].value=100"};
        runner.withPropertyValues(COST + "budgets.daily=1", COST + "currency=EUR")
                .run(context -> assertThat(
                                context.getBean(ServiceCosts.class).rules().rules())
                        .hasSize(6));
        runner.withPropertyValues(COST + "budgets.daily=1", COST + "currency=JPY")
                .withPropertyValues(own)
                .run(context -> assertThat(context).hasNotFailed());

        assertThat(output).doesNotContain("the default rules whose values");
    }

    @Test
    void hasNoRulesWithoutABudgetOrIfNoneAreWanted() {
        runner.run(context -> spend(context, 20_000));
        runner.withPropertyValues(COST + "budgets.daily=0.1", COST + "rules=").run(context -> {
            spend(context, 95);
            assertThatNoException().isThrownBy(() -> spend(context, 1));
            assertThatNoException().isThrownBy(() -> spend(context, 1));
        });
    }

    /** A thousand tokens cost one. */
    private static void spend(ApplicationContext context, int tokens) {
        context.getBean(CallOrchestrator.class)
                .begin(asking(tokens))
                .succeeded(CallReport.EMPTY.model("small").usage(new Usage(0, tokens, 0)));
    }

    private static CallRequest asking(int tokens) {
        return CallRequest.to("openai").model("small").estimatedTokens(0, tokens);
    }

    private static CallRejectedException refusal(ApplicationContext context, int tokens) {
        return catchThrowableOfType(
                CallRejectedException.class,
                () -> context.getBean(CallOrchestrator.class).begin(asking(tokens)));
    }
}
