package io.servicebreaker.breaker;

import static io.servicebreaker.breaker.Patient.PROBES;
import static io.servicebreaker.breaker.Patient.PROBE_TIMEOUT;
import static io.servicebreaker.breaker.Patient.RECOVERY;
import static io.servicebreaker.breaker.Patient.THRESHOLD;
import static io.servicebreaker.breaker.Patient.settings;
import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Permit;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** A clock that stands still, or jumps. */
class StrangeClockTest {

    private static final Duration HOUR = Duration.ofHours(1);

    @AutoClose
    private final Patient patient = new Patient(settings().minimumCalls(10));

    @Test
    void opensAndStaysOpenWhileTheClockStandsStill() {
        patient.open();

        patient.times(100, patient::refused);

        assertThat(patient.snapshot().notPermittedCalls()).isEqualTo(100);
    }

    @Test
    void closesThoughTheClockStandsStillWhileItProbes() {
        patient.open();

        patient.recover();

        assertThat(patient.snapshot().since()).isEqualTo(patient.time.now());
    }

    @Test
    void countsEveryResultWhileTheClockStandsStill() {
        patient.times(100_000, patient::succeed);

        assertThat(patient.snapshot().calls()).isEqualTo(100_000);
    }

    @Test
    void probesAfterAJumpForward() {
        patient.open();

        patient.time.advance(HOUR.multipliedBy(24 * 365));

        assertThat(patient.begin()).isInstanceOf(ProbePermit.class);
    }

    @Test
    void forgetsResultsAfterAJumpForward() {
        patient.times(THRESHOLD - 1, patient::fail);

        patient.time.advance(HOUR);
        patient.times(THRESHOLD - 1, patient::fail);

        assertThat(patient.state()).isEqualTo(BreakerState.CLOSED);
        assertThat(patient.snapshot().calls()).isEqualTo(THRESHOLD - 1);
    }

    @Test
    void countsOnAfterAJumpBack() {
        patient.time.advance(HOUR);
        patient.times(THRESHOLD - 1, patient::fail);

        patient.time.advance(HOUR.negated());
        assertThat(patient.snapshot().failuresInARow()).isEqualTo(THRESHOLD - 1);
        patient.fail();

        assertThat(patient.state()).isEqualTo(BreakerState.OPEN);
        assertThat(patient.remaining()).isEqualTo(RECOVERY);
    }

    @Test
    void waitsNoLongerThanTheJumpBackAndItsDeadline() {
        patient.time.advance(HOUR);
        patient.open();

        patient.time.advance(HOUR.negated());
        assertThat(patient.remaining()).isEqualTo(HOUR.plus(RECOVERY));
        patient.time.advance(HOUR.plus(RECOVERY));

        assertThat(patient.begin()).isInstanceOf(ProbePermit.class);
    }

    @Test
    void closesThoughTheClockJumpsBackBetweenProbes() {
        patient.time.advance(HOUR);
        Permit first = patient.probing();
        patient.time.advance(HOUR.negated());

        patient.end(first, Outcome.SUCCESS);
        patient.succeed();

        assertThat(patient.state()).isEqualTo(BreakerState.CLOSED);
        patient.times(THRESHOLD, patient::fail);
        assertThat(patient.state()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void freesThePlacesOfProbesAfterAJumpForward() {
        patient.probing();
        patient.begin();

        patient.time.advance(HOUR);

        patient.times(PROBES, patient::succeed);
        assertThat(patient.state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void remembersFailedRecoveriesAcrossAJumpBack() {
        patient.time.advance(HOUR);
        patient.open();
        patient.failToRecover();
        patient.recover();
        patient.time.advance(HOUR.negated());

        patient.open();

        assertThat(patient.snapshot().failedRecoveries()).isEqualTo(1);
        assertThat(patient.remaining()).isEqualTo(RECOVERY.multipliedBy(2));
    }

    @Test
    void rampsOnAfterAJumpBack() {
        Patient ramping = new Patient(settings().recoveryRamp(HOUR));
        ramping.time.advance(HOUR.multipliedBy(2));
        ramping.open();
        ramping.recover();
        ramping.time.advance(HOUR.negated());
        ramping.luck = 0.05;

        assertThat(ramping.begin()).isInstanceOf(ClosedStay.class);
    }

    @Test
    void acceptsACallThatEndsBeforeItBegan() {
        Permit permit = patient.begin();
        patient.time.advance(PROBE_TIMEOUT.minus(PROBE_TIMEOUT).minusMillis(1));

        patient.end(permit, Outcome.SUCCESS, Duration.ZERO);

        assertThat(patient.snapshot().calls()).isEqualTo(1);
    }

    @Test
    void refusesNothingAfterAJumpBackWhateverTheLuck() {
        patient.time.advance(HOUR);
        patient.open();
        patient.recover();
        patient.luck = Math.nextDown(1.0);

        patient.time.advance(HOUR.negated());

        patient.times(100, patient::succeed);
    }

    @Test
    void refusesNobodyWhoReadTheClockJustBeforeItClosed() {
        patient.luck = Math.nextDown(1.0);
        patient.time.advance(HOUR);
        long before = patient.time.nanos() - 1;
        patient.open();
        patient.recover();

        assertThat(patient.breaker.admit(CallRequest.to("search"), before)).isInstanceOf(Permit.class);
    }
}
