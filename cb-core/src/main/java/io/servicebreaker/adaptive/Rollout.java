package io.servicebreaker.adaptive;

import io.servicebreaker.adaptive.Overlay.Owner;
import io.servicebreaker.adaptive.ThresholdsAdjusted.Step;
import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.breaker.BreakerSnapshot;
import io.servicebreaker.breaker.BreakerState;
import io.servicebreaker.event.Events;
import io.servicebreaker.time.TimeSource;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tries what is recommended for one service, and applies it if that does no harm: one setting at a time. For one thread at a
 * time.
 *
 * <p>A {@link ShadowRun} compares the recommended value with the present one for {@link #TRIAL} and at least as many calls as
 * anything is recommended from. If it does worse it is given up. If not it is applied, and compared with the former value for
 * one cooldown, or longer if there are too few calls; if it does worse then, or nobody can tell, that one is applied again. A
 * setting that was given up rests for {@link #REST}.
 *
 * <p>Either comparison alone is blind in one direction, as nobody knows how refused calls would have ended: a value that refuses
 * more calls is seen whole before it is applied, one that refuses fewer afterwards.
 */
final class Rollout {

    /** How long a value is tried at least before it is applied. */
    static final Duration TRIAL = Duration.ofHours(1);

    /** A run that has not heard enough calls by then is given up. */
    static final Duration LONGEST_TRIAL = Duration.ofDays(1);

    /** How long a setting is left alone whose recommended value did worse. */
    static final Duration REST = Duration.ofDays(1);

    /** Excess at which a value that is in force is not watched to the end; see {@link ShadowRun#excess()}. */
    static final double CLEARLY_WORSE = 10;

    /** Share of the configured value below which a difference is not worth trying. */
    private static final double WORTHWHILE = 0.05;

    private final ServiceThresholds thresholds;
    private final AdaptiveSettings limits;
    private final TimeSource time;
    private final Events nobody;
    private final Map<Parameter, Long> restUntil = new EnumMap<>(Parameter.class);
    private @Nullable Attempt attempt;
    private @Nullable Long changedNanos;

    /**
     * A value that is tried.
     *
     * @param advice the latest that asks for it
     * @param former what had been learned before
     * @param isInForce whether it is applied, and watched
     */
    private record Attempt(
            Recommendation advice,
            Overlay overlay,
            @Nullable Overlay former,
            ShadowRun run,
            long begunNanos,
            boolean isInForce) {

        Parameter parameter() {
            return overlay.parameter();
        }

        boolean isAskedFor(Recommendation now) {
            double asked = advice.recommended();
            return now.parameter() == parameter() && Math.abs(now.recommended() - asked) < WORTHWHILE * asked;
        }

        Attempt with(Recommendation latest) {
            return new Attempt(latest, overlay, former, run, begunNanos, isInForce);
        }
    }

    Rollout(ServiceThresholds thresholds, AdaptiveSettings limits, TimeSource time, Events nobody) {
        this.thresholds = thresholds;
        this.limits = limits;
        this.time = time;
        this.nobody = nobody;
    }

    /** What wants to hear of calls now. */
    @Nullable
    ShadowRun run() {
        return attempt == null ? null : attempt.run;
    }

    /** Hears what became of calls, and takes back what has done worse. */
    void watch(long now) {
        if (attempt != null) {
            attempt.run.look();
            if (attempt.isInForce) {
                watch(attempt, now);
            }
        }
    }

    /** Goes on with what is tried, or tries something of what is recommended. */
    void look(List<Recommendation> advice, long now) {
        if (attempt != null && !attempt.isInForce) {
            goOn(attempt, advice, now);
        }
        if (attempt == null && mayBegin(now)) {
            advice.stream()
                    .filter(this::isSure)
                    .filter(one -> now >= restUntil.getOrDefault(one.parameter(), now))
                    .filter(one -> change(one) >= WORTHWHILE)
                    .max(Comparator.comparing(Recommendation::confidence))
                    .ifPresent(best -> begin(best, now));
        }
    }

    /** Only with what is asked for as surely now as when it began. */
    private void goOn(Attempt tried, List<Recommendation> advice, long now) {
        Optional<Recommendation> latest =
                advice.stream().filter(tried::isAskedFor).filter(this::isSure).findFirst();
        if (latest.isPresent()) {
            attempt = tried.with(latest.get());
            judge(attempt, now);
        } else {
            stop("it is no longer recommended");
        }
    }

    private boolean mayBegin(long now) {
        boolean cool = changedNanos == null
                || now - changedNanos >= limits.adjustmentCooldown().toNanos();
        return cool && isCalm();
    }

    /** Breakers that are tried know of no failures, and would not do what the service's own breaker does in the middle of some. */
    private boolean isCalm() {
        BreakerSnapshot seen = thresholds.breaker().snapshot();
        return seen.state() == BreakerState.CLOSED && seen.failuresInARow() == 0;
    }

    private boolean isSure(Recommendation one) {
        return one.confidence() >= limits.confidenceThreshold();
    }

    /** What is recommended once more stays for as long as if it were new. */
    void renew(List<Recommendation> advice, long now) {
        for (Recommendation one : advice) {
            if (isSure(one) && change(one) < WORTHWHILE) {
                thresholds
                        .settings()
                        .overlay(Owner.LEARNING, one.parameter())
                        .ifPresent(overlay -> thresholds.renew(
                                overlay, now + limits.learningWindow().toNanos()));
            }
        }
    }

    /** How far the recommended value is from the one that is learned so far, as a share of the configured one. */
    private double change(Recommendation one) {
        double learned = one.parameter().of(thresholds.settings().learned());
        return Math.abs(target(one) - learned) / configured(one.parameter());
    }

    private double target(Recommendation one) {
        return thresholds.settings().bounded(one.parameter(), one.recommended() / configured(one.parameter()));
    }

    private double configured(Parameter parameter) {
        return parameter.of(thresholds.settings().baseline());
    }

    private void begin(Recommendation best, long now) {
        Overlay overlay = new Overlay(
                Owner.LEARNING,
                best.parameter(),
                target(best) / configured(best.parameter()),
                best.reason(),
                now,
                now + limits.learningWindow().toNanos());
        AdjustedSettings present = thresholds.settings();
        ShadowRun run = shadowRun(present.learned(), present.with(overlay).learned());
        attempt = new Attempt(best, overlay, null, run, now, false);
        tell(attempt, Step.SHADOW_STARTED, best.reason());
    }

    private ShadowRun shadowRun(BreakerSettings present, BreakerSettings other) {
        return new ShadowRun(thresholds.service(), present, other, time, nobody);
    }

    private void judge(Attempt tried, long now) {
        long age = now - tried.begunNanos;
        if (tried.run.calls() < limits.minDataPoints()) {
            if (age >= LONGEST_TRIAL.toNanos()) {
                giveUp(tried, "only " + tried.run.calls() + " calls in a day to try it on", now);
            }
        } else if (age >= TRIAL.toNanos()) {
            if (tried.run.excess() > 0) {
                giveUp(tried, worse(tried), now);
            } else if (isCalm()) {
                apply(tried, now);
            }
        }
    }

    private void giveUp(Attempt tried, String reason, long now) {
        restUntil.put(tried.parameter(), now + REST.toNanos());
        stop(reason);
    }

    private void apply(Attempt tried, long now) {
        AdjustedSettings before = thresholds.settings();
        Overlay former = before.overlay(Owner.LEARNING, tried.parameter()).orElse(null);
        Overlay overlay = new Overlay(
                Owner.LEARNING,
                tried.parameter(),
                tried.overlay.factor(),
                tried.advice.reason(),
                now,
                now + limits.learningWindow().toNanos());
        thresholds.lay(overlay, Step.APPLIED, tried.advice.confidence(), overlay.reason());
        ShadowRun watch = shadowRun(before.learned(), thresholds.settings().learned());
        attempt = new Attempt(tried.advice, overlay, former, watch, now, true);
        changedNanos = now;
    }

    private void watch(Attempt applied, long now) {
        Overlay inForce = thresholds
                .settings()
                .overlay(Owner.LEARNING, applied.parameter())
                .orElse(null);
        if (inForce == null) {
            attempt = null; // it has expired
        } else if (applied.run.excess() > CLEARLY_WORSE) {
            rollBack(applied, inForce, worse(applied), now);
        } else if (applied.run.age(now) >= limits.adjustmentCooldown().toNanos()) {
            decide(applied, inForce, now);
        }
    }

    private void decide(Attempt applied, Overlay inForce, long now) {
        long calls = applied.run.calls();
        if (applied.run.excess() > 0) {
            rollBack(applied, inForce, worse(applied), now);
        } else if (calls >= limits.minDataPoints()) {
            tell(applied, Step.CONFIRMED, "no worse than before on " + calls + " calls");
            attempt = null;
        } else if (applied.run.age(now) >= LONGEST_TRIAL.toNanos()) {
            rollBack(applied, inForce, "only " + calls + " calls in a day to watch it on", now);
        }
    }

    private void rollBack(Attempt applied, Overlay inForce, String reason, long now) {
        Overlay former = applied.former;
        if (former == null) {
            thresholds.lift(inForce, Owner.LEARNING, Step.ROLLED_BACK, reason);
        } else {
            thresholds.lay(former, Step.ROLLED_BACK, null, reason);
        }
        restUntil.put(applied.parameter(), now + REST.toNanos());
        changedNanos = now;
        attempt = null;
    }

    private static String worse(Attempt tried) {
        return String.format(
                Locale.ROOT,
                "on %d calls it was worse by as much as %.1f refused calls that would have succeeded",
                tried.run.calls(),
                tried.run.excess());
    }

    /** Gives up what is tried or watched, if anything is. */
    void stop(String reason) {
        if (attempt != null && !attempt.isInForce) {
            tell(attempt, Step.SHADOW_REJECTED, reason);
        }
        attempt = null;
    }

    private void tell(Attempt of, Step step, String reason) {
        Parameter parameter = of.parameter();
        AdjustedSettings settings = thresholds.settings();
        double learned = parameter.of(settings.learned());
        thresholds.tell(
                parameter, learned, settings.value(of.overlay), Owner.LEARNING, step, of.advice.confidence(), reason);
    }
}
