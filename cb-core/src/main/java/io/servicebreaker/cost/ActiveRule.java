package io.servicebreaker.cost;

import io.servicebreaker.call.Rejection;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.call.RejectionScope;
import io.servicebreaker.event.Events;
import io.servicebreaker.time.TimeSource;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A rule at work: whether it is in force, and since when that has been told. Lock-free, safe for use by many threads.
 *
 * <p>A rule with a recovery threshold keeps when its hold will end. While what it looks at is above the threshold, that is
 * reckoned from when it will fall below it by itself, so that the hold ends also if nobody calls.
 */
final class ActiveRule {

    private static final long NOT_IN_FORCE = Long.MIN_VALUE;
    private static final long NEVER = Long.MIN_VALUE;

    private final CostRule rule;
    private final RuleLimit limit;
    private final @Nullable SpendWindow window;
    private final @Nullable Throttle throttle;
    private final long cooldownNanos;
    private final long recoveryNanos;
    private final TimeSource time;
    private final Events events;

    private final AtomicLong heldUntil = new AtomicLong(NOT_IN_FORCE);
    private final AtomicLong alertedAt = new AtomicLong(NEVER);
    private final AtomicBoolean told = new AtomicBoolean();

    /** Only to be looked at: when it came into force, and what the last call asked for that it was in force for. */
    private volatile long since;

    private volatile long lastAmount;

    /**
     * Creates it.
     *
     * @param window of a rule on a rate
     */
    ActiveRule(CostRule rule, RuleLimit limit, @Nullable SpendWindow window, TimeSource time, Events events) {
        this.rule = rule;
        this.limit = limit;
        this.window = window;
        this.throttle = rule.action() == CostRule.Action.THROTTLE ? new Throttle(rule.throttleFactor()) : null;
        this.cooldownNanos = rule.cooldown().toNanos();
        this.recoveryNanos = rule.recoveryWindow().toNanos();
        this.time = time;
        this.events = events;
    }

    CostRule rule() {
        return rule;
    }

    RuleLimit limit() {
        return limit;
    }

    @Nullable
    SpendWindow window() {
        return window;
    }

    /** What is spent and reserved of what the rule looks at. */
    private long standing(Page page, long now) {
        return switch (rule.type()) {
            case ABSOLUTE_DAILY, PERCENTAGE_DAILY -> page.total(Period.DAILY).get();
            case ABSOLUTE_MONTHLY, PERCENTAGE_MONTHLY ->
                page.total(Period.MONTHLY).get();
            case RATE -> Objects.requireNonNull(window).sum(now);
            case OPERATION -> 0;
        };
    }

    /** Whether there is anything to be done about a call. */
    boolean concerns(Page page, long amount, long now) {
        return limit.isExceeded(standing(page, now), amount) || heldUntil.get() != NOT_IN_FORCE;
    }

    /**
     * Whether the rule is in force for a call; tells if it has come into force or has ended. What costs nothing is neither
     * held up, nor does it show that the rule has ended.
     */
    boolean judge(String service, Page page, long amount, long now) {
        long standing = standing(page, now);
        if (!limit.isExceeded(standing, amount)) {
            return amount > 0 && holds(service, standing, page, now);
        }
        long found = Money.sum(standing, amount);
        if (rule.type() == CostRule.Type.OPERATION) {
            alert(service, found, now);
        } else {
            comeIntoForce(service, found, page, now);
            lastAmount = amount;
        }
        return true;
    }

    private void comeIntoForce(String service, long found, Page page, long now) {
        if (heldUntil.getAndSet(endOfHold(page, now)) == NOT_IN_FORCE) {
            since = now;
        }
        if (!told.get() && told.compareAndSet(false, true) && !alert(service, found, now)) {
            told.set(false);
        }
    }

