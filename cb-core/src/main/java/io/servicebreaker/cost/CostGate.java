package io.servicebreaker.cost;

import io.servicebreaker.call.Admission;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.Gate;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Rejection;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.call.RejectionScope;
import io.servicebreaker.time.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Refuses the calls of one service that its budgets, those of all services or a rule do not allow. It reserves what a call is
 * expected to cost before it is made, so that calls at the same time cannot all spend what is left for one, and books what
 * it did cost when it ends. Lock-free but for one turn a minute; safe for use by many threads.
 */
public final class CostGate implements Gate {

    private static final int SAVED = 0;
    private static final int WASTED = 1;

    private final String service;
    private final Budgets budgets;
    private final Account account;
    private final CostRules rules;
    private final CallKinds kinds;
    private final TimeSource time;
    private final @Nullable SpendRecorder recorder;
    private final Sums sums = new Sums();

    /**
     * Creates one that keeps no records.
     *
     * @param service one of those that the budgets know
     * @param prices of its models
     * @param rules on what the services spend from these budgets
     */
    public CostGate(String service, Budgets budgets, PriceList prices, CostRules rules, TimeSource time) {
        this(service, budgets, prices, rules, time, null);
    }

    /**
     * Creates it.
     *
     * @param service one of those that the budgets know
     * @param prices of its models
     * @param rules on what the services spend from these budgets
     * @param recorder notes down what each call cost, if anybody wants to know
     */
    public CostGate(
            String service,
            Budgets budgets,
            PriceList prices,
            CostRules rules,
            TimeSource time,
            @Nullable SpendRecorder recorder) {
        this.service = service;
        this.budgets = budgets;
        this.account = budgets.account(service);
        this.rules = rules;
        this.kinds = new CallKinds(prices, rules);
        this.time = time;
        this.recorder = recorder;
    }

    @Override
    public Admission admit(CallRequest request, long nowNanos) {
        CallKind kind = kinds.of(request);
        long amount = kind.estimate(request);
        RuleSet applicable = kind.rules().of(request.category());
        boolean override = rules.isOverridden(service, nowNanos);
        Page page = account.page(nowNanos);
        if (applicable.concerns(page, amount, nowNanos)) {
            ActiveRule strongest = applicable.strongest(service, page, amount, nowNanos, override);
            if (strongest != null && !letsThrough(strongest, page, amount, nowNanos)) {
                return mayChange(strongest, page, amount) && budgets.expire(nowNanos)
                        ? admit(request, nowNanos)
                        : refuse(strongest, page, amount, nowNanos);
            }
        }
        Admission answer = reserve(request, kind, page, amount, applicable.ceilings(override), nowNanos);
        return answer == null ? admit(request, nowNanos) : answer;
    }

    /** Of an exhausted budget there is no share to let through. */
    private static boolean letsThrough(ActiveRule rule, Page page, long amount, long now) {
        return page.lastWithout(amount) == null && rule.letsThrough(now);
    }

    /** Whether lost reservations may be why a call is refused; who is only throttled takes no lock to find out. */
    private static boolean mayChange(ActiveRule rule, Page page, long amount) {
        return rule.blocks() || page.lastWithout(amount) != null;
    }

    /** Null if another call or the end of a lease has changed so much meanwhile that everything is to be asked again. */
    private @Nullable Admission reserve(
            CallRequest request, CallKind kind, Page first, long amount, Ceilings most, long now) {
        if (!rules.reserve(amount, now, most)) {
            return null;
        }
        Page page = first;
        while (!page.note(amount)) {
            page = account.page(now);
        }
        Spending exhausted = page.reserve(amount, most);
        if (exhausted == null) {
            String correlation = recorder == null ? "" : SpendRecorder.correlation();
            return kind.reservation(page, amount, this, request, correlation);
        }
        rules.correct(-amount, now, now);
        return budgets.expire(now) || exhausted.hasLeft(amount) ? null : refuse(exhausted, amount);
    }

    private Rejection refuse(ActiveRule rule, Page page, long amount, long now) {
        Spending exhausted = page.lastWithout(amount);
        if (exhausted != null) {
            return refuse(exhausted, amount);
        }
        sums.add(SAVED, amount);
        return rule.refuse(page, amount, now);
    }

    private Rejection refuse(Spending exhausted, long amount) {
        sums.add(SAVED, amount);
        Duration left = Duration.between(time.now(), exhausted.end());
        return new Rejection(
                RejectionReason.COST_BUDGET,
                RejectionScope.BUDGET,
                Math.max(0, left.toNanos()),
                "the " + exhausted.period().name().toLowerCase(Locale.ROOT) + " budget of "
                        + new Money(exhausted.limit()) + " has no " + new Money(amount) + " left");
    }

    /** A call has ended for which an amount was reserved. */
    void settled(Outcome outcome, long amount, long cost, long begun, long now) {
        if (outcome.end() == Outcome.Kind.FAILURE) {
            sums.add(WASTED, cost);
        }
        rules.correct(cost - amount, begun, now);
        rules.look(service, account, now);
    }

    void record(CallRequest request, String correlation, Page page, Outcome outcome, long amount, long cost, long now) {
        if (recorder != null) {
            recorder.record(request, correlation, page.begun(), outcome, amount, cost, now);
        }
    }

    /** Cost of all calls that have ended. */
    public Money spent() {
        return new Money(kinds.spent());
    }

    /** What the calls of each operation and model have cost; of those after the first thousand together. */
    public List<CallCosts> costs() {
        return kinds.costs();
    }

    /** What a call would be expected to cost now, and why. */
    public Estimate estimate(CallRequest request) {
        return kinds.of(request).explain(request);
    }

    /** What a call has cost that has ended, if that is known. */
    public Optional<Money> cost(CallRequest request, Outcome outcome) {
        CallReport report = outcome.report();
        long known = kinds.of(request).cost(outcome, report == null ? null : report.usageOrNull());
        return known == CallKind.UNKNOWN ? Optional.empty() : Optional.of(new Money(known));
    }

    /** Expected cost of the calls that were refused for want of money. */
    public Money saved() {
        return new Money(sums.get(SAVED));
    }

    /** Cost of the calls that failed. */
    public Money wasted() {
        return new Money(sums.get(WASTED));
    }
}
