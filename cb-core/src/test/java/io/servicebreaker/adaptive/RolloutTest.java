package io.servicebreaker.adaptive;

import static io.servicebreaker.adaptive.AdjustedWorld.BASELINE;
import static io.servicebreaker.adaptive.AdjustedWorld.FAILURE;
import static io.servicebreaker.adaptive.AdjustedWorld.SERVICE;
import static io.servicebreaker.adaptive.AdjustedWorld.recommended;
import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.adaptive.AdaptiveSettings.Mode;
import io.servicebreaker.adaptive.Overlay.Owner;
import io.servicebreaker.adaptive.ThresholdsAdjusted.Step;
import io.servicebreaker.call.CallListener;
import io.servicebreaker.call.Outcome;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What becomes of a recommendation. */
class RolloutTest {

    private static final Duration HOUR = Duration.ofHours(1);

    @AutoClose
    private final AdjustedWorld world = new AdjustedWorld(Mode.AUTO, false);

    @Test
    void aRecommendedValueIsAppliedWhenItHasDoneNoWorseForAnHour() {
        world.advice = List.of(recommended(Parameter.FAILURE_THRESHOLD, 4));

        world.bursts(0, 60, HOUR.minusMinutes(1));
        assertThat(world.effective()).isEqualTo(BASELINE);
        world.bursts(0, 60, Duration.ofMinutes(2));

        assertThat(world.effective().failureThreshold()).isEqualTo(4);
        assertThat(world.steps()).containsExactly(Step.RECOMMENDED, Step.SHADOW_STARTED, Step.APPLIED);
        ThresholdsAdjusted applied = world.happened().get(2);
        assertThat(applied.from()).isEqualTo(5);
        assertThat(applied.to()).isEqualTo(4);
        assertThat(applied.owner()).isEqualTo(Owner.LEARNING);
        assertThat(applied.confidence()).isEqualTo(0.9);
        assertThat(applied.reason()).isEqualTo("it was better for a month");
        assertThat(applied.at()).isBefore(world.time.now());
    }

    @Test
    void whatIsRecommendedIsToldOnce() {
        world.advice = List.of(recommended(Parameter.FAILURE_THRESHOLD, 4, 0.1));

        world.pass(Duration.ZERO);
        world.pass(ThresholdAdjuster.BETWEEN_ADVICE);
        world.advice = List.of(
                new Recommendation(SERVICE, Parameter.FAILURE_THRESHOLD, 5, 4, 0.2, 11, 6, 0.7, "on one day more"));
        world.pass(ThresholdAdjuster.BETWEEN_ADVICE);

        assertThat(world.steps()).containsExactly(Step.RECOMMENDED);
        assertThat(world.adjuster.recommendations(SERVICE)).isEqualTo(world.advice);
    }

    @Test
    void aValueThatDoesWorseIsNeverApplied() {
        world.advice = List.of(recommended(Parameter.FAILURE_THRESHOLD, 4));

        world.bursts(4, 60, HOUR.plusMinutes(2));

        assertThat(world.effective()).isEqualTo(BASELINE);
        assertThat(world.steps()).containsExactly(Step.RECOMMENDED, Step.SHADOW_STARTED, Step.SHADOW_REJECTED);
        assertThat(world.happened().get(2).reason()).contains("calls it was worse by as much as");
    }

    @Test
    void aValueThatDidWorseIsNotTriedAgainForADay() {
        world.advice = List.of(recommended(Parameter.FAILURE_THRESHOLD, 4));
        world.bursts(4, 60, HOUR.plusMinutes(2));

        world.pass(Rollout.REST.minusMinutes(10));
        assertThat(world.steps()).containsOnlyOnce(Step.SHADOW_STARTED);
        world.pass(Duration.ofMinutes(10));

        assertThat(world.steps()).endsWith(Step.SHADOW_STARTED);
    }

    @Test
    void aValueThatDoesBetterIsApplied() {
        world.advice = List.of(recommended(Parameter.FAILURE_THRESHOLD, 4));

        world.bursts(20, 300, HOUR.plusMinutes(10));

        assertThat(world.effective().failureThreshold()).isEqualTo(4);
    }

