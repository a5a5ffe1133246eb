package io.servicebreaker.adaptive;

import static io.servicebreaker.adaptive.AdjustedWorld.BASELINE;
import static io.servicebreaker.adaptive.AdjustedWorld.SERVICE;
import static io.servicebreaker.adaptive.AdjustedWorld.recommended;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import io.servicebreaker.adaptive.AdaptiveSettings.Mode;
import io.servicebreaker.adaptive.ThresholdsAdjusted.Step;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.call.CallListener;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.event.Event;
import io.servicebreaker.event.Events;
import io.servicebreaker.support.CapturedLog;
import io.servicebreaker.time.FakeTime;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Conditions, and what must not be believed. */
class ThresholdAdjusterTest {

    private static final Conditions USUAL = new Conditions(2, 2, 0.02, 0.02, 0.5);

    @AutoClose
    private final AdjustedWorld world = new AdjustedWorld(Mode.RECOMMEND, true);

    @Test
    void usualConditionsChangeNothing() {
        world.conditions = USUAL;

        world.pass(Duration.ofMinutes(1));

        assertThat(world.effective()).isEqualTo(BASELINE);
        assertThat(world.happened()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "4, 2, 0.02, 0.02, 0.5, FAILURE_THRESHOLD, 4",
        "1, 2, 0.02, 0.02, 0.5, FAILURE_THRESHOLD, 6",
        "2, 2, 0.17, 0.02, 0.5, ERROR_RATE_THRESHOLD, 0.35",
        "2, 2, 0.01, 0.03, 0.5, ERROR_RATE_THRESHOLD, 0.5946",
        "2, 2, 0.02, 0.02, 0.9, RECOVERY_TIMEOUT, 75",
        "2, 2, 0.02, 0.02, 1.4, RECOVERY_TIMEOUT, 78"
    })
    void eachConditionHasItsThreshold(
            double calls,
            double usualCalls,
            double errors,
            double usualErrors,
            double budget,
            Parameter parameter,
            double expected) {
        world.conditions = new Conditions(calls, usualCalls, errors, usualErrors, budget);

        world.pass(Duration.ofMinutes(1));

        assertThat(parameter.of(world.effective())).isCloseTo(expected, within(1e-4));
        assertThat(world.steps()).containsExactly(Step.APPLIED);
        assertThat(world.adjuster.changes(SERVICE, parameter)).isEqualTo(1);
    }

    @Test
    void conditionsSayWhatTheyAre() {
        world.conditions = new Conditions(4, 2, 0.5, 0.02, 0.95);

        world.pass(Duration.ofMinutes(1));

        assertThat(world.happened())
                .extracting(ThresholdsAdjusted::reason)
                .containsExactly(
                        "4.00 calls a second, usually 2.00",
                        "50.0 % of calls fail, usually 2.0 %",
                        "95 % of the budget is used");
    }

    @Test
    void whenAConditionEndsItsOverlayEnds() {
        world.conditions = new Conditions(4, 2, 0.02, 0.02, 0.9);
        world.pass(Duration.ofMinutes(1));
        assertThat(world.overlays()).hasSize(2);

        world.conditions = USUAL;
        world.pass(Duration.ofMinutes(1));

        assertThat(world.effective()).isEqualTo(BASELINE);
        assertThat(world.overlays()).isEmpty();
        assertThat(world.steps()).endsWith(Step.ENDED, Step.ENDED);
    }

    @Test
    void aChangeThatIsTooSmallIsNotFollowed() {
        world.conditions = new Conditions(2, 2, 0.02, 0.02, 0.9); // 1.25 times as long
        world.pass(Duration.ofMinutes(1));

        world.conditions = new Conditions(2, 2, 0.02, 0.02, 0.86); // 1.15
        world.pass(Duration.ofMinutes(1));

        assertThat(world.effective().recoveryTimeout()).isEqualTo(Duration.ofSeconds(75));
        assertThat(world.happened()).hasSize(1);
    }

    @Test
    void aConditionThatWaversAboutTheLeastChangeDoesNotEndEachTime() {
        for (int i = 0; i < 20; i++) {
            world.conditions = new Conditions(2, 2, 0.02, 0.02, i % 2 == 0 ? 0.841 : 0.83);
            world.pass(Duration.ofSeconds(10));
        }

        assertThat(world.happened()).hasSize(1);
    }

    @Test
    void aConditionOfWhichNothingMoreIsHeardEndsByItself() {
        world.conditions = new Conditions(4, 2, 0.02, 0.02, 0.5);
        world.pass(Duration.ofMinutes(1));
        world.pass(ServiceAdjuster.LIFE_OF_A_CONDITION.minusSeconds(1));
        assertThat(world.overlays()).as("renewed each time it is heard of").hasSize(1);

        world.conditions = null; // whoever reads them fails
        world.pass(ServiceAdjuster.LIFE_OF_A_CONDITION);

        assertThat(world.effective()).isEqualTo(BASELINE);
        assertThat(world.steps()).endsWith(Step.EXPIRED);
        assertThat(world.faults.count()).isPositive();
    }

