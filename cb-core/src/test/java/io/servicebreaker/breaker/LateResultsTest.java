package io.servicebreaker.breaker;

import static io.servicebreaker.breaker.Patient.PROBES;
import static io.servicebreaker.breaker.Patient.PROBE_TIMEOUT;
import static io.servicebreaker.breaker.Patient.RECOVERY;
import static io.servicebreaker.breaker.Patient.THRESHOLD;
import static io.servicebreaker.breaker.Patient.failure;
import static io.servicebreaker.breaker.Patient.throttled;
import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Permit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LateResultsTest {

    private final Patient patient = new Patient();

    @Test
    void ignoresSuccessesOfCallsAdmittedBeforeItOpened() {
        List<Permit> early = early(20);
        patient.probing();

        early.forEach(permit -> patient.end(permit, Outcome.SUCCESS));

        assertThat(patient.state()).isEqualTo(BreakerState.HALF_OPEN);
        assertThat(patient.snapshot().lateResults()).isEqualTo(20);
    }

    @Test
    void ignoresFailuresOfCallsAdmittedBeforeItOpened() {
        List<Permit> early = early(20);
        patient.probing();

        early.forEach(permit -> patient.end(permit, failure()));

        assertThat(patient.state()).isEqualTo(BreakerState.HALF_OPEN);
        assertThat(patient.snapshot().probesUnderWay()).isEqualTo(1);
    }

    @Test
    void mintsNoProbesFromLateCallsThatSayNothing() {
        List<Permit> early = early(20);
        patient.probing();
        patient.times(PROBES - 1, patient::begin);

        early.forEach(permit -> patient.end(permit, Outcome.NOT_RUN));

        patient.refused();
        assertThat(patient.snapshot().lateResults()).isZero();
    }

    @Test
    void ignoresResultsOfAnEarlierClosedStayWhenClosedAgain() {
        List<Permit> early = early(THRESHOLD);
        patient.open();
        patient.recover();

        early.forEach(permit -> patient.end(permit, failure()));

        assertThat(patient.state()).isEqualTo(BreakerState.CLOSED);
        assertThat(patient.snapshot().calls()).isZero();
        assertThat(patient.snapshot().failuresInARow()).isZero();
    }

    @Test
    void ignoresAProbeOfAnEarlierRecovery() {
        Permit old = patient.probing();
        patient.fail();
        patient.time.advance(RECOVERY.multipliedBy(2));
        patient.begin();

        patient.end(old, failure());

        assertThat(patient.state()).isEqualTo(BreakerState.HALF_OPEN);
        assertThat(patient.snapshot().probesUnderWay()).isEqualTo(1);
        assertThat(patient.snapshot().lateResults()).isEqualTo(1);
    }

    @Test
    void ignoresAProbeThatEndsAfterOthersHaveClosedIt() {
        Permit last = patient.probing();
        patient.times(PROBES, patient::succeed);

        patient.end(last, failure());

        assertThat(patient.state()).isEqualTo(BreakerState.CLOSED);
        assertThat(patient.snapshot().calls()).isZero();
        assertThat(patient.snapshot().lateResults()).isEqualTo(1);
    }

    @Test
    void ignoresAProbeAfterItsLease() {
        Permit hung = patient.probing();
        patient.time.advance(PROBE_TIMEOUT);

        patient.end(hung, failure());

        assertThat(patient.state()).isEqualTo(BreakerState.HALF_OPEN);
        assertThat(patient.snapshot().lateResults()).isEqualTo(1);
    }

    @Test
    void isNotHeldOpenByAProbeAfterItsLease() {
        Permit hung = patient.probing();
        patient.time.advance(PROBE_TIMEOUT);

        patient.end(hung, throttled(Duration.ofMinutes(1)));

        assertThat(patient.state()).isEqualTo(BreakerState.HALF_OPEN);
    }

    @Test
    void countsNoLateResultForAProbeThatWasNotMade() {
        Permit unmade = patient.probing();
        patient.fail();

        patient.end(unmade, Outcome.NOT_RUN);

        assertThat(patient.snapshot().lateResults()).isZero();
    }

    @Test
    void ignoresASecondResultOfAProbe() {
        Permit probe = patient.probing();

        patient.end(probe, Outcome.SUCCESS);
        patient.end(probe, Outcome.SUCCESS);

        assertThat(patient.state()).isEqualTo(BreakerState.HALF_OPEN);
    }

    @Test
    void isNotHeldOpenByALateAnswerOfTheProviderWhenProbing() {
        Permit early = patient.begin();
        patient.probing();

        patient.end(early, throttled(Duration.ofMinutes(1)));

        assertThat(patient.state()).isEqualTo(BreakerState.HALF_OPEN);
    }

    @Test
    void isNotHeldOpenByALateAnswerOfTheProviderWhenClosedAgain() {
        Permit early = patient.begin();
        patient.open();
        patient.recover();

        patient.end(early, throttled(Duration.ofMinutes(1)));

        assertThat(patient.state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void isNotHeldOpenByAnAnswerThatIsOvertakenWhileItIsBeingHeeded() {
        ClosedStay overtaken = (ClosedStay) patient.begin();
        patient.probing();

        patient.breaker.heed(overtaken, throttled(Duration.ofMinutes(1)), patient.time.nanos());

        assertThat(patient.state()).isEqualTo(BreakerState.HALF_OPEN);
    }

    @Test
    void waitsLongerForALateAnswerOfTheProviderWhileOpen() {
        Permit early = patient.begin();
        patient.open();

        patient.end(early, failure(Duration.ofMinutes(1)));

        assertThat(patient.state()).isEqualTo(BreakerState.OPEN);
        assertThat(patient.remaining()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void ignoresACallOfAClosedStayThatEndsWhileAnOperatorHoldsItOpen() {
        Permit early = patient.begin();
        patient.breaker.forceOpen("maintenance", null);

        patient.end(early, throttled(Duration.ofMinutes(1)));

        assertThat(patient.state()).isEqualTo(BreakerState.FORCED_OPEN);
        assertThat(patient.snapshot().lateResults()).isEqualTo(1);
    }

    private List<Permit> early(int calls) {
        List<Permit> permits = new ArrayList<>();
        patient.times(calls, () -> permits.add(patient.begin()));
        return permits;
    }
}
