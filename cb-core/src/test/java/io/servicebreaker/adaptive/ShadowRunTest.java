package io.servicebreaker.adaptive;

import static io.servicebreaker.adaptive.AdjustedWorld.BASELINE;
import static io.servicebreaker.adaptive.AdjustedWorld.FAILURE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.event.Events;
import io.servicebreaker.time.FakeTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What decisions cost, and what a run makes of it. */
class ShadowRunTest {

    private final FakeTime time = new FakeTime();
    private final Events nobody = closed();

    private static Events closed() {
        Events events = new Events();
        events.close();
        return events;
    }

    @Test
    void aFailedCallThatIsLetThroughCostsHalfACallAndTheWait() {
        double loss = shadow(BASELINE).hear(FAILURE, Duration.ofSeconds(6).toNanos(), time.nanos());

        assertThat(loss).isCloseTo(0.7, within(1e-12));
    }

    @Test
    void aSuccessCostsWhatItTakesLongerThanTwentySeconds() {
        Shadow shadow = shadow(BASELINE);

        assertThat(shadow.hear(Outcome.SUCCESS, Duration.ofSeconds(20).toNanos(), time.nanos()))
                .isZero();
        assertThat(shadow.hear(Outcome.SUCCESS, Duration.ofSeconds(35).toNanos(), time.nanos()))
                .isCloseTo(0.5, within(1e-12));
    }

    @Test
    void aCallThatHangsCostsNoMoreThanOneOfAMinute() {
        Shadow shadow = shadow(BASELINE);

        assertThat(shadow.hear(FAILURE, Duration.ofMinutes(5).toNanos(), time.nanos()))
                .isCloseTo(2.5, within(1e-12));
        assertThat(shadow.hear(Outcome.SUCCESS, Duration.ofMinutes(5).toNanos(), time.nanos()))
                .isCloseTo(4.0 / 3, within(1e-12));
    }

    @Test
    void aRefusedCallCostsOneIfItHasSucceeded() {
        Shadow shadow = shadow(threshold(1));
        shadow.hear(FAILURE, 0, time.nanos());

        assertThat(shadow.hear(FAILURE, 0, time.nanos())).isZero();
        assertThat(shadow.hear(Outcome.ignored(FailureCause.BAD_REQUEST), 0, time.nanos()))
                .isZero();
        assertThat(shadow.hear(Outcome.SUCCESS, 0, time.nanos())).isEqualTo(1);
    }

    @Test
    void theCallersMistakesCostNothing() {
        assertThat(shadow(BASELINE).hear(Outcome.ignored(FailureCause.BAD_REQUEST), 0, time.nanos()))
                .isZero();
    }

    @Test
    void settingsThatDecideTheSameDoAsWellAsEachOther() {
        ShadowRun run = run(threshold(5), threshold(6));

        for (int i = 0; i < 100; i++) {
            end(run, i % 3 == 0 ? FAILURE : Outcome.SUCCESS);
        }
        run.look();

        assertThat(run.calls()).isEqualTo(100);
        assertThat(run.excess()).isZero();
    }

    @Test
    void whoRefusesGoodCallsDoesWorse() {
        ShadowRun run = run(threshold(5), threshold(4));

        for (int i = 0; i < 4; i++) {
            end(run, FAILURE);
        }
        for (int i = 0; i < 10; i++) {
            end(run, Outcome.SUCCESS);
        }
        run.look();

        assertThat(run.excess()).isEqualTo(10);
    }

    @Test
    void whoLetsFailingCallsThroughDoesWorse() {
        ShadowRun run = run(threshold(5), threshold(8));

        for (int i = 0; i < 20; i++) {
            end(run, FAILURE);
        }
        run.look();

        assertThat(run.excess()).isCloseTo(3 * 0.5, within(1e-12));
    }

    @Test
    void aCallThatTellsNothingDoesNotCount() {
        ShadowRun run = run(threshold(1), threshold(2));

        end(run, Outcome.ignored(FailureCause.CANCELLED));
        run.look();

        assertThat(run.calls()).isZero();
    }

    @Test
    void callsThatNobodyHasRoomForAreNotHeard() {
        ShadowRun run = run(threshold(5), threshold(6));

        for (int i = 0; i < ShadowRun.WAITING + 10; i++) {
            end(run, Outcome.SUCCESS);
        }
        run.look();

        assertThat(run.calls()).isEqualTo(ShadowRun.WAITING);
    }

    @Test
    void nothingCountsBeforeTheBreakersKnowWhatTheServicesOwnKnows() {
        ShadowRun run = new ShadowRun("chat", threshold(5), threshold(4), time, nobody);

        for (int i = 0; i < 4; i++) {
            end(run, FAILURE);
        }
        end(run, Outcome.SUCCESS);
        run.look();

        assertThat(run.calls()).isZero();
        assertThat(run.excess()).isZero();
    }

    @Test
    void nothingCountsBeforeTheLongerOfBothWindowsHasGoneBy() {
        BreakerSettings longer =
                BASELINE.toBuilder().window(BASELINE.window().multipliedBy(2)).build();
        ShadowRun run = run(BASELINE, longer);

        end(run, Outcome.SUCCESS);
        run.look();
        assertThat(run.calls()).isZero();
        time.advance(BASELINE.window());
        end(run, Outcome.SUCCESS);
        run.look();

        assertThat(run.calls()).isEqualTo(1);
    }

    /** One that has gone on for a window. */
    private ShadowRun run(BreakerSettings present, BreakerSettings other) {
        ShadowRun run = new ShadowRun("chat", present, other, time, nobody);
        time.advance(present.window());
        return run;
    }

    private void end(ShadowRun run, Outcome outcome) {
        time.advance(Duration.ofMillis(100));
        run.finished(outcome, 0);
    }

    private Shadow shadow(BreakerSettings settings) {
        return new Shadow("chat", settings, time, nobody);
    }

    private static BreakerSettings threshold(int failures) {
        return BASELINE.toBuilder().failureThreshold(failures).build();
    }
}
