package io.servicebreaker.cost;

import io.servicebreaker.call.Admission;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.Gate;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Rejection;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.call.RejectionScope;
import io.servicebreaker.time.TimeSource;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;

/**
 * Refuses the calls of one service that its budgets, or those of all services, do not allow. It reserves what a call is
 * expected to cost before it is made, so that calls at the same time cannot all spend what is left for one, and books what
 * it did cost when it ends. Lock-free but for one turn a minute; safe for use by many threads.
 */
public final class CostGate implements Gate {

    private final Budgets budgets;
    private final Account account;
    private final CallKinds kinds;
    private final TimeSource time;
    private final LongAdder saved = new LongAdder();
    private final LongAdder wasted = new LongAdder();
    private final LongAdder spent = new LongAdder();

    /**
     * Creates it.
     *
     * @param service one of those that the budgets know
     * @param prices of its models
     */
    public CostGate(String service, Budgets budgets, PriceList prices, TimeSource time) {
        this.budgets = budgets;
        this.account = budgets.account(service);
        this.kinds = new CallKinds(prices);
        this.time = time;
    }

    @Override
    public Admission admit(CallRequest request, long nowNanos) {
        CallKind kind = kinds.of(request);
        long amount = kind.estimate(request);
        Page page = account.page(nowNanos);
        while (!page.note(amount)) {
            page = account.page(nowNanos);
        }
        Spending exhausted = page.reserve(amount);
        if (exhausted == null) {
            return kind.reservation(page, amount, this);
        }
        return budgets.expire(nowNanos) ? admit(request, nowNanos) : refuse(exhausted, amount);
    }

    private Rejection refuse(Spending exhausted, long amount) {
        saved.add(amount);
        Duration left = Duration.between(time.now(), exhausted.end());
        return new Rejection(
                RejectionReason.COST_BUDGET,
                RejectionScope.BUDGET,
                Math.max(0, left.toNanos()),
                "the " + exhausted.period().name().toLowerCase(Locale.ROOT) + " budget of "
                        + new Money(exhausted.limit()) + " has no " + new Money(amount) + " left");
    }

    void spent(Outcome outcome, long cost) {
        spent.add(cost);
        if (outcome.kind() == Outcome.Kind.FAILURE) {
            wasted.add(cost);
        }
    }

    /** Cost of all calls that have ended. */
    public Money spent() {
        return new Money(spent.sum());
    }

    /** What a call would be expected to cost now, and why. */
    public Estimate estimate(CallRequest request) {
        return kinds.of(request).explain(request);
    }

    /** Expected cost of the calls that were refused for want of money. */
    public Money saved() {
        return new Money(saved.sum());
    }

    /** Cost of the calls that failed. */
    public Money wasted() {
        return new Money(wasted.sum());
    }
}