    @Test
    void aValueThatIsNoLongerRecommendedIsNotTriedOn() {
        world.advice = List.of(recommended(Parameter.FAILURE_THRESHOLD, 4));
        world.bursts(0, 60, Duration.ofMinutes(30));

        world.advice = List.of(recommended(Parameter.FAILURE_THRESHOLD, 6));
        world.bursts(0, 60, Duration.ofMinutes(20));

        assertThat(world.steps())
                .endsWith(Step.SHADOW_STARTED, Step.RECOMMENDED, Step.SHADOW_REJECTED, Step.SHADOW_STARTED);
        assertThat(world.happened().get(3).reason()).isEqualTo("it is no longer recommended");
        assertThat(world.happened().get(4).to()).isEqualTo(6);
    }

    @Test
    void aValueOfWhichHistoryIsNoLongerSureIsNotApplied() {
        world.advice = List.of(recommended(Parameter.FAILURE_THRESHOLD, 4, 0.81));
        world.bursts(0, 60, Duration.ofMinutes(30));

        world.advice = List.of(recommended(Parameter.FAILURE_THRESHOLD, 4, 0.55));
        world.bursts(0, 60, HOUR);

        assertThat(world.steps()).containsExactly(Step.RECOMMENDED, Step.SHADOW_STARTED, Step.SHADOW_REJECTED);
        assertThat(world.effective()).isEqualTo(BASELINE);
    }

    @Test
    void whatIsAppliedSaysWhatHistorySaidLast() {
        world.advice = List.of(recommended(Parameter.FAILURE_THRESHOLD, 4, 0.95));
        world.bursts(0, 60, Duration.ofMinutes(30));

        world.advice = List.of(
                new Recommendation(SERVICE, Parameter.FAILURE_THRESHOLD, 5, 4, 0.85, 11, 6, 0.7, "on one day more"));
        world.bursts(0, 60, HOUR);

        ThresholdsAdjusted applied = world.happened().get(2);
        assertThat(applied.step()).isEqualTo(Step.APPLIED);
        assertThat(applied.confidence()).isEqualTo(0.85);
        assertThat(applied.reason()).isEqualTo("on one day more");
    }

    @Test
    void aValueThatNoCallHasTriedIsGivenUpAfterADay() {
        world.advice = List.of(recommended(Parameter.FAILURE_THRESHOLD, 4));
        world.call(Outcome.SUCCESS);
        world.bursts(0, 109, Duration.ofSeconds(109)); // the first window does not count

        world.pass(Duration.ofHours(23));
        assertThat(world.steps()).endsWith(Step.SHADOW_STARTED);
        world.pass(HOUR);

        assertThat(world.steps()).endsWith(Step.SHADOW_REJECTED);
        assertThat(world.happened().get(2).reason()).isEqualTo("only 50 calls in a day to try it on");
        assertThat(world.effective()).isEqualTo(BASELINE);
    }

    @Test
    void anAppliedValueThatDoesNoWorseStays() {
        apply(4);

        world.bursts(0, 60, HOUR.plusMinutes(1));

        assertThat(world.steps()).endsWith(Step.CONFIRMED);
        assertThat(world.effective().failureThreshold()).isEqualTo(4);
    }

    @Test
    void anAppliedValueOfWhichNobodyCanTellIsNotConfirmedButTakenBackAfterADay() {
        apply(4);

        world.pass(Rollout.LONGEST_TRIAL);
        assertThat(world.steps()).endsWith(Step.APPLIED);
        world.pass(Duration.ofMinutes(1));

        assertThat(world.steps()).endsWith(Step.ROLLED_BACK);
        assertThat(world.happened().get(3).reason()).isEqualTo("only 0 calls in a day to watch it on");
        assertThat(world.effective()).isEqualTo(BASELINE);
    }

    @Test
    void aQuietNightOnlyPutsOffWhatBecomesOfAnAppliedValue() {
        apply(6);

        world.pass(HOUR.multipliedBy(12));
        world.bursts(6, 94, Duration.ofMinutes(3));

        assertThat(world.steps()).endsWith(Step.ROLLED_BACK);
        assertThat(world.effective()).isEqualTo(BASELINE);
    }

