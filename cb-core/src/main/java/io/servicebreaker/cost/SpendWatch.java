package io.servicebreaker.cost;

import io.servicebreaker.event.Events;
import io.servicebreaker.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Looks now and then at what services have spent, far from any call: it knows how fast money goes, projects how budgets will
 * go on, and tells when a service spends far more than usual. What a call costs counts when the call ends. Safe for use by
 * many threads.
 */
public final class SpendWatch {

    private final Budgets budgets;
    private final TimeSource time;
    private final Events events;
    private final Map<String, Watched> services = new LinkedHashMap<>();
    private final SpendHistory total;

    private record Watched(Supplier<Money> spent, SpendHistory history, UsualSpending usual) {

        static Watched of(String service, Supplier<Money> spent, long now) {
            SpendHistory history = new SpendHistory(spent.get().billionths(), now);
            return new Watched(spent, history, new UsualSpending(service, history.slices()));
        }
    }

    /**
     * Begins to watch.
     *
     * @param spent what the calls of each service have cost since some time; never less than before
     */
    public SpendWatch(Budgets budgets, Map<String, Supplier<Money>> spent, TimeSource time, Events events) {
        this.budgets = budgets;
        this.time = time;
        this.events = events;
        long now = time.nanos();
        spent.forEach((service, money) -> services.put(service, Watched.of(service, money, now)));
        this.total = new SpendHistory(total(), now);
    }

    private long total() {
        long sum = 0;
        for (Watched watched : services.values()) {
            sum = Money.sum(sum, watched.spent.get().billionths());
        }
        return sum;
    }

    /** Takes down what has been spent, gives back what nobody will settle, and tells of what is unusual. Best asked each half minute. */
    public synchronized void look() {
        long now = time.nanos();
        budgets.expire(now);
        total.look(total(), now);
        for (Watched watched : services.values()) {
            watched.history.look(watched.spent.get().billionths(), now);
            SpendAnomaly anomaly = watched.usual.judge(time.at(now), now);
            if (anomaly != null) {
                events.publish(anomaly);
            }
        }
    }

    /** How long to wait before the next look, so that it does not come in the middle of a half minute. */
    public synchronized Duration untilNextLook() {
        return Duration.ofNanos(Math.max(0, total.slices().nextNanos() - time.nanos()));
    }

    /** How the budget of all services together will go on. */
    public Projection total(Period period) {
        return projection(budgets.total(period), period, total);
    }

    /** How the budget of one service will go on. */
    public Projection service(String service, Period period) {
        return projection(
                budgets.service(service, period), period, Objects.requireNonNull(services.get(service)).history);
    }

    private synchronized Projection projection(BudgetView budget, Period period, SpendHistory history) {
        look();
        long nanos = time.nanos();
        Instant now = time.at(nanos);
        long begun = nanos - Duration.between(budget.beginsAt(), now).toNanos();
        return Projection.of(
                budget, now, history.samples(period, begun), SpendHistory.sampleLength(period), history.perHour());
    }
}
