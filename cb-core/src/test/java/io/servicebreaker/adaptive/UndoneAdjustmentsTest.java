package io.servicebreaker.adaptive;

import static io.servicebreaker.adaptive.AdjustedWorld.BASELINE;
import static io.servicebreaker.adaptive.AdjustedWorld.SERVICE;
import static io.servicebreaker.adaptive.AdjustedWorld.recommended;
import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.adaptive.AdaptiveSettings.Mode;
import io.servicebreaker.adaptive.Overlay.Owner;
import io.servicebreaker.adaptive.ThresholdsAdjusted.Step;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What an operator did not want. */
class UndoneAdjustmentsTest {

    private static final Duration WEEK = ThresholdAdjuster.REST_AFTER_UNDOING;

    @AutoClose
    private final AdjustedWorld world = new AdjustedWorld(Mode.RECOMMEND, true);

    @Test
    void undoingMakesAllAsConfiguredAndLeavesItSo() {
        world.conditions = new Conditions(4, 2, 0.02, 0.02, 0.9);
        world.pass(Duration.ofMinutes(1));

        world.adjuster.undo(SERVICE, "too nervous", WEEK);

        assertThat(world.effective()).isEqualTo(BASELINE);
        assertThat(world.steps()).endsWith(Step.UNDONE, Step.UNDONE);
        ThresholdsAdjusted undone = world.happened().get(2);
        assertThat(undone.owner()).isEqualTo(Owner.OPERATOR);
        assertThat(undone.reason()).isEqualTo("too nervous");
        assertThat(undone.from()).isEqualTo(4);
        assertThat(undone.to()).isEqualTo(5);
        assertThat(world.adjuster.restsUntil(SERVICE)).contains(world.time.now().plus(WEEK));
        world.pass(WEEK.minusSeconds(1));
        assertThat(world.effective()).isEqualTo(BASELINE);
        world.pass(Duration.ofSeconds(11));
        assertThat(world.effective()).isNotEqualTo(BASELINE);
        assertThat(world.adjuster.restsUntil(SERVICE)).isEmpty();
    }

    @Test
    void whatWasUndoneIsNotAppliedAgainForAWeek() {
        try (AdjustedWorld learning = new AdjustedWorld(Mode.AUTO, false)) {
            learning.advice = List.of(recommended(Parameter.FAILURE_THRESHOLD, 4));
            learning.bursts(0, 60, Duration.ofMinutes(61));
            assertThat(learning.effective().failureThreshold()).isEqualTo(4);

            learning.adjuster.undo(SERVICE, "no", WEEK);
            assertThat(learning.effective()).isEqualTo(BASELINE);
            learning.pass(WEEK.minusHours(2));
            learning.bursts(0, 60, Duration.ofMinutes(119));
            assertThat(learning.effective()).isEqualTo(BASELINE);
            learning.bursts(0, 60, Duration.ofMinutes(62));

            assertThat(learning.effective().failureThreshold()).isEqualTo(4);
        }
    }

    @Test
    void undoingEndsWhatIsTried() {
        try (AdjustedWorld learning = new AdjustedWorld(Mode.AUTO, false)) {
            learning.advice = List.of(recommended(Parameter.FAILURE_THRESHOLD, 4));
            learning.bursts(0, 60, Duration.ofMinutes(30));

            learning.adjuster.undo(SERVICE, "no", WEEK);
            learning.bursts(0, 60, Duration.ofHours(2));

            assertThat(learning.steps())
                    .startsWith(Step.RECOMMENDED, Step.SHADOW_STARTED, Step.SHADOW_REJECTED, Step.UNDONE)
                    .containsOnlyOnce(Step.SHADOW_STARTED);
            assertThat(learning.happened().get(2).reason()).isEqualTo("an operator did not want it");
            assertThat(learning.effective()).isEqualTo(BASELINE);
        }
    }

    @Test
    void undoingIsToldAlsoWhereNothingHadBeenAdjusted() {
        world.adjuster.undo(SERVICE, "a test of load", WEEK);

        assertThat(world.happened())
                .hasSameSizeAs(Parameter.values())
                .allMatch(step -> step.step() == Step.UNDONE && step.from() == step.to())
                .allMatch(step -> step.reason().equals("a test of load"));
        assertThat(world.adjuster.changes(SERVICE, Parameter.WINDOW)).isZero();
    }

    @Test
    void aServiceThatIsNotAdjustedHasNothingToUndo() {
        world.adjuster.undo("unknown", "no", WEEK);

        assertThat(world.happened()).isEmpty();
    }
}
