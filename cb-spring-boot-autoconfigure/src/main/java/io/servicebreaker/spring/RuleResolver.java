package io.servicebreaker.spring;

import io.servicebreaker.cost.CostRule;
import io.servicebreaker.cost.CostRules;
import io.servicebreaker.cost.InvalidCostRuleException;
import io.servicebreaker.cost.Money;
import io.servicebreaker.spring.CostProperties.Rule;
import java.util.ArrayList;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks the rules on what calls cost. What cannot be meant fails with the name of the property that holds it. */
final class RuleResolver {

    private static final String RULES = CostProperties.PREFIX + "rules";

    private RuleResolver() {}

    /**
     * The rules that hold.
     *
     * @param configured null if nothing is said of rules
     * @param haveBudgets whether any budget is set
     */
    static List<CostRule> resolve(@Nullable List<Rule> configured, boolean haveBudgets, Currency currency) {
        return configured == null ? (haveBudgets ? defaults(currency) : List.of()) : resolve(configured);
    }

    /** Those that make sense in a currency: percentages do in each. */
    private static List<CostRule> defaults(Currency currency) {
        return CostRules.DEFAULTS.stream()
                .filter(rule -> Money.isAboutADollar(currency) || !isInDollars(rule))
                .toList();
    }

    private static boolean isInDollars(CostRule rule) {
        return switch (rule.type()) {
            case PERCENTAGE_DAILY, PERCENTAGE_MONTHLY -> false;
            case ABSOLUTE_DAILY, ABSOLUTE_MONTHLY, RATE, OPERATION -> true;
        };
    }

    private static List<CostRule> resolve(List<Rule> configured) {
        List<CostRule> rules = new ArrayList<>();
        Map<String, String> paths = new HashMap<>();
        for (int i = 0; i < configured.size(); i++) {
            String path = RULES + "[" + i + "]";
            CostRule rule = resolve(path + ".", configured.get(i));
            String other = paths.putIfAbsent(rule.id(), path);
            if (other != null) {
                throw new InvalidPropertyException(
                        path + ".id", rule.id(), "is the id of " + other + ", too", "Give each rule an id of its own.");
            }
            rules.add(rule);
        }
        return rules;
    }

    private static CostRule resolve(String path, Rule rule) {
        try {
            return new CostRule(
                    present(path + "id", rule.id(), "Give each rule an id of its own."),
                    present(path + "type", rule.type(), "Say what is compared with the value, such as absolute-daily."),
                    present(path + "value", rule.value(), advice("value")),
                    rule.action(),
                    rule.priority(),
                    rule.operations(),
                    rule.categories(),
                    rule.window(),
                    rule.throttleFactor(),
                    rule.cooldown(),
                    rule.recoveryThreshold(),
                    rule.recoveryWindow(),
                    rule.allowEmergencyOverride());
        } catch (InvalidCostRuleException e) {
            throw new InvalidPropertyException(path + e.setting(), e.value(), e.problem(), advice(e.setting()));
        }
    }

    private static <T> T present(String property, @Nullable T value, String fix) {
        if (value == null) {
            throw new InvalidPropertyException(property, null, "is missing", fix);
        }
        return value;
    }

    private static String advice(String setting) {
        return switch (setting) {
            case "id" -> "Give each rule an id of its own.";
            case "value" ->
                "Set it to an amount of money, to money for each hour or to percent of a budget, as the type asks for;"
                        + " 0 blocks all.";
            case "operations", "categories" -> "Remove the blank one; a rule without any is for all.";
            case "throttle-factor" -> "Set it to the share of calls to let through, such as 0.5.";
            case "recovery-threshold" -> "Set it between 0 and the value, or remove it.";
            default -> "Set it to a time in this range.";
        };
    }
}
