package io.servicebreaker.cost;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rules for the calls of one operation and category. Safe for use by many threads. */
final class RuleSet {

    private final ActiveRule[] strongestFirst;
    private final Ceilings ceilings;
    private final Ceilings overridden;

    RuleSet(List<ActiveRule> strongestFirst, SpendWindow[] windows) {
        this.strongestFirst = strongestFirst.toArray(ActiveRule[]::new);
        List<ActiveRule> blocking =
                strongestFirst.stream().filter(ActiveRule::blocks).toList();
        this.ceilings = new Ceilings(blocking, windows);
        this.overridden = new Ceilings(
                blocking.stream()
                        .filter(active -> !active.rule().allowEmergencyOverride())
                        .toList(),
                windows);
    }

    Ceilings ceilings(boolean override) {
        return override ? overridden : ceilings;
    }

    /** Whether any rule has to be asked about a call. */
    boolean concerns(Page page, long amount, long now) {
        for (ActiveRule active : strongestFirst) {
            if (active.concerns(page, amount, now)) {
                return true;
            }
        }
        return false;
    }

    /** The rule that decides about a call, if any does; asks all of them, because each may have to be told of. */
    @Nullable
    ActiveRule strongest(String service, Page page, long amount, long now, boolean override) {
        ActiveRule strongest = null;
        for (ActiveRule active : strongestFirst) {
            boolean inForce = active.judge(service, page, amount, now);
            if (inForce && strongest == null && decides(active.rule(), override)) {
                strongest = active;
            }
        }
        return strongest;
    }

    /** Whether a rule in force refuses calls. */
    static boolean decides(CostRule rule, boolean override) {
        return rule.action() != CostRule.Action.ALERT_ONLY && !(override && rule.allowEmergencyOverride());
    }
}