    @Test
    void anAppliedValueIsWatchedForACooldownAlsoIfThatIsNoLongerThanTheWindow() {
        AdaptiveSettings usual = AdjustedWorld.settings(Mode.AUTO, false);
        try (AdjustedWorld hasty = new AdjustedWorld(new AdaptiveSettings(
                Mode.AUTO, usual.learningWindow(), 100, 0.3, BASELINE.window(), 0.8, false, 0.1))) {
            hasty.advice = List.of(recommended(Parameter.FAILURE_THRESHOLD, 6));
            hasty.bursts(0, 1, HOUR.plusSeconds(1));
            assertThat(hasty.steps()).endsWith(Step.APPLIED);

            hasty.bursts(0, 1, BASELINE.window().plusSeconds(10));
            assertThat(hasty.steps()).endsWith(Step.APPLIED);
            hasty.bursts(6, 94, Duration.ofMinutes(2));

            assertThat(hasty.steps()).contains(Step.ROLLED_BACK).doesNotContain(Step.CONFIRMED);
        }
    }

    @Test
    void anAppliedValueThatTurnsOutClearlyWorseIsRolledBackAtOnce() {
        apply(6);
        world.bursts(0, 60, Duration.ofMinutes(1));

        world.bursts(6, 90, Duration.ofMinutes(36)); // each time one failed call more is let through

        assertThat(world.steps()).endsWith(Step.ROLLED_BACK);
        assertThat(world.effective()).isEqualTo(BASELINE);
        assertThat(world.overlays()).isEmpty();
        assertThat(world.happened().get(3).reason()).contains("it was worse by as much as 10.5 refused calls");
    }

    @Test
    void anAppliedValueThatIsALittleWorseIsRolledBackInTheEnd() {
        apply(6);
        world.bursts(0, 60, Duration.ofMinutes(1));
        world.bursts(6, 90, Duration.ofSeconds(96));
        assertThat(world.effective().failureThreshold()).isEqualTo(6);

        world.bursts(0, 60, HOUR.plusMinutes(1));

        assertThat(world.steps()).endsWith(Step.ROLLED_BACK);
        assertThat(world.effective()).isEqualTo(BASELINE);
    }

    @Test
    void anAppliedValueThatAvoidsRefusalsStays() {
        apply(6);

        world.bursts(5, 90, HOUR.plusMinutes(2));

        assertThat(world.steps()).endsWith(Step.CONFIRMED);
        assertThat(world.effective().failureThreshold()).isEqualTo(6);
    }

    @Test
    void rollingBackRestoresWhatHadBeenLearnedBefore() {
        world.advice = List.of(recommended(Parameter.RECOVERY_TIMEOUT, 70));
        world.bursts(0, 60, HOUR.plusMinutes(1));
        world.bursts(0, 60, HOUR.plusMinutes(1));
        assertThat(world.steps()).endsWith(Step.CONFIRMED);
        world.advice = List.of(recommended(Parameter.RECOVERY_TIMEOUT, 45));
        world.bursts(0, 60, HOUR.plusMinutes(17));
        assertThat(world.effective().recoveryTimeout()).isEqualTo(Duration.ofSeconds(45));

        world.advice = List.of();
        world.bursts(0, 60, Duration.ofMinutes(5));
        world.bursts(60, 240, Duration.ofMinutes(5)); // a probe fails that would not have been made so soon
        world.bursts(0, 60, HOUR);

        assertThat(world.steps()).contains(Step.ROLLED_BACK);
        assertThat(world.effective().recoveryTimeout()).isEqualTo(Duration.ofSeconds(70));
    }

    @Test
    void oneSettingIsTriedAtATimeTheSurestFirst() {
        world.advice = List.of(
                recommended(Parameter.FAILURE_THRESHOLD, 4, 0.85), recommended(Parameter.RECOVERY_TIMEOUT, 50, 0.95));

        world.bursts(0, 60, HOUR.plusMinutes(2));
        assertThat(world.effective().recoveryTimeout()).isEqualTo(Duration.ofSeconds(50));
        assertThat(world.effective().failureThreshold()).isEqualTo(5);
        world.bursts(0, 60, HOUR.multipliedBy(2).plusMinutes(2));

        assertThat(world.effective().failureThreshold()).isEqualTo(4);
        assertThat(world.effective().recoveryTimeout()).isEqualTo(Duration.ofSeconds(50));
    }