    @ParameterizedTest
    @CsvSource({
        "NaN, 2, 0.02, 0.02, NaN",
        "2, NaN, NaN, 0.02, -1",
        "0, 2, 0.02, NaN, NaN",
        "0, 0, -1, 0.02, NaN",
        "-3, 2, 0.02, -1, -Infinity",
        "Infinity, Infinity, Infinity, Infinity, NaN"
    })
    void whatIsNotKnownOrMakesNoSenseChangesNothing(
            double calls, double usualCalls, double errors, double usualErrors, double budget) {
        world.conditions = new Conditions(calls, usualCalls, errors, usualErrors, budget);

        world.pass(Duration.ofMinutes(1));

        assertThat(world.effective()).isEqualTo(BASELINE);
    }

    @Test
    void conditionsThatMakeNoDifferenceAreNotTold() {
        try (AdjustedWorld one = new AdjustedWorld(Mode.RECOMMEND, true)) {
            one.conditions = new Conditions(2.4, 2, 0.02, 0.02, 0.5); // 4.56 failures are 5

            one.pass(Duration.ofMinutes(1));

            assertThat(one.effective()).isEqualTo(BASELINE);
            assertThat(one.happened()).isEmpty();
        }
    }

    @Test
    void conditionsAreNotFollowedUnlessSomebodyWantsThat() {
        try (AdjustedWorld calm = new AdjustedWorld(Mode.AUTO, false)) {
            calm.conditions = new Conditions(4, 2, 0.5, 0.02, 1);

            calm.pass(Duration.ofMinutes(1));

            assertThat(calm.effective()).isEqualTo(BASELINE);
        }
    }

    @Test
    void nothingIsDoneWhereNothingIsToBeLearned() {
        try (AdjustedWorld off = new AdjustedWorld(Mode.OFF, true)) {
            off.conditions = new Conditions(4, 2, 0.5, 0.02, 1);
            off.advice = List.of(recommended(Parameter.FAILURE_THRESHOLD, 4));

            off.pass(Duration.ofHours(1));

            assertThat(off.effective()).isEqualTo(BASELINE);
            assertThat(off.happened()).isEmpty();
            assertThat(off.adjuster.isNeeded()).isFalse();
            assertThat(off.adjuster.settings(SERVICE)).isEmpty();
            assertThat(off.adjuster.recommendations(SERVICE)).isEmpty();
            assertThat(off.adjuster.restsUntil(SERVICE)).isEmpty();
            assertThat(off.adjuster.changes(SERVICE, Parameter.WINDOW)).isZero();
            assertThat(off.listener).isSameAs(CallListener.NONE);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "FAILURE_THRESHOLD, NaN, 0.9",
        "FAILURE_THRESHOLD, Infinity, 0.9",
        "FAILURE_THRESHOLD, 0, 0.9",
        "FAILURE_THRESHOLD, -4, 0.9",
        "FAILURE_THRESHOLD, 4294967301, 0.9",
        "ERROR_RATE_THRESHOLD, 0, 0.9",
        "ERROR_RATE_THRESHOLD, 1.01, 0.9",
        "ERROR_RATE_THRESHOLD, NaN, 0.9",
        "RECOVERY_TIMEOUT, 0, 0.9",
        "RECOVERY_TIMEOUT, 601, 0.9",
        "RECOVERY_TIMEOUT, -Infinity, 0.9",
        "SLOW_CALL_DURATION, 30, 0.9",
        "WINDOW, 0.9, 0.9",
        "WINDOW, 3601, 0.9",
        "FAILURE_THRESHOLD, 4, NaN",
        "FAILURE_THRESHOLD, 4, 1.1",
        "FAILURE_THRESHOLD, 4, -0.1"
    })
    void whatMakesNoSenseIsCountedAndNotBelieved(Parameter parameter, double value, double confidence) {
        try (AdjustedWorld learning = new AdjustedWorld(Mode.AUTO, false);
                CapturedLog log = CapturedLog.of(InternalFaults.class)) {
            learning.advice = List.of(recommended(parameter, value, confidence));

            learning.bursts(0, 60, Duration.ofHours(2));

            assertThat(learning.effective()).isEqualTo(BASELINE);
            assertThat(learning.happened()).isEmpty();
            assertThat(learning.adjuster.recommendations(SERVICE)).isEmpty();
            assertThat(learning.faults.count()).isPositive();
            assertThat(log.lines().get(0))
                    .startsWith("Fault in recommendations: thresholds stay as they are (1 faults so far)");
        }
    }

    @Test
    void whatIsRecommendedForAnotherServiceIsNotBelieved() {
        world.advice = List.of(new Recommendation(
                "other", Parameter.FAILURE_THRESHOLD, 5, 4, 0.9, 1, 1, 1, "it was meant for somebody else"));

        world.pass(Duration.ofMinutes(1));

        assertThat(world.adjuster.recommendations(SERVICE)).isEmpty();
        assertThat(world.faults.count()).isEqualTo(1);
    }

