package io.servicebreaker.adaptive;

import io.servicebreaker.adaptive.AdaptiveSettings.Mode;
import io.servicebreaker.adaptive.Conditions.Kind;
import io.servicebreaker.adaptive.Overlay.Owner;
import io.servicebreaker.adaptive.ThresholdsAdjusted.Step;
import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.call.CallListener;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Rejection;
import io.servicebreaker.event.Events;
import io.servicebreaker.time.TimeSource;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Adjusts the thresholds of one service. Safe for use by many threads; whoever changes something holds its lock, and waits for
 * nothing.
 */
final class ServiceAdjuster implements CallListener {

    /** How long a condition counts of which nothing more is heard. */
    static final Duration LIFE_OF_A_CONDITION = Duration.ofMinutes(5);

    private final ServiceThresholds thresholds;
    private final AdaptiveSettings limits;
    private final TimeSource time;
    private final InternalFaults faults;
    private final Rollout rollout;

    /** Null while nothing is tried: all that a call then costs is to look. */
    private volatile @Nullable ShadowRun hearing;

    private volatile List<Recommendation> advice = List.of();
    private volatile long restUntil;

    ServiceAdjuster(
            ServiceThresholds thresholds,
            AdaptiveSettings limits,
            TimeSource time,
            Events nobody,
            InternalFaults faults) {
        this.thresholds = thresholds;
        this.limits = limits;
        this.time = time;
        this.faults = faults;
        this.rollout = new Rollout(thresholds, limits, time, nobody);
    }

    @Override
    public void finished(CallRequest request, Outcome outcome, long durationNanos) {
        ShadowRun run = hearing;
        if (run != null) {
            run.finished(outcome, durationNanos);
        }
    }

    /** How it would have ended, nobody knows. */
    @Override
    public void rejected(CallRequest request, Rejection rejection) {}

    /** What is recommended now takes the place of what was. */
    synchronized void heed(List<Recommendation> recommended) {
        List<Recommendation> former = advice;
        advice = recommended.stream().filter(this::makesSense).toList();
        advice.stream()
                .filter(one -> former.stream().noneMatch(told -> isSameValue(told, one)))
                .forEach(this::tell);
        rollout.renew(advice, time.nanos());
    }

    /** How sure it is and what it would have avoided changes each time something is read. */
    private static boolean isSameValue(Recommendation one, Recommendation other) {
        return one.parameter() == other.parameter() && one.recommended() == other.recommended();
    }

    private boolean makesSense(Recommendation one) {
        BreakerSettings baseline = thresholds.settings().baseline();
        boolean makesSense = one.service().equals(thresholds.service())
                && one.parameter().allows(baseline, one.recommended())
                && one.confidence() >= 0
                && one.confidence() <= 1;
        if (!makesSense) {
            faults.record(
                    "recommendations",
                    "thresholds stay as they are",
                    new IllegalArgumentException("makes no sense: " + one));
        }
        return makesSense;
    }

    private void tell(Recommendation one) {
        double now = one.parameter().of(thresholds.settings().effective());
        thresholds.tell(
                one.parameter(),
                now,
                one.recommended(),
                Owner.LEARNING,
                Step.RECOMMENDED,
                one.confidence(),
                one.reason());
    }

    /** Follows the conditions as they are now. */
    synchronized void follow(Conditions conditions) {
        long now = time.nanos();
        if (now >= restUntil) {
            for (Kind kind : Kind.values()) {
                follow(kind, conditions, now);
            }
        }
    }

    /** A condition that wavers about the smallest change that is followed does not end each time. */
    private void follow(Kind kind, Conditions conditions, long now) {
        double least = 1 - limits.maxAdjustment();
        double most = 1 + limits.maxAdjustment();
        double factor = Math.max(least, Math.min(most, conditions.factor(kind)));
        Overlay present =
                thresholds.settings().overlay(kind.owner(), kind.parameter()).orElse(null);
        double followed = present == null ? 1 : present.factor();
        if (present != null && Math.abs(factor - 1) < limits.realTimeSensitivity() / 2) {
            thresholds.lift(present, kind.owner(), Step.ENDED, "over: " + present.reason());
        } else if (Math.abs(factor / followed - 1) >= limits.realTimeSensitivity()) {
            long until = now + LIFE_OF_A_CONDITION.toNanos();
            String reason = conditions.reason(kind);
            thresholds.lay(
                    new Overlay(kind.owner(), kind.parameter(), factor, reason, now, until),
                    Step.APPLIED,
                    null,
                    reason);
        } else if (present != null) {
            thresholds.renew(present, now + LIFE_OF_A_CONDITION.toNanos());
        }
    }

    /** Ends what is over, or turned out worse. */
    synchronized void end() {
        long now = time.nanos();
        thresholds.expire(now);
        rollout.watch(now);
        hearing = rollout.run();
    }

    /** Goes on with what is learned. */
    synchronized void look() {
        long now = time.nanos();
        if (limits.mode() == Mode.AUTO && now >= restUntil) {
            rollout.look(advice, now);
            hearing = rollout.run();
        }
    }

    /** Makes the thresholds those that are configured, and leaves them alone for a time. */
    synchronized void undo(String reason, Duration rest) {
        rollout.stop("an operator did not want it");
        hearing = null;
        Collection<Overlay> overlays = thresholds.settings().overlays();
        overlays.forEach(overlay -> thresholds.lift(overlay, Owner.OPERATOR, Step.UNDONE, reason));
        if (overlays.isEmpty()) {
            List.of(Parameter.values()).forEach(parameter -> tellLeftAlone(parameter, reason));
        }
        restUntil = time.nanos() + rest.toNanos();
    }

    /** Also where nothing was to be undone, an operator wants to find what was done. */
    private void tellLeftAlone(Parameter parameter, String reason) {
        double configured = parameter.of(thresholds.settings().baseline());
        thresholds.tell(parameter, configured, configured, Owner.OPERATOR, Step.UNDONE, null, reason);
    }

    List<Recommendation> advice() {
        return advice;
    }

    ServiceThresholds thresholds() {
        return thresholds;
    }

    /** When it may be adjusted again, as the clock counts. */
    long restUntil() {
        return restUntil;
    }
}