    @Test
    void whatIsNotSureEnoughIsOnlyTold() {
        world.advice = List.of(recommended(Parameter.FAILURE_THRESHOLD, 4, 0.79));

        world.bursts(0, 60, HOUR.plusMinutes(2));

        assertThat(world.steps()).containsExactly(Step.RECOMMENDED);
    }

    @Test
    void aValueFarAwayIsApproachedAsFarAsAllowed() {
        world.advice = List.of(recommended(Parameter.RECOVERY_TIMEOUT, 300));

        world.bursts(0, 60, HOUR.plusMinutes(2));

        assertThat(world.effective().recoveryTimeout()).isEqualTo(Duration.ofSeconds(78));
        assertThat(world.happened().get(0).to()).as("what was recommended").isEqualTo(300);
    }

    @Test
    void aDifferenceOfLessThanATwentiethIsNotTried() {
        world.advice = List.of(recommended(Parameter.RECOVERY_TIMEOUT, 62.9));

        world.bursts(0, 60, HOUR.plusMinutes(2));

        assertThat(world.steps()).containsExactly(Step.RECOMMENDED);
    }

    @Test
    void whatWasLearnedEndsWithTheHistoryItWasLearnedFrom() {
        apply(4);
        world.bursts(0, 60, HOUR.plusMinutes(1));
        world.advice = List.of();

        world.pass(Duration.ofDays(30));

        assertThat(world.steps()).endsWith(Step.EXPIRED);
        assertThat(world.effective()).isEqualTo(BASELINE);
    }

    @Test
    void whatIsRecommendedOnceMoreStays() {
        apply(4);
        world.bursts(0, 60, HOUR.plusMinutes(1));
        for (int day = 0; day < 60; day++) {
            world.pass(Duration.ofDays(1));
        }

        assertThat(world.steps()).endsWith(Step.CONFIRMED);
        assertThat(world.effective().failureThreshold()).isEqualTo(4);
    }

    @Test
    void nothingIsAppliedInTheMiddleOfTrouble() {
        world.advice = List.of(recommended(Parameter.FAILURE_THRESHOLD, 6));
        world.bursts(0, 60, HOUR.minusSeconds(1));
        world.call(FAILURE);
        world.call(FAILURE);

        world.call(FAILURE);
        assertThat(world.steps()).endsWith(Step.SHADOW_STARTED);
        world.call(Outcome.SUCCESS);

        assertThat(world.steps()).endsWith(Step.APPLIED);
    }

    @Test
    void nothingIsTriedWhileTheServiceIsDown() {
        world.breaker.forceOpen("maintenance", null);
        world.advice = List.of(recommended(Parameter.FAILURE_THRESHOLD, 4));

        world.pass(HOUR);
        assertThat(world.steps()).containsExactly(Step.RECOMMENDED);
        world.breaker.close("over", null);
        world.pass(Duration.ofSeconds(1));

        assertThat(world.steps()).endsWith(Step.SHADOW_STARTED);
    }

    @Test
    void withoutAutoNothingIsTriedAndNoCallIsHeard() {
        try (AdjustedWorld told = new AdjustedWorld(Mode.RECOMMEND, false)) {
            told.advice = List.of(recommended(Parameter.FAILURE_THRESHOLD, 4));

            told.bursts(0, 60, HOUR.plusMinutes(2));

            assertThat(told.listener).isSameAs(CallListener.NONE);
            assertThat(told.steps()).containsExactly(Step.RECOMMENDED);
            assertThat(told.adjuster.recommendations(SERVICE)).isEqualTo(told.advice);
        }
    }

    private void apply(int failures) {
        world.advice = List.of(recommended(Parameter.FAILURE_THRESHOLD, failures));
        world.bursts(0, 60, HOUR.plusMinutes(1));
        assertThat(world.effective().failureThreshold()).isEqualTo(failures);
    }
}
