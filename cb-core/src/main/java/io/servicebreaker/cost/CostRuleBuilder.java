package io.servicebreaker.cost;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes a {@link CostRule}, which describes the settings. Not safe for use by several threads. */
public final class CostRuleBuilder {

    private final String id;
    private final CostRule.Type type;
    private final BigDecimal value;
    private CostRule.Action action = CostRule.Action.ALERT_ONLY;
    private int priority = 1;
    private Set<String> operations = Set.of();
    private Set<String> categories = Set.of();
    private Duration window = Duration.ofHours(1);
    private double throttleFactor = 0.5;
    private Duration cooldown = Duration.ofMinutes(5);
    private @Nullable BigDecimal recoveryThreshold;
    private Duration recoveryWindow = Duration.ofMinutes(10);
    private boolean allowEmergencyOverride;

    CostRuleBuilder(String id, CostRule.Type type, BigDecimal value) {
        this.id = id;
        this.type = type;
        this.value = value;
    }

    /** Refuses the calls that it matches. */
    public CostRuleBuilder block() {
        this.action = CostRule.Action.BLOCK;
        return this;
    }

    /** Lets a share of them through. */
    public CostRuleBuilder throttle(double factor) {
        this.action = CostRule.Action.THROTTLE;
        this.throttleFactor = factor;
        return this;
    }

    /** Decides before those with a lower one; 1 if not given. */
    public CostRuleBuilder priority(int higherFirst) {
        this.priority = higherFirst;
        return this;
    }

    /** Is only for calls of these operations. */
    public CostRuleBuilder operations(Set<String> names) {
        this.operations = names;
        return this;
    }

    /** Is only for calls of these categories. */
    public CostRuleBuilder categories(Set<String> names) {
        this.categories = names;
        return this;
    }

    /** How far back a rate looks; an hour if not given. */
    public CostRuleBuilder window(Duration time) {
        this.window = time;
        return this;
    }

    /** Least time between two alerts; 5 minutes if not given. */
    public CostRuleBuilder cooldown(Duration time) {
        this.cooldown = time;
        return this;
    }

    /** Stays in force until it has been below a threshold for some time. */
    public CostRuleBuilder recovery(BigDecimal threshold, Duration time) {
        this.recoveryThreshold = threshold;
        this.recoveryWindow = time;
        return this;
    }

    /** Lets calls pass during an emergency override. */
    public CostRuleBuilder allowEmergencyOverride() {
        this.allowEmergencyOverride = true;
        return this;
    }

    /**
     * The rule.
     *
     * @throws InvalidCostRuleException if a setting is out of its range
     */
    public CostRule build() {
        return new CostRule(
                id,
                type,
                value,
                action,
                priority,
                operations,
                categories,
                window,
                throttleFactor,
                cooldown,
                recoveryThreshold,
                recoveryWindow,
                allowEmergencyOverride);
    }
}
