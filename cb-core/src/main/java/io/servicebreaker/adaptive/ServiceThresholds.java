package io.servicebreaker.adaptive;

import io.servicebreaker.adaptive.Overlay.Owner;
import io.servicebreaker.adaptive.ThresholdsAdjusted.Step;
import io.servicebreaker.breaker.Breaker;
import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.time.TimeSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The thresholds by which a breaker judges, and the only way to change them. Many threads may read; whoever writes holds a
 * lock.
 */
final class ServiceThresholds {

    private final Breaker breaker;
    private final Adjustments adjustments;
    private final TimeSource time;
    private final Map<Parameter, Long> changes = new ConcurrentHashMap<>();
    private volatile AdjustedSettings settings;

    /** Takes what the breaker judges by now as what is configured. */
    ServiceThresholds(Breaker breaker, double maxAdjustment, Adjustments adjustments, TimeSource time) {
        this.breaker = breaker;
        this.adjustments = adjustments;
        this.time = time;
        this.settings = new AdjustedSettings(breaker.snapshot().settings(), maxAdjustment);
    }

    Breaker breaker() {
        return breaker;
    }

    String service() {
        return breaker.service();
    }

    AdjustedSettings settings() {
        return settings;
    }

    long changes(Parameter parameter) {
        return changes.getOrDefault(parameter, 0L);
    }

    /** Lays something over a setting, in place of what its owner had laid over it. */
    void lay(Overlay overlay, Step step, @Nullable Double confidence, String reason) {
        change(settings.with(overlay), overlay.parameter(), overlay.owner(), step, confidence, reason);
    }

    /** Takes away what lay over a setting. */
    void lift(Overlay overlay, Owner owner, Step step, String reason) {
        change(settings.without(overlay), overlay.parameter(), owner, step, null, reason);
    }

    /** Nothing changes, but it ends later. */
    void renew(Overlay overlay, long untilNanos) {
        settings = settings.with(overlay.until(untilNanos));
    }

    /** Takes away what nobody has renewed in time. */
    void expire(long now) {
        for (Overlay overlay : settings.overlays()) {
            if (now >= overlay.untilNanos()) {
                lift(overlay, overlay.owner(), Step.EXPIRED, "not renewed in time: " + overlay.reason());
            }
        }
    }

    /** A condition may wish for something that makes no difference, such as less than one failure. */
    private void change(
            AdjustedSettings next,
            Parameter parameter,
            Owner owner,
            Step step,
            @Nullable Double confidence,
            String reason) {
        BreakerSettings before = settings.effective();
        settings = next;
        if (!next.effective().equals(before)) {
            breaker.use(next.effective());
            changes.merge(parameter, 1L, Long::sum);
        } else if (owner != Owner.LEARNING && owner != Owner.OPERATOR) {
            return;
        }
        tell(parameter, parameter.of(before), parameter.of(next.effective()), owner, step, confidence, reason);
    }

    void tell(
            Parameter parameter,
            double from,
            double to,
            Owner owner,
            Step step,
            @Nullable Double confidence,
            String reason) {
        adjustments.record(new ThresholdsAdjusted(
                time.at(time.nanos()), service(), parameter, from, to, owner, step, confidence, reason));
    }
}