    @Test
    void anAdvisorThatFailsHurtsNobody() {
        world.conditions = new Conditions(4, 2, 0.02, 0.02, 0.5);
        world.advice = null;

        world.pass(Duration.ofMinutes(1));

        assertThat(world.faults.count()).isEqualTo(1);
        assertThat(world.effective().failureThreshold()).isEqualTo(4);
    }

    @Test
    void aServiceWhoseAdvisorFailsKeepsNoOtherFromBeingAdjusted() {
        FakeTime time = new FakeTime();
        try (Events events = new Events()) {
            Breakers breakers = new Breakers(Map.of("a", BASELINE, "b", BASELINE), time, events, 5);
            List<String> asked = new ArrayList<>();
            ThresholdAdjuster adjuster = new ThresholdAdjuster(
                    AdjustedWorld.settings(Mode.RECOMMEND, false),
                    breakers.all(),
                    service -> {
                        asked.add(service);
                        throw new IllegalStateException("no history");
                    },
                    service -> Conditions.UNKNOWN,
                    time,
                    events,
                    new InternalFaults(time));

            adjuster.look();

            assertThat(asked).containsExactlyInAnyOrder("a", "b");
        }
    }

    @Test
    void whatWasRecommendedHoldsWhileTheAdvisorFails() {
        world.advice = List.of(recommended(Parameter.FAILURE_THRESHOLD, 4));
        world.pass(Duration.ofSeconds(1));

        world.advice = null;
        world.pass(ThresholdAdjuster.BETWEEN_ADVICE);

        assertThat(world.faults.count()).isEqualTo(1);
        assertThat(world.adjuster.recommendations(SERVICE))
                .containsExactly(recommended(Parameter.FAILURE_THRESHOLD, 4));
    }

    @Test
    void whatEndsDoesNotWaitForConditionsThatAreRead() {
        List<Integer> overlaysWhileReading = new ArrayList<>();
        ThresholdAdjuster[] made = new ThresholdAdjuster[1];
        made[0] = new ThresholdAdjuster(
                AdjustedWorld.settings(Mode.RECOMMEND, true),
                List.of(world.breaker),
                ThresholdAdjuster.Advice.NONE,
                service -> {
                    overlaysWhileReading.add(
                            made[0].settings(service).orElseThrow().overlays().size());
                    return new Conditions(4, 2, 0.02, 0.02, 0.5);
                },
                world.time,
                world.events,
                world.faults);

        made[0].look();
        world.time.advance(ServiceAdjuster.LIFE_OF_A_CONDITION);
        made[0].look();

        assertThat(overlaysWhileReading).containsExactly(0, 0);
    }

    @Test
    void whoeverGivesAdviceIsAskedNowAndThen() {
        List<String> asked = new ArrayList<>();
        ThresholdAdjuster adjuster = new ThresholdAdjuster(
                AdjustedWorld.settings(Mode.RECOMMEND, false),
                List.of(world.breaker),
                service -> {
                    asked.add(service);
                    return List.of();
                },
                service -> Conditions.UNKNOWN,
                world.time,
                world.events,
                world.faults);

        adjuster.look();
        adjuster.look();
        world.time.advance(ThresholdAdjuster.BETWEEN_ADVICE);
        adjuster.look();

        assertThat(asked).containsExactly(SERVICE, SERVICE);
    }

    @Test
    void eachStepIsAnEvent() {
        List<Event> heard = new ArrayList<>();
        world.events.subscribe(heard::add);
        world.conditions = new Conditions(4, 2, 0.02, 0.02, 0.5);

        world.pass(Duration.ofMinutes(1));
        world.events.flushAndWait();

        assertThat(heard).isEqualTo(world.happened());
    }

    @Test
    void keepsTheLastThousandSteps() {
        for (int i = 0; i < Adjustments.CAPACITY; i++) {
            world.conditions = i % 2 == 0 ? new Conditions(4, 2, 0.02, 0.02, 0.9) : USUAL;
            world.pass(Duration.ofSeconds(10));
        }

        assertThat(world.happened()).hasSize(Adjustments.CAPACITY);
        assertThat(world.adjuster.newest(3, step -> step.parameter() == Parameter.RECOVERY_TIMEOUT))
                .hasSize(3)
                .extracting(ThresholdsAdjusted::step)
                .containsExactly(Step.ENDED, Step.APPLIED, Step.ENDED);
    }

    @Test
    void aCallAllocatesNothingWhileNothingIsTried() {
        try (AdjustedWorld auto = new AdjustedWorld(Mode.AUTO, false)) {
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            CallRequest request = CallRequest.to(SERVICE);
            auto.listener.finished(request, Outcome.SUCCESS, 1);
            long before = threads.getCurrentThreadAllocatedBytes();

            for (int i = 0; i < 10_000; i++) {
                auto.listener.finished(request, Outcome.SUCCESS, 1);
            }

            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            assertThat(allocated).as("bytes for ten thousand calls").isLessThan(10_000);
        }
    }
}
