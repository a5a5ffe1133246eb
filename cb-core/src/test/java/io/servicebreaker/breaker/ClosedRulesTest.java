package io.servicebreaker.breaker;

import static io.servicebreaker.breaker.Patient.SLOW;
import static io.servicebreaker.breaker.Patient.THRESHOLD;
import static io.servicebreaker.breaker.Patient.WINDOW;
import static io.servicebreaker.breaker.Patient.failure;
import static io.servicebreaker.breaker.Patient.settings;
import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.breaker.Reason.Rule;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.RejectionScope;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClosedRulesTest {

    private static final int NEVER_IN_A_ROW = 1000;

    @Test
    void opensAfterThatManyFailuresInARow() {
        Patient patient = new Patient();

        patient.times(THRESHOLD - 1, patient::fail);
        assertThat(patient.state()).isEqualTo(BreakerState.CLOSED);
        assertThat(patient.snapshot().failuresInARow()).isEqualTo(THRESHOLD - 1);
        patient.call(Outcome.failure(FailureCause.TIMEOUT));

        assertThat(patient.state()).isEqualTo(BreakerState.OPEN);
        Reason reason = patient.snapshot().reason();
        assertThat(reason.rule()).isEqualTo(Rule.CONSECUTIVE_FAILURES);
        assertThat(reason).hasToString("3 failures in a row (failure-threshold 3)");
        assertThat(patient.snapshot().causes())
                .isEqualTo(Map.of(FailureCause.SERVER_ERROR, 2, FailureCause.TIMEOUT, 1));
    }

    @Test
    void breaksTheRowWithASuccess() {
        Patient patient = new Patient();

        patient.times(THRESHOLD - 1, patient::fail);
        patient.succeed();
        patient.times(THRESHOLD - 1, patient::fail);

        assertThat(patient.state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void breaksTheRowWithASlowSuccess() {
        Patient patient = new Patient();

        patient.times(THRESHOLD - 1, patient::fail);
        patient.succeedSlowly();
        patient.times(THRESHOLD - 1, patient::fail);

        assertThat(patient.state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void breaksTheRowWithTheSilenceOfAWindow() {
        Patient patient = new Patient();

        patient.times(THRESHOLD - 1, patient::fail);
        patient.time.advance(WINDOW);
        assertThat(patient.snapshot().failuresInARow()).isZero();
        patient.times(THRESHOLD - 1, patient::fail);

        assertThat(patient.state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void continuesTheRowAfterAShorterSilence() {
        Patient patient = new Patient();

        patient.fail();
        patient.times(THRESHOLD - 1, () -> {
            patient.time.advance(WINDOW.minusMillis(1));
            patient.fail();
        });

        assertThat(patient.state()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void continuesTheRowAfterCallsThatSayNothing() {
        Patient patient = new Patient();

        patient.times(THRESHOLD - 1, patient::fail);
        patient.call(Outcome.ignored(FailureCause.BAD_REQUEST));
        patient.call(Outcome.NOT_RUN);
        patient.fail();

        assertThat(patient.state()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void countsTheLongestRowThatCanBeConfigured() {
        int longest = 65_535;
        Patient patient = new Patient(settings().failureThreshold(longest).minimumCalls(Integer.MAX_VALUE));

        patient.times(longest - 1, patient::fail);
        assertThat(patient.state()).isEqualTo(BreakerState.CLOSED);
        patient.fail();

        assertThat(patient.state()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void opensAtTheErrorRateWithASuccessThatMakesEnoughCalls() {
        Patient patient = new Patient(settings().minimumCalls(4));

        patient.fail();
        patient.succeed();
        patient.fail();
        assertThat(patient.state()).isEqualTo(BreakerState.CLOSED);
        assertThat(patient.snapshot().errorRate()).isEmpty();
        patient.succeed();

        assertThat(patient.state()).isEqualTo(BreakerState.OPEN);
        Reason reason = patient.snapshot().reason();
        assertThat(reason.rule()).isEqualTo(Rule.ERROR_RATE);
        assertThat(reason).hasToString("2 of 4 calls failed in 60 s, 50.0 % (error-rate-threshold 50.0 %)");
    }

    @Test
    void opensWithASuccessBecauseOldSuccessesAgeOut() {
        Patient patient = new Patient(settings().minimumCalls(4).errorRateThreshold(0.4));
        patient.times(5, patient::succeed);
        patient.time.advance(WINDOW.dividedBy(2));
        patient.fail();
        patient.succeed();
        patient.fail();
        patient.succeed();
        assertThat(patient.snapshot().errorRate()).contains(2.0 / 9);
        patient.time.advance(WINDOW.dividedBy(2));

        patient.succeed();

        assertThat(patient.state()).isEqualTo(BreakerState.OPEN);
        assertThat(patient.snapshot().reason().sentence()).startsWith("2 of 5 calls failed");
    }

    @Test
    void opensAtExactlyTheErrorRateWhateverItsDigits() {
        Patient patient = new Patient(
                settings().minimumCalls(100).errorRateThreshold(0.07).failureThreshold(NEVER_IN_A_ROW));
        patient.times(93, patient::succeed);

        patient.times(7, patient::fail);

        assertThat(patient.state()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void opensAtExactlyTheSlowCallRateWhateverItsDigits() {
        Patient patient = new Patient(settings().minimumCalls(100).slowCallRateThreshold(0.07));
        patient.times(93, patient::succeed);

        patient.times(7, patient::succeedSlowly);

        assertThat(patient.state()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void staysClosedJustBelowTheErrorRate() {
        Patient patient = new Patient(settings().minimumCalls(5).failureThreshold(NEVER_IN_A_ROW));
        patient.times(3, patient::succeed);

        patient.times(2, patient::fail);

        assertThat(patient.state()).isEqualTo(BreakerState.CLOSED);
        assertThat(patient.snapshot().errorRate()).contains(0.4);
    }

    @Test
    void forgetsFailuresThatAreAWindowOld() {
        Patient patient = new Patient(settings().minimumCalls(4).failureThreshold(NEVER_IN_A_ROW));
        patient.times(3, patient::fail);
        patient.time.advance(WINDOW);

        patient.fail();

        assertThat(patient.state()).isEqualTo(BreakerState.CLOSED);
        assertThat(patient.snapshot().calls()).isEqualTo(1);
        assertThat(patient.snapshot().causes()).isEqualTo(Map.of(FailureCause.SERVER_ERROR, 1));
    }

    @Test
    void opensAtTheSlowCallRate() {
        Patient patient = new Patient(settings().minimumCalls(4));
        patient.times(2, patient::succeed);

        patient.times(2, patient::succeedSlowly);

        assertThat(patient.state()).isEqualTo(BreakerState.OPEN);
        Reason reason = patient.snapshot().reason();
        assertThat(reason.rule()).isEqualTo(Rule.SLOW_CALL_RATE);
        assertThat(reason).hasToString("2 of 4 calls were slow in 60 s, 50.0 % (slow-call-rate-threshold 50.0 %)");
    }

    @Test
    void callsOnlyALongerCallSlow() {
        Patient patient = new Patient();

        patient.end(patient.begin(), Outcome.SUCCESS, SLOW);
        patient.end(patient.begin(), Outcome.SUCCESS, SLOW.plusNanos(1));
        patient.end(patient.begin(), failure(), SLOW.plusNanos(1));

        BreakerSnapshot snapshot = patient.snapshot();
        assertThat(snapshot.calls()).isEqualTo(3);
        assertThat(snapshot.slowCalls()).isEqualTo(2);
        assertThat(snapshot.slowFailedCalls()).isEqualTo(1);
        assertThat(snapshot.failedCalls()).isEqualTo(1);
    }

    @Test
    void countsTimeouts() {
        Patient patient = new Patient(settings().minimumCalls(4).errorRateThreshold(0.9));

        patient.call(Outcome.failure(FailureCause.TIMEOUT));
        patient.times(3, patient::succeed);

        assertThat(patient.snapshot().timedOutCalls()).isEqualTo(1);
        assertThat(patient.snapshot().timeoutRate()).contains(0.25);
        assertThat(patient.snapshot().slowCallRate()).contains(0.0);
    }

    @Test
    void countsNothingForCallsThatSayNothing() {
        Patient patient = new Patient();

        patient.call(Outcome.ignored(FailureCause.CANCELLED));
        patient.call(Outcome.NOT_RUN);

        assertThat(patient.snapshot().calls()).isZero();
        assertThat(patient.snapshot().lateResults()).isZero();
    }

    @Test
    void countsAFailureWithoutACauseAsUnknown() {
        Patient patient = new Patient();

        patient.call(new Outcome(Outcome.Kind.FAILURE, null, RejectionScope.SERVICE, null, null, null));

        assertThat(patient.snapshot().causes()).isEqualTo(Map.of(FailureCause.UNKNOWN, 1));
    }

    @Test
    void judgesTwoCallsAMinuteByTheirRow() {
        Patient patient = new Patient();

        patient.times(THRESHOLD, () -> {
            patient.time.advance(Duration.ofSeconds(30));
            patient.fail();
        });

        assertThat(patient.state()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void startsAfterARecoveryWithNothingInTheWindow() {
        Patient patient = new Patient();
        patient.open();
        patient.recover();

        patient.times(THRESHOLD - 1, patient::fail);

        assertThat(patient.state()).isEqualTo(BreakerState.CLOSED);
        assertThat(patient.snapshot().calls()).isEqualTo(THRESHOLD - 1);
    }
}
