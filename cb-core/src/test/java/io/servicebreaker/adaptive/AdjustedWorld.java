package io.servicebreaker.adaptive;

import io.servicebreaker.adaptive.AdaptiveSettings.Mode;
import io.servicebreaker.adaptive.ThresholdsAdjusted.Step;
import io.servicebreaker.breaker.Breaker;
import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.call.Admission;
import io.servicebreaker.call.CallListener;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Permit;
import io.servicebreaker.call.Rejection;
import io.servicebreaker.event.Events;
import io.servicebreaker.time.FakeTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** A service whose thresholds are adjusted, with a clock, a history and conditions that a test moves by hand. */
final class AdjustedWorld implements AutoCloseable {

    static final String SERVICE = "chat";

    /** Opens after 5 failures in a row, for a minute, and by nothing else. */
    static final BreakerSettings BASELINE = BreakerSettings.defaults().toBuilder()
            .failureThreshold(5)
            .errorRateThreshold(0.5)
            .minimumCalls(100_000)
            .window(Duration.ofMinutes(1))
            .slowCallDuration(Duration.ofSeconds(10))
            .recoveryTimeout(Duration.ofMinutes(1))
            .recoveryJitter(0.0)
            .halfOpenMaxRequests(1)
            .build();

    static final Outcome FAILURE = Outcome.failure(FailureCause.SERVER_ERROR);

    final FakeTime time = new FakeTime();
    final Events events = new Events();
    final InternalFaults faults = new InternalFaults(time);
    final Breaker breaker;
    final ThresholdAdjuster adjuster;
    final CallListener listener;

    /** What history says. */
    List<Recommendation> advice = List.of();

    Conditions conditions = Conditions.UNKNOWN;

    AdjustedWorld(Mode mode, boolean realTime) {
        this(settings(mode, realTime));
    }

    AdjustedWorld(AdaptiveSettings settings) {
        Breakers breakers = new Breakers(Map.of(SERVICE, BASELINE), time, events, 5);
        breaker = breakers.breaker(SERVICE);
        adjuster = new ThresholdAdjuster(
                settings, breakers.all(), service -> advice, service -> conditions, time, events, faults);
        listener = adjuster.listenerFor(SERVICE);
    }

    static AdaptiveSettings settings(Mode mode, boolean realTime) {
        AdaptiveSettings usual = AdaptiveSettings.DEFAULTS;
        return new AdaptiveSettings(
                mode,
                usual.learningWindow(),
                usual.minDataPoints(),
                usual.maxAdjustment(),
                usual.adjustmentCooldown(),
                usual.confidenceThreshold(),
                realTime,
                usual.realTimeSensitivity());
    }

    static Recommendation recommended(Parameter parameter, double value) {
        return recommended(parameter, value, 0.9);
    }

    static Recommendation recommended(Parameter parameter, double value, double confidence) {
        return new Recommendation(
                SERVICE, parameter, parameter.of(BASELINE), value, confidence, 10, 5, 1, "it was better for a month");
    }

    /** A second goes by, and then somebody wants to call; whether the call was let through. */
    boolean call(Outcome outcome) {
        time.advance(Duration.ofSeconds(1));
        CallRequest request = CallRequest.to(SERVICE);
        Admission admission = breaker.admit(request, time.nanos());
        if (admission instanceof Permit permit) {
            permit.finish(outcome, 0, time.nanos());
            listener.finished(request, outcome, 0);
        } else {
            listener.rejected(request, (Rejection) admission);
        }
        adjuster.look();
        return admission instanceof Permit;
    }

    /** So many failures in a row, then successes, one a second, as often as fits into the time. */
    void bursts(int failures, int successes, Duration within) {
        for (long end = time.nanos() + within.toNanos(); time.nanos() < end; ) {
            for (int i = 0; i < failures; i++) {
                call(FAILURE);
            }
            for (int i = 0; i < successes; i++) {
                call(Outcome.SUCCESS);
            }
        }
    }

    void pass(Duration by) {
        time.advance(by);
        adjuster.look();
    }

    BreakerSettings effective() {
        return breaker.snapshot().settings();
    }

    Collection<Overlay> overlays() {
        return adjuster.settings(SERVICE).orElseThrow().overlays();
    }

    /** All that happened, oldest first. */
    List<ThresholdsAdjusted> happened() {
        List<ThresholdsAdjusted> all = new ArrayList<>(adjuster.newest(Adjustments.CAPACITY, step -> true));
        Collections.reverse(all);
        return all;
    }

    List<Step> steps() {
        return happened().stream().map(ThresholdsAdjusted::step).toList();
    }

    @Override
    public void close() {
        events.close();
    }
}
