package io.servicebreaker.breaker;

import static io.servicebreaker.breaker.Patient.PROBES;
import static io.servicebreaker.breaker.Patient.RECOVERY;
import static io.servicebreaker.breaker.Patient.THRESHOLD;
import static io.servicebreaker.breaker.Patient.failure;
import static io.servicebreaker.breaker.Patient.throttled;
import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.call.Permit;
import io.servicebreaker.call.RejectionReason;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class ObservingTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    @AutoClose
    private final Patient patient = new Patient();

    @Test
    void letsCallsThroughThatItWouldRefuseAndCountsThem() {
        patient.breaker.observe("new thresholds", null);
        patient.times(THRESHOLD, patient::fail);

        patient.times(5, patient::fail);

        assertThat(patient.state()).isEqualTo(BreakerState.OBSERVING);
        assertThat(patient.snapshot().observed()).isEqualTo(BreakerState.OPEN);
        assertThat(patient.snapshot().unenforcedRefusals()).isEqualTo(5);
        assertThat(patient.snapshot().notPermittedCalls()).isZero();
    }

    @Test
    void reportsTheChangesThatWouldHaveHappened() {
        patient.breaker.observe("new thresholds", null);
        patient.times(THRESHOLD, patient::fail);
        patient.time.advance(RECOVERY);
        patient.times(PROBES, patient::succeed);

        List<StateChanged> changes = patient.changes();

        assertThat(changes.get(0).hypothetical()).isFalse();
        assertThat(changes.subList(1, changes.size())).allMatch(StateChanged::hypothetical);
        assertThat(changes)
                .extracting(StateChanged::to)
                .containsExactly(
                        BreakerState.OBSERVING, BreakerState.OPEN, BreakerState.HALF_OPEN, BreakerState.CLOSED);
        assertThat(changes.get(1).retryAfter()).isEqualTo(RECOVERY);
    }

    @Test
    void judgesOnlyTheProbesThatItWouldHaveLetThrough() {
        patient.breaker.observe("new thresholds", null);
        patient.times(THRESHOLD, patient::fail);
        patient.time.advance(RECOVERY);
        patient.times(PROBES, patient::begin);

        patient.end(patient.begin(), failure());

        assertThat(patient.snapshot().observed()).isEqualTo(BreakerState.HALF_OPEN);
        assertThat(patient.snapshot().unenforcedRefusals()).isEqualTo(1);
    }

    @Test
    void goesOnFromWhatItWas() {
        patient.open();
        Duration remaining = patient.remaining();

        patient.breaker.observe("let it through", null);

        assertThat(patient.snapshot().observed()).isEqualTo(BreakerState.OPEN);
        assertThat(patient.begin()).isSameAs(Permit.FREE);
        patient.time.advance(remaining);
        assertThat(patient.begin()).isInstanceOf(ProbePermit.class);
    }

    @Test
    void keepsItsWindowWhenObservationBegins() {
        patient.times(THRESHOLD - 1, patient::fail);

        patient.breaker.observe("new thresholds", null);
        patient.fail();

        assertThat(patient.snapshot().observed()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void listensToCallsThatBeganBeforeTheObservation() {
        Permit before = patient.begin();

        patient.breaker.observe("new thresholds", null);
        patient.end(before, failure());

        assertThat(patient.snapshot().failedCalls()).isEqualTo(1);
        assertThat(patient.snapshot().lateResults()).isZero();
    }

    @Test
    void listensToProbesThatBeganBeforeTheObservation() {
        Permit probe = patient.probing();

        patient.breaker.observe("new thresholds", null);
        patient.end(probe, failure());

        assertThat(patient.snapshot().observed()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void enforcesWhatItObservedWhenTheObservationExpires() {
        patient.breaker.observe("new thresholds", MINUTE);
        patient.time.advance(MINUTE.minusSeconds(1));
        patient.times(THRESHOLD, patient::fail);
        patient.time.advance(Duration.ofSeconds(1));

        assertThat(patient.state()).isEqualTo(BreakerState.OPEN);
        assertThat(patient.snapshot().observed()).isNull();
        assertThat(patient.refused().reason()).isEqualTo(RejectionReason.OPEN);
        assertThat(patient.snapshot().notPermittedCalls()).isEqualTo(1);
        assertThat(patient.changes())
                .last()
                .satisfies(change -> assertThat(change.from()).isEqualTo(BreakerState.OBSERVING))
                .satisfies(change -> assertThat(change.to()).isEqualTo(BreakerState.OPEN));
        patient.time.advance(RECOVERY);
        patient.recover();
    }

    @Test
    void keepsItsWindowWhenTheObservationExpires() {
        patient.breaker.observe("new thresholds", MINUTE);
        patient.time.advance(MINUTE.minusSeconds(1));
        patient.times(THRESHOLD - 1, patient::fail);
        patient.time.advance(Duration.ofSeconds(1));

        patient.fail();

        assertThat(patient.state()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void beginsClosedAfterForcedOpen() {
        patient.breaker.forceOpen("maintenance", null);

        patient.breaker.observe("maintenance is over", null);

        assertThat(patient.snapshot().observed()).isEqualTo(BreakerState.CLOSED);
        patient.times(THRESHOLD, patient::fail);
        assertThat(patient.snapshot().observed()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void wouldWaitForTheProvider() {
        Permit late = patient.begin();
        patient.breaker.observe("new thresholds", null);

        patient.call(throttled(MINUTE));
        patient.end(late, throttled(MINUTE.multipliedBy(2)));
        patient.breaker.holdOpen(MINUTE.multipliedBy(3), RejectionReason.RATE_LIMITED, "the dashboard says so");
        assertThat(patient.snapshot().observed()).isEqualTo(BreakerState.OPEN);
        patient.time.advance(MINUTE.multipliedBy(3).minusNanos(1));

        assertThat(patient.begin()).isSameAs(Permit.FREE);
        patient.time.advance(Duration.ofNanos(1));
        assertThat(patient.begin()).isInstanceOf(ProbePermit.class);
    }

    @Test
    void startsAgainWhenItIsClosedByTheOperator() {
        patient.breaker.observe("new thresholds", null);
        patient.times(THRESHOLD, patient::fail);

        patient.breaker.close("enough seen", null);

        assertThat(patient.state()).isEqualTo(BreakerState.CLOSED);
        patient.times(THRESHOLD, patient::fail);
        assertThat(patient.state()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void canBeObservedAgainWithAnotherExpiry() {
        patient.breaker.observe("new thresholds", MINUTE);
        patient.times(THRESHOLD - 1, patient::fail);

        patient.breaker.observe("longer", MINUTE.multipliedBy(10));
        patient.fail();

        assertThat(patient.snapshot().observed()).isEqualTo(BreakerState.OPEN);
        assertThat(patient.snapshot().reason()).hasToString("longer");
    }

    @Test
    void datesTheOpeningByItsOwnTimeWhenTheObservationIsOver() {
        patient.breaker.observe("new thresholds", MINUTE);
        patient.time.advance(MINUTE);

        patient.times(THRESHOLD, patient::fail);

        assertThat(patient.state()).isEqualTo(BreakerState.OPEN);
        assertThat(patient.snapshot().since()).isEqualTo(patient.time.now());
    }
}
