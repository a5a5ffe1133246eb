package io.servicebreaker.adaptive;

import io.servicebreaker.adaptive.AdaptiveSettings.Mode;
import io.servicebreaker.breaker.Breaker;
import io.servicebreaker.call.CallListener;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.event.Events;
import io.servicebreaker.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Adjusts thresholds to what history recommends and to the conditions of the moment, within limits. Safe for use by many
 * threads.
 *
 * <p>What is configured stays what it is: an adjustment lies over it, has a reason and an end, and goes no further than the
 * largest adjustment; see {@link AdjustedSettings}. What history recommends is tried on live calls before it is applied, and
 * watched afterwards; see {@link Rollout}. Calls read one reference, and pay for a run only while there is one.
 */
public final class ThresholdAdjuster {

    /** How long a service whose adjustments were undone is left alone, unless the operator says otherwise. */
    public static final Duration REST_AFTER_UNDOING = Duration.ofDays(7);

    static final Duration BETWEEN_CONDITIONS = Duration.ofSeconds(10);
    static final Duration BETWEEN_ADVICE = Duration.ofMinutes(15);

    /** Knows what history recommends. */
    @FunctionalInterface
    public interface Advice {

        /** Nobody asks for recommendations. */
        Advice NONE = service -> List.of();

        /** What is recommended for a service; may take its time. What it said before holds on if it throws. */
        List<Recommendation> of(String service);
    }

    private final AdaptiveSettings settings;
    private final Advice advice;
    private final Function<String, Conditions> conditions;
    private final TimeSource time;
    private final InternalFaults faults;
    private final Adjustments adjustments;
    private final Map<String, ServiceAdjuster> services = new LinkedHashMap<>();
    private final AtomicLong adviceDue = new AtomicLong();
    private final AtomicLong conditionsDue = new AtomicLong();

    /**
     * Creates it; nothing is adjusted before somebody looks.
     *
     * @param breakers those whose thresholds may be adjusted, as configured
     * @param conditions how a service does at the moment; may take its time
     */
    public ThresholdAdjuster(
            AdaptiveSettings settings,
            Collection<Breaker> breakers,
            Advice advice,
            Function<String, Conditions> conditions,
            TimeSource time,
            Events events,
            InternalFaults faults) {
        this.settings = settings;
        this.advice = advice;
        this.conditions = conditions;
        this.time = time;
        this.faults = faults;
        this.adjustments = new Adjustments(events);
        if (settings.mode() != Mode.OFF) {
            Events nobody = nobody();
            breakers.forEach(breaker -> services.put(breaker.service(), adjuster(breaker, nobody)));
        }
    }

    /** One that adjusts nothing. */
    public static ThresholdAdjuster idle(TimeSource time, Events events) {
        AdaptiveSettings usual = AdaptiveSettings.DEFAULTS;
        AdaptiveSettings off = new AdaptiveSettings(
                Mode.OFF,
                usual.learningWindow(),
                usual.minDataPoints(),
                usual.maxAdjustment(),
                usual.adjustmentCooldown(),
                usual.confidenceThreshold(),
                false,
                usual.realTimeSensitivity());
        return new ThresholdAdjuster(
                off, List.of(), Advice.NONE, service -> Conditions.UNKNOWN, time, events, new InternalFaults(time));
    }

    /** What breakers do that only try something is nobody's business. */
    private static Events nobody() {
        Events nobody = new Events();
        nobody.close();
        return nobody;
    }

    private ServiceAdjuster adjuster(Breaker breaker, Events nobody) {
        return new ServiceAdjuster(
                new ServiceThresholds(breaker, settings.maxAdjustment(), adjustments, time),
                settings,
                time,
                nobody,
                faults);
    }

    /** Whether anything may ever be adjusted or recommended. */
    public boolean isNeeded() {
        return !services.isEmpty();
    }

    /** Hears of the calls of a service, on which recommendations are tried. */
    public CallListener listenerFor(String service) {
        ServiceAdjuster adjuster = settings.mode() == Mode.AUTO ? services.get(service) : null;
        return adjuster == null ? CallListener.NONE : adjuster;
    }

    /** Does what is due. Best called each second. */
    public void look() {
        services.values().forEach(adjuster -> safely(adjuster::end)); // which does not wait for what is read below
        long now = time.nanos();
        boolean asks = isDue(adviceDue, shorter(BETWEEN_ADVICE, settings.adjustmentCooldown()), now);
        boolean follows = settings.realTime() && isDue(conditionsDue, BETWEEN_CONDITIONS, now);
        services.forEach((service, adjuster) -> {
            if (asks) {
                safely(() -> adjuster.heed(advice.of(service)));
            }
            if (follows) {
                safely(() -> adjuster.follow(conditions.apply(service)));
            }
            safely(adjuster::look);
        });
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static boolean isDue(AtomicLong next, Duration interval, long now) {
        long due = next.get();
        return now >= due && next.compareAndSet(due, now + interval.toNanos());
    }

    /** What ends must end, whatever else fails. */
    private void safely(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            faults.record("adjuster", "thresholds stay as they are", e);
        }
    }

    /**
     * Makes the thresholds of a service those that are configured, and leaves them alone for a time, whatever is recommended
     * and whatever the conditions are.
     *
     * @param reason why, in the operator's words
     * @param rest for how long, above 0
     */
    public void undo(String service, String reason, Duration rest) {
        ServiceAdjuster adjuster = services.get(service);
        if (adjuster != null) {
            adjuster.undo(reason, rest);
        }
    }

    /** The settings of a service and what lies over them; absent if it is never adjusted. */
    public Optional<AdjustedSettings> settings(String service) {
        return find(service).map(adjuster -> adjuster.thresholds().settings());
    }

    /** Until when an operator wants a service left alone; absent if it may be adjusted now, or is never. */
    public Optional<Instant> restsUntil(String service) {
        return find(service)
                .filter(adjuster -> adjuster.restUntil() > time.nanos())
                .map(adjuster -> time.at(adjuster.restUntil()));
    }

    /** What is recommended for a service now. */
    public List<Recommendation> recommendations(String service) {
        return find(service).map(ServiceAdjuster::advice).orElse(List.of());
    }

    /** At most that many of the steps that are wanted, newest first. */
    public List<ThresholdsAdjusted> newest(int limit, Predicate<? super ThresholdsAdjusted> wanted) {
        return adjustments.newest(limit, wanted);
    }

    /** How often the value in force of a setting has changed. */
    public long changes(String service, Parameter parameter) {
        return find(service)
                .map(adjuster -> adjuster.thresholds().changes(parameter))
                .orElse(0L);
    }

    /** When something began that lies over a setting. */
    public Instant begin(Overlay overlay) {
        return time.at(overlay.sinceNanos());
    }

    /** When something ends that lies over a setting, if nobody renews it. */
    public Instant end(Overlay overlay) {
        return time.at(overlay.untilNanos());
    }

    private Optional<ServiceAdjuster> find(String service) {
        return Optional.ofNullable(services.get(service));
    }
}
