package io.servicebreaker.cost;

import java.util.Arrays;
import java.util.List;

/** What the blocking rules for a call allow at most, in the same place where calls at a time reserve. Immutable. */
final class Ceilings {

    private final long daily;
    private final long monthly;
    private final long[] rates;

    /**
     * Creates them.
     *
     * @param blocking the rules
     * @param windows all that there are
     */
    Ceilings(List<ActiveRule> blocking, SpendWindow[] windows) {
        long leastDaily = Spending.UNLIMITED;
        long leastMonthly = Spending.UNLIMITED;
        this.rates = new long[windows.length];
        Arrays.fill(rates, Spending.UNLIMITED);
        for (ActiveRule active : blocking) {
            long most = active.limit().most();
            switch (active.rule().type()) {
                case ABSOLUTE_DAILY, PERCENTAGE_DAILY -> leastDaily = Math.min(leastDaily, most);
                case ABSOLUTE_MONTHLY, PERCENTAGE_MONTHLY -> leastMonthly = Math.min(leastMonthly, most);
                case RATE -> limitRate(windows, active, most);
                case OPERATION -> {} // nothing that calls at a time share
            }
        }
        this.daily = leastDaily;
        this.monthly = leastMonthly;
    }

    private void limitRate(SpendWindow[] windows, ActiveRule active, long most) {
        for (int i = 0; i < windows.length; i++) {
            if (windows[i] == active.window()) {
                rates[i] = Math.min(rates[i], most);
            }
        }
    }

    long daily() {
        return daily;
    }

    long monthly() {
        return monthly;
    }

    long rate(int window) {
        return rates[window];
    }
}
