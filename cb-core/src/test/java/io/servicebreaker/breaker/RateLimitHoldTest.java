package io.servicebreaker.breaker;

import static io.servicebreaker.breaker.Patient.PROBES;
import static io.servicebreaker.breaker.Patient.RECOVERY;
import static io.servicebreaker.breaker.Patient.throttled;
import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.breaker.Reason.Rule;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Permit;
import io.servicebreaker.call.Rejection;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.call.RejectionScope;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateLimitHoldTest {

    private static final Duration WAIT = Duration.ofSeconds(20);

    @AutoClose
    private final Patient patient = new Patient();

    @Test
    void holdsAtOnceUntilTheTimeThatTheProviderNamed() {
        patient.call(throttled(WAIT));

        Rejection rejection = patient.refused();

        assertThat(patient.state()).isEqualTo(BreakerState.OPEN);
        assertThat(rejection.reason()).isEqualTo(RejectionReason.RATE_LIMITED);
        assertThat(rejection.retryAfter()).contains(WAIT);
        assertThat(rejection.explanation()).isEqualTo("RATE_LIMIT: no call for 20.0 s (retry-after)");
        assertThat(patient.snapshot().reason().rule()).isEqualTo(Rule.PROVIDER_DEADLINE);
        assertThat(patient.snapshot().reason().decidedBy()).isEqualTo("retry-after");
        assertThat(patient.snapshot().causes()).containsExactly(Map.entry(FailureCause.RATE_LIMIT, 1));
    }

    @Test
    void namesTheCauseOfAWaitBesideThoseOfTheTroubleBefore() {
        Permit late = patient.begin();
        patient.open();

        patient.end(late, throttled(WAIT));

        assertThat(patient.snapshot().causes())
                .isEqualTo(Map.of(FailureCause.SERVER_ERROR, Patient.THRESHOLD, FailureCause.RATE_LIMIT, 1));
    }

    @Test
    void clearsWithoutAFailedRecovery() {
        patient.call(throttled(WAIT));

        patient.recover();

        assertThat(patient.snapshot().failedRecoveries()).isZero();
        patient.open();
        assertThat(patient.remaining()).isEqualTo(RECOVERY);
    }

    @Test
    void holdsAgainWithoutAFailedRecoveryWhenAProbeIsThrottled() {
        patient.call(throttled(WAIT));
        patient.time.advance(WAIT);

        patient.call(throttled(WAIT.multipliedBy(2)));

        assertThat(patient.state()).isEqualTo(BreakerState.OPEN);
        assertThat(patient.remaining()).isEqualTo(WAIT.multipliedBy(2));
        assertThat(patient.snapshot().failedRecoveries()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "RATE_LIMIT, RATE_LIMITED",
        "QUOTA, QUOTA_EXHAUSTED",
        "AUTHENTICATION, AUTHENTICATION_FAILED",
        "OVERLOADED, OPEN"
    })
    void tellsCallersWhatTheProviderSaid(FailureCause cause, RejectionReason reason) {
        patient.call(Outcome.ignored(cause).with(Patient.asked(WAIT), null));

        assertThat(patient.refused().reason()).isEqualTo(reason);
    }

    @Test
    void holdsForAWaitWithoutACause() {
        patient.call(new Outcome(Outcome.Kind.IGNORED, null, RejectionScope.SERVICE, Patient.asked(WAIT), null, null));

        assertThat(patient.refused().reason()).isEqualTo(RejectionReason.OPEN);
    }

    @Test
    void staysClosedWhenThrottledWithoutATime() {
        patient.call(Outcome.ignored(FailureCause.RATE_LIMIT));

        assertThat(patient.state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void staysClosedWhenASuccessNamesATime() {
        patient.call(Outcome.SUCCESS.with(Patient.asked(WAIT), null));

        assertThat(patient.state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void probesOnWhenASuccessfulProbeNamesATime() {
        Permit probe = patient.probing();

        patient.end(probe, Outcome.SUCCESS.with(Patient.asked(WAIT), null));

        assertThat(patient.state()).isEqualTo(BreakerState.HALF_OPEN);
    }

    @Test
    void keepsTheLongerOfTwoWaits() {
        Permit second = patient.begin();
        patient.call(throttled(WAIT));

        patient.end(second, throttled(WAIT.dividedBy(2)));

        assertThat(patient.remaining()).isEqualTo(WAIT);
    }

    @Test
    void lengthensTheWaitOfABreakerThatIsOpenForFailures() {
        patient.open();

        patient.breaker.holdOpen(WAIT, RejectionReason.RATE_LIMITED, "the dashboard says so");

        assertThat(patient.remaining()).isEqualTo(WAIT);
        assertThat(patient.refused().reason()).isEqualTo(RejectionReason.RATE_LIMITED);
        assertThat(patient.changes()).hasSize(1);
    }

    @Test
    void leavesTheOperatorsCommandAlone() {
        patient.breaker.disable("test", null);

        patient.breaker.holdOpen(WAIT, RejectionReason.RATE_LIMITED, "the dashboard says so");

        assertThat(patient.state()).isEqualTo(BreakerState.DISABLED);
        assertThat(patient.begin()).isSameAs(Permit.FREE);
    }

    @Test
    void needsAsManyProbesAsAfterFailures() {
        patient.call(throttled(WAIT));
        patient.time.advance(WAIT);

        patient.times(PROBES - 1, patient::succeed);

        assertThat(patient.state()).isEqualTo(BreakerState.HALF_OPEN);
    }

    @Test
    void forgetsATimeThatTheProviderNamedWhenItAnswersAgain() {
        patient.call(Patient.failure(Duration.ofDays(1)));
        patient.succeed();

        patient.open();

        assertThat(patient.remaining()).isEqualTo(RECOVERY);
    }

    @Test
    void showsWhatOpenedItUntilItIsClosed() {
        patient.open();
        assertThat(patient.snapshot().calls()).isEqualTo(Patient.THRESHOLD);
        assertThat(patient.snapshot().failedCalls()).isEqualTo(Patient.THRESHOLD);

        patient.time.advance(Patient.WINDOW.multipliedBy(2));
        patient.begin();
        assertThat(patient.state()).isEqualTo(BreakerState.HALF_OPEN);
        assertThat(patient.snapshot().failedCalls()).isEqualTo(Patient.THRESHOLD);
        assertThat(patient.snapshot().causes()).containsOnlyKeys(FailureCause.SERVER_ERROR);

        patient.breaker.close("repaired", null);
        assertThat(patient.snapshot().calls()).isZero();
    }
}
