package io.servicebreaker.cost;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is done when calls cost more than a value. It matches a call with which the value would be exceeded: exactly the
 * value is allowed, and a value of 0 allows nothing.
 *
 * @param id names it; not blank
 * @param type what is compared with the value
 * @param value money of the day, month or one call, money for each hour, or percent of a budget; positive, or 0 to block
 *     all
 * @param action what is done with the calls that it matches
 * @param priority of several rules with the same action the one with the highest decides, then the one with the first id
 * @param operations the operations whose calls it is for; empty for all
 * @param categories likewise, categories
 * @param window how far back {@link Type#RATE} looks; from a second to 31 days
 * @param throttleFactor the share of calls that {@link Action#THROTTLE} lets through; more than 0, up to 1
 * @param cooldown least time between two alerts; nothing that is refused depends on it
 * @param recoveryThreshold once it has matched, the rule stays in force until what is spent and reserved has been below
 *     this, which has the unit of the value and is not larger; null for a rule that ends when it no longer matches. The
 *     end of a day or month takes what was spent away, and the time below begins with it. Not for {@link Type#OPERATION}
 * @param recoveryWindow for how long it has to have been below
 * @param allowEmergencyOverride whether calls may pass it during {@link CostRules#override an override}
 */
public record CostRule(
        String id,
        Type type,
        BigDecimal value,
        Action action,
        int priority,
        Set<String> operations,
        Set<String> categories,
        Duration window,
        double throttleFactor,
        Duration cooldown,
        @Nullable BigDecimal recoveryThreshold,
        Duration recoveryWindow,
        boolean allowEmergencyOverride) {

    private static final BigDecimal MOST_MONEY = Money.MAX.toDecimal();
    private static final BigDecimal MOST_PERCENT = BigDecimal.valueOf(1000);
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(31);

    /** What a rule compares with its value. What is reserved for calls counts as if it was spent. */
    public enum Type {
        /** What all services have spent today, with this call. */
        ABSOLUTE_DAILY(Period.DAILY),
        /** What all services have spent this month, with this call. */
        ABSOLUTE_MONTHLY(Period.MONTHLY),
        /** How much of the daily budget of all services is spent, with this call; without such a budget never matches. */
        PERCENTAGE_DAILY(Period.DAILY),
        /** Likewise of the monthly budget. */
        PERCENTAGE_MONTHLY(Period.MONTHLY),
        /** What all services have spent for calls that began within the window, with this call, for each hour of it. */
        RATE(null),
        /** What this call is expected to cost. */
        OPERATION(null);

        private final @Nullable Period period;

        Type(@Nullable Period period) {
            this.period = period;
        }

        @Nullable
        Period period() {
            return period;
        }

        boolean isPercentage() {
            return this == PERCENTAGE_DAILY || this == PERCENTAGE_MONTHLY;
        }
    }

    /** What a rule does, the strongest first. */
    public enum Action {
        /** Refuses calls. */
        BLOCK,
        /** Lets a share of the calls through at an even pace, and refuses the others. */
        THROTTLE,
        /** Only tells. */
        ALERT_ONLY
    }

    public CostRule {
        operations = Set.copyOf(operations);
        categories = Set.copyOf(categories);
        Checks checks = new Checks(id);
        checks.that(!id.isBlank(), "id", id, "is blank");
        checkValue(checks, type, value, action);
        checkNames(checks, "operations", operations);
        checkNames(checks, "categories", categories);
        checks.that(
                window.compareTo(SHORTEST) >= 0 && window.compareTo(LONGEST) <= 0,
                "window",
                window,
                "is not between a second and 31 days");
        checks.that(
                throttleFactor > 0 && throttleFactor <= 1,
                "throttle-factor",
                throttleFactor,
                "is not more than 0 and at most 1");
        checkTime(checks, "cooldown", cooldown);
        checkTime(checks, "recovery-window", recoveryWindow);
        if (recoveryThreshold != null) {
            checkRecovery(checks, recoveryThreshold, type, value);
        }
    }

    private static void checkValue(Checks checks, Type type, BigDecimal value, Action action) {
        checks.that(value.signum() >= 0, "value", value, "is negative");
        checks.that(
                value.signum() > 0 || action == Action.BLOCK,
                "value",
                value,
                "matches every call, which only makes sense to block them");
        BigDecimal most = type.isPercentage() ? MOST_PERCENT : MOST_MONEY;
        checks.that(value.compareTo(most) <= 0, "value", value, "is more than " + most.toPlainString());
    }

    private static void checkNames(Checks checks, String setting, Set<String> names) {
        checks.that(names.stream().noneMatch(String::isBlank), setting, names, "contains a blank name");
    }

    private static void checkTime(Checks checks, String setting, Duration time) {
        checks.that(!time.isNegative() && time.compareTo(LONGEST) <= 0, setting, time, "is not between 0 and 31 days");
    }

    private static void checkRecovery(Checks checks, BigDecimal threshold, Type type, BigDecimal value) {
        String setting = "recovery-threshold";
        checks.that(type != Type.OPERATION, setting, threshold, "has no meaning where each call is compared by itself");
        checks.that(threshold.signum() > 0, setting, threshold, "is not positive, so nothing is ever below it");
        checks.that(threshold.compareTo(value) <= 0, setting, threshold, "is more than the value " + value);
    }

    private record Checks(String id) {

        void that(boolean right, String setting, Object value, String problem) {
            if (!right) {
                throw new InvalidCostRuleException(id, setting, value, problem);
            }
        }
    }

    /** Begins a rule for all calls that alerts, with the usual settings. */
    public static CostRuleBuilder of(String id, Type type, BigDecimal value) {
        return new CostRuleBuilder(id, type, value);
    }

    boolean isForAll() {
        return operations.isEmpty() && categories.isEmpty();
    }

    boolean isFor(String operation, String category) {
        return (operations.isEmpty() || operations.contains(operation))
                && (categories.isEmpty() || categories.contains(category));
    }
}