    /** Of a rule that does not match. */
    private boolean holds(String service, long standing, Page page, long now) {
        long until = heldUntil.get();
        if (until == NOT_IN_FORCE) {
            return false;
        }
        if (limit.hasRecovery()) {
            if (!limit.isRecovered(standing)) {
                heldUntil.compareAndSet(until, endOfHold(page, now));
                return true;
            }
            heldUntil.compareAndSet(until, Math.min(until, now + recoveryNanos));
            if (now < Math.min(until, now + recoveryNanos)) {
                return true;
            }
        }
        end(service, now);
        return false;
    }

    private void end(String service, long now) {
        if (heldUntil.getAndSet(NOT_IN_FORCE) != NOT_IN_FORCE && told.getAndSet(false)) {
            events.publish(new CostRuleEnded(time.at(now), service, rule));
        }
    }

    /** Only what recovers has one: the others end as soon as they no longer match. */
    private long endOfHold(Page page, long now) {
        if (!limit.hasRecovery()) {
            return now;
        }
        long fallen = window == null ? ends(page) : window.fallsTo(limit.recovery() - 1, now);
        return fallen + recoveryNanos;
    }

    private long ends(Page page) {
        return page.total(Objects.requireNonNull(rule.type().period())).endNanos();
    }

    /** What calls did that have ended may have changed whether the rule still holds. */
    void look(String service, Page page, long now) {
        if (heldUntil.get() != NOT_IN_FORCE) {
            holds(service, standing(page, now), page, now);
        }
    }

    /**
     * How it is in force at some time; null if it is not. Where no call has asked for a while, it is as long as the last
     * one would still meet it that did.
     */
    @Nullable
    RuleInForce inForce(Page page, long now) {
        if (rule.type() == CostRule.Type.OPERATION) {
            return null;
        }
        long held = heldUntil.get();
        boolean isMet = held != NOT_IN_FORCE;
        long amount = isMet ? Math.max(1, lastAmount) : 1;
        long standing = standing(page, now);
        boolean isHeld = isMet && limit.hasRecovery() && (!limit.isRecovered(standing) || now < held);
        if (!isHeld && !limit.isExceeded(standing, amount)) {
            return null;
        }
        long wait = limit.most() < 0 ? Rejection.UNKNOWN_TIME : waitNanos(page, amount, now);
        return new RuleInForce(
                rule,
                isMet ? time.at(since) : null,
                wait == Rejection.UNKNOWN_TIME ? null : time.at(now + wait),
                limit.inItsUnit(standing));
    }

    private boolean alert(String service, long found, long now) {
        long last = alertedAt.get();
        boolean quiet = last != NEVER && now - last < cooldownNanos;
        if (quiet || !alertedAt.compareAndSet(last, now)) {
            return false;
        }
        events.publish(new CostRuleMatched(time.at(now), service, rule, limit.inItsUnit(found)));
        return true;
    }

    boolean blocks() {
        return rule.action() == CostRule.Action.BLOCK;
    }

    /** Whether a call goes through all the same: one of the share that is let through. */
    boolean letsThrough(long now) {
        return throttle != null && throttle.letsThrough(now);
    }

    Rejection refuse(Page page, long amount, long now) {
        return new Rejection(
                RejectionReason.COST_RULE,
                RejectionScope.BUDGET,
                throttle == null ? waitNanos(page, amount, now) : throttle.waitNanos(),
                limit.explain(standing(page, now), amount));
    }

    private long waitNanos(Page page, long amount, long now) {
        long allowed = limit.most() - amount;
        if (limit.hasRecovery()) {
            long held = heldUntil.get();
            return Math.max(0, (held == NOT_IN_FORCE ? endOfHold(page, now) : held) - now);
        }
        if (rule.type() == CostRule.Type.OPERATION || (window != null && allowed < 0)) {
            return Rejection.UNKNOWN_TIME;
        }
        return Math.max(0, (window == null ? ends(page) : window.fallsTo(allowed, now)) - now);
    }
}
