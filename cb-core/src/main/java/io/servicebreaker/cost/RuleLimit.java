package io.servicebreaker.cost;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The value and the threshold of a rule, as amounts of money. Immutable. */
final class RuleLimit {

    private static final long NO_RECOVERY = -1;
    private static final long NOTHING = -1;
    private static final BigDecimal ONE = BigDecimal.valueOf(1_000_000_000);
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);
    private static final BigDecimal HOUR =
            BigDecimal.valueOf(Duration.ofHours(1).toNanos());
    private static final int DIGITS = 4;

    private final CostRule rule;
    private final Unit unit;
    private final long most;
    private final long recovery;

    /** What the numbers of a rule count: so many of them are so many billionths. */
    private record Unit(BigDecimal number, BigDecimal billionths) {

        /** Rounded down; what is too much to count is any amount. */
        long amount(BigDecimal value) {
            return value.multiply(billionths)
                    .divide(number, 0, RoundingMode.FLOOR)
                    .min(BigDecimal.valueOf(Spending.UNLIMITED))
                    .longValueExact();
        }

        BigDecimal value(long amount) {
            return BigDecimal.valueOf(amount).multiply(number).divide(billionths, DIGITS, RoundingMode.HALF_UP);
        }
    }

    /**
     * Creates it.
     *
     * @param total what all services may spend
     */
    RuleLimit(CostRule rule, BudgetLimits total) {
        this.rule = rule;
        boolean isOfNoBudget = rule.type().isPercentage() && budget(rule, total) == null;
        BigDecimal threshold = rule.recoveryThreshold();
        this.unit = unit(rule, budget(rule, total));
        this.most = isOfNoBudget ? Spending.UNLIMITED : most(rule.value());
        this.recovery = threshold == null || isOfNoBudget ? NO_RECOVERY : Math.max(1, unit.amount(threshold));
    }

    private static @Nullable Money budget(CostRule rule, BudgetLimits total) {
        Period period = rule.type().period();
        return period == null ? null : total.of(period);
    }

    private static Unit unit(CostRule rule, @Nullable Money budget) {
        return switch (rule.type()) {
            case ABSOLUTE_DAILY, ABSOLUTE_MONTHLY, OPERATION -> new Unit(BigDecimal.ONE, ONE);
            case RATE ->
                new Unit(HOUR, ONE.multiply(BigDecimal.valueOf(rule.window().toNanos())));
            case PERCENTAGE_DAILY, PERCENTAGE_MONTHLY ->
                new Unit(HUNDRED, budget == null ? ONE : BigDecimal.valueOf(budget.billionths()));
        };
    }

    private long most(BigDecimal value) {
        return value.signum() == 0 ? NOTHING : unit.amount(value);
    }

    /** The most that it allows; negative if not even what costs nothing. */
    long most() {
        return most;
    }

    /** A share of a budget that is not set never is. */
    boolean canBeExceeded() {
        return most != Spending.UNLIMITED;
    }

    boolean isExceeded(long standing, long amount) {
        return !Money.fits(standing, amount, most);
    }

    boolean hasRecovery() {
        return recovery != NO_RECOVERY;
    }

    long recovery() {
        return recovery;
    }

    boolean isRecovered(long standing) {
        return standing < recovery;
    }

    /** An amount in the unit of the rule. */
    BigDecimal inItsUnit(long amount) {
        return unit.billionths().signum() == 0 ? HUNDRED : plain(unit.value(amount)); // any share of nothing
    }

    private static BigDecimal plain(BigDecimal number) {
        BigDecimal stripped = number.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }

    /** Why a call is refused. */
    String explain(long standing, long amount) {
        boolean held = !isExceeded(standing, amount);
        return "rule " + rule.id() + " " + allows() + finding(Money.sum(standing, amount), held);
    }

    private String allows() {
        String share = rule.action() == CostRule.Action.THROTTLE
                ? "lets only "
                        + plain(BigDecimal.valueOf(rule.throttleFactor()).multiply(HUNDRED))
                                .toPlainString() + " % of calls through above "
                : "allows ";
        return share
                + plain(rule.value()).toPlainString()
                + switch (rule.type()) {
                    case ABSOLUTE_DAILY -> " a day";
                    case ABSOLUTE_MONTHLY -> " a month";
                    case PERCENTAGE_DAILY -> " % of the daily budget";
                    case PERCENTAGE_MONTHLY -> " % of the monthly budget";
                    case RATE -> " an hour";
                    case OPERATION -> " for a call";
                };
    }

    private String finding(long found, boolean isHeld) {
        String amount = inItsUnit(found).toPlainString();
        if (rule.type() == CostRule.Type.OPERATION) {
            return ", and this one is expected to cost " + amount;
        }
        String held = !isHeld
                ? ""
                : " until it has been below "
                        + plain(Objects.requireNonNull(rule.recoveryThreshold()))
                                .toPlainString() + " for " + rule.recoveryWindow();
        return held + ", and this call would make it " + amount;
    }
}
