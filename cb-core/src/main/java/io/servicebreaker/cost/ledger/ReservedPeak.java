package io.servicebreaker.cost.ledger;

import io.servicebreaker.cost.Budgets;
import io.servicebreaker.cost.Money;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The most that was reserved for the calls of each service lately: what is noted has to last until the next time, and calls
 * that begin meanwhile are not known yet. For one thread.
 */
final class ReservedPeak {

    private static final int REMEMBERED = 10;

    private final Budgets budgets;
    private final Deque<Map<String, Money>> last = new ArrayDeque<>();

    ReservedPeak(Budgets budgets) {
        this.budgets = budgets;
    }

    /** By service, of those for which anything was. */
    Map<String, Money> look() {
        Map<String, Money> now = new LinkedHashMap<>();
        for (String service : budgets.services()) {
            Money amount = budgets.reserved(service);
            if (amount.compareTo(Money.ZERO) > 0) {
                now.put(service, amount);
            }
        }
        last.addLast(now);
        if (last.size() > REMEMBERED) {
            last.removeFirst();
        }
        Map<String, Money> most = new LinkedHashMap<>();
        for (Map<String, Money> seen : last) {
            seen.forEach((service, amount) ->
                    most.merge(service, amount, (one, other) -> one.compareTo(other) >= 0 ? one : other));
        }
        return most;
    }

    /** From now on only what is reserved now counts, as no call begins any more. */
    void forget() {
        last.clear();
    }
}
