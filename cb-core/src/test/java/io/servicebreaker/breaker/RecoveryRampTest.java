package io.servicebreaker.breaker;

import static io.servicebreaker.breaker.Patient.THRESHOLD;
import static io.servicebreaker.breaker.Patient.settings;
import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.call.Permit;
import io.servicebreaker.call.Rejection;
import io.servicebreaker.call.RejectionReason;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class RecoveryRampTest {

    private static final Duration RAMP = Duration.ofSeconds(100);

    @AutoClose
    private final Patient patient = new Patient(settings().recoveryRamp(RAMP));

    @Test
    void letsEveryCallThroughBeforeTheFirstTrouble() {
        patient.luck = Math.nextDown(1.0);

        assertThat(patient.ask()).isInstanceOf(Permit.class);
    }

    @Test
    void letsEveryCallThroughAfterClosingWithoutARamp() {
        Patient withoutRamp = new Patient();
        withoutRamp.open();
        withoutRamp.recover();
        withoutRamp.luck = Math.nextDown(1.0);

        assertThat(withoutRamp.ask()).isInstanceOf(Permit.class);
    }

    @Test
    void letsATenthThroughAtFirst() {
        recover();

        assertThat(shareLetThrough()).isEqualTo(10);
    }

    @Test
    void letsAShareThroughThatGrowsWithTime() {
        recover();

        patient.time.advance(RAMP.dividedBy(4));
        assertThat(shareLetThrough()).isEqualTo(25);
        patient.time.advance(RAMP.dividedBy(2));

        assertThat(shareLetThrough()).isEqualTo(75);
    }

    @Test
    void letsEveryCallThroughInTheEnd() {
        recover();
        patient.time.advance(RAMP);

        assertThat(shareLetThrough()).isEqualTo(100);
    }

    @Test
    void tellsTheRefusedThatTheServiceHasJustRecovered() {
        recover();
        patient.time.advance(Duration.ofSeconds(1));
        patient.luck = 0.5;

        Rejection rejection = patient.refused();

        assertThat(rejection.reason()).isEqualTo(RejectionReason.TOO_MANY_CALLS);
        assertThat(rejection.retryAfter()).isEmpty();
        assertThat(rejection.explanation()).contains("just recovered");
        assertThat(patient.snapshot().notPermittedCalls()).isEqualTo(1);
    }

    @Test
    void opensAgainDuringTheRamp() {
        recover();
        patient.luck = 0;

        patient.times(THRESHOLD, patient::fail);

        assertThat(patient.state()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void countsRefusalsOfTheRampWhileOnlyObserved() {
        recover();
        patient.breaker.observe("try it", null);
        patient.luck = 0.99;

        assertThat(patient.begin()).isSameAs(Permit.FREE);

        assertThat(patient.snapshot().unenforcedRefusals()).isEqualTo(1);
        assertThat(patient.snapshot().notPermittedCalls()).isZero();
    }

    @Test
    void endsWhenAnOperatorCloses() {
        recover();

        patient.breaker.close("it works", null);

        assertThat(shareLetThrough()).isEqualTo(100);
    }

    private void recover() {
        patient.open();
        patient.recover();
    }

    /** How many of a hundred calls with evenly spread luck are let through. */
    private int shareLetThrough() {
        int permits = 0;
        for (int i = 0; i < 100; i++) {
            patient.luck = i / 100.0;
            permits += patient.ask() instanceof Permit ? 1 : 0;
        }
        return permits;
    }
}
