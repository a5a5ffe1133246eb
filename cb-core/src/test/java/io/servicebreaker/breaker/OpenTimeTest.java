package io.servicebreaker.breaker;

import static io.servicebreaker.breaker.Patient.LONGEST_RECOVERY;
import static io.servicebreaker.breaker.Patient.RECOVERY;
import static io.servicebreaker.breaker.Patient.failure;
import static io.servicebreaker.breaker.Patient.settings;
import static io.servicebreaker.breaker.Patient.throttled;
import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.breaker.Reason.Rule;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Permit;
import io.servicebreaker.call.Rejection;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.call.RejectionScope;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpenTimeTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    @AutoClose
    private final Patient patient = new Patient();

    @Test
    void refusesUntilTheDeadlineAndTellsTheTimeLeft() {
        patient.open();
        patient.time.advance(RECOVERY.minusNanos(1));

        Rejection rejection = patient.refused();

        assertThat(rejection.reason()).isEqualTo(RejectionReason.OPEN);
        assertThat(rejection.scope()).isEqualTo(RejectionScope.SERVICE);
        assertThat(rejection.retryAfter()).contains(Duration.ofNanos(1));
        assertThat(rejection.explanation()).isEqualTo("3 failures in a row (failure-threshold 3)");
        assertThat(patient.snapshot().notPermittedCalls()).isEqualTo(1);
    }

    @Test
    void letsTheFirstCallAfterTheDeadlineProbe() {
        patient.open();
        patient.time.advance(RECOVERY);

        Permit probe = patient.begin();

        assertThat(probe).isInstanceOf(ProbePermit.class);
        assertThat(patient.state()).isEqualTo(BreakerState.HALF_OPEN);
        assertThat(patient.snapshot().reason().rule()).isEqualTo(Rule.PROBING);
    }

    @Test
    void growsWithEachFailedRecoveryUpToTheLongest() {
        patient.open();
        assertThat(patient.remaining()).isEqualTo(RECOVERY);

        patient.failToRecover();
        assertThat(patient.remaining()).isEqualTo(RECOVERY.multipliedBy(2));
        patient.failToRecover();
        assertThat(patient.remaining()).isEqualTo(RECOVERY.multipliedBy(4));
        patient.failToRecover();

        assertThat(patient.remaining()).isEqualTo(LONGEST_RECOVERY);
        assertThat(patient.snapshot().failedRecoveries()).isEqualTo(3);
    }

    @Test
    void staysAtTheLongestAfterAThousandFailedRecoveries() {
        Patient steep = new Patient(settings().recoveryBackoffMultiplier(100.0));
        steep.open();

        steep.times(1000, steep::failToRecover);

        assertThat(steep.remaining()).isEqualTo(LONGEST_RECOVERY);
    }

    @Test
    void isCutByChanceButNeverLonger() {
        Patient lucky = new Patient(settings().recoveryJitter(0.5));
        lucky.luck = 0.5;

        lucky.open();

        assertThat(lucky.remaining()).isEqualTo(RECOVERY.multipliedBy(3).dividedBy(4));
    }

    @Test
    void cutsTheGrownAndCappedTimeByChance() {
        Patient lucky = new Patient(settings().recoveryJitter(0.5));
        lucky.open();
        lucky.times(5, lucky::failToRecover);
        lucky.luck = 0.999_999;

        lucky.failToRecover();

        assertThat(lucky.remaining())
                .isBetween(
                        LONGEST_RECOVERY.dividedBy(2),
                        LONGEST_RECOVERY.dividedBy(2).plusMillis(1));
    }

    @Test
    void isNeverNothingHoweverLargeTheJitter() {
        Patient lucky = new Patient(settings().recoveryJitter(1.0).recoveryTimeout(Duration.ofNanos(1)));
        lucky.luck = Math.nextDown(1.0);

        lucky.open();

        assertThat(lucky.remaining()).isEqualTo(Duration.ofNanos(1));
    }

    @Test
    void shrinksByOneStepForEachHealthyRecoveryTime() {
        patient.open();
        patient.times(2, patient::failToRecover);
        patient.recover();
        assertThat(patient.snapshot().failedRecoveries()).isEqualTo(2);

        patient.time.advance(RECOVERY);
        assertThat(patient.snapshot().failedRecoveries()).isEqualTo(1);
        patient.open();

        assertThat(patient.remaining()).isEqualTo(RECOVERY.multipliedBy(2));
    }

    @Test
    void isNotResetByOneRecovery() {
        patient.open();
        patient.failToRecover();
        patient.recover();

        patient.open();

        assertThat(patient.remaining()).isEqualTo(RECOVERY.multipliedBy(2));
    }

    @Test
    void isForgottenAfterEnoughHealthyTime() {
        patient.open();
        patient.times(2, patient::failToRecover);
        patient.recover();

        patient.time.advance(RECOVERY.multipliedBy(2));
        patient.open();

        assertThat(patient.remaining()).isEqualTo(RECOVERY);
    }

    @Test
    void creditsHealthyTimeBeforeTheProviderAskedToWait() {
        patient.open();
        patient.times(2, patient::failToRecover);
        patient.recover();
        patient.time.advance(RECOVERY.multipliedBy(2));
        patient.call(throttled(Duration.ofSeconds(1)));
        patient.recover();

        patient.open();

        assertThat(patient.remaining()).isEqualTo(RECOVERY);
    }

    @Test
    void takesTheLatestWaitOfTheFailuresThatOpenedIt() {
        patient.call(failure(MINUTE));
        patient.time.advance(Duration.ofSeconds(1));
        patient.call(failure(Duration.ofSeconds(30)));
        patient.fail();

        assertThat(patient.remaining()).isEqualTo(Duration.ofSeconds(59));
        assertThat(patient.refused().reason()).isEqualTo(RejectionReason.OPEN);
    }

    @Test
    void isNotShortenedByAShortWaitOfTheProvider() {
        patient.times(2, patient::fail);

        patient.call(failure(Duration.ofSeconds(1)));

        assertThat(patient.remaining()).isEqualTo(RECOVERY);
    }

    @Test
    void takesTheWaitOfAFailedProbeIfItIsLonger() {
        Permit probe = patient.probing();

        patient.end(probe, failure(MINUTE));

        assertThat(patient.remaining()).isEqualTo(MINUTE);
        assertThat(patient.snapshot().failedRecoveries()).isEqualTo(1);
    }

    @Test
    void takesItsOwnTimeIfTheWaitOfAFailedProbeIsShorter() {
        Permit probe = patient.probing();

        patient.end(probe, failure(Duration.ofSeconds(1)));

        assertThat(patient.remaining()).isEqualTo(RECOVERY.multipliedBy(2));
        assertThat(patient.snapshot().reason().rule()).isEqualTo(Rule.FAILED_PROBE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT48H0.000000001S", "P365D", "P100000D", "P5000000D", "PT0S", "PT-1S", "P-5000000D"})
    void ignoresAnAbsurdWaitWhileClosed(Duration wait) {
        patient.breaker.holdOpen(wait, RejectionReason.RATE_LIMITED, "absurd");

        assertThat(patient.state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void believesAWaitOfTwoDays() {
        patient.breaker.holdOpen(Duration.ofDays(2), RejectionReason.QUOTA_EXHAUSTED, "the daily quota is used up");

        assertThat(patient.remaining()).isEqualTo(Duration.ofDays(2));
        assertThat(patient.refused().reason()).isEqualTo(RejectionReason.QUOTA_EXHAUSTED);
        assertThat(patient.snapshot().reason()).hasToString("the daily quota is used up");
    }

    @Test
    void keepsTheLatestOfManyDeadlinesInWhateverOrderTheyCome() {
        patient.breaker.holdOpen(MINUTE, RejectionReason.RATE_LIMITED, "first");
        patient.breaker.holdOpen(MINUTE.multipliedBy(3), RejectionReason.QUOTA_EXHAUSTED, "second");
        patient.breaker.holdOpen(MINUTE.multipliedBy(2), RejectionReason.RATE_LIMITED, "third");

        assertThat(patient.remaining()).isEqualTo(MINUTE.multipliedBy(3));
        assertThat(patient.refused().reason()).isEqualTo(RejectionReason.QUOTA_EXHAUSTED);
    }

    @Test
    void opensWithoutAWaitThatHasPassedMeanwhile() {
        patient.call(failure(Duration.ofSeconds(1)));
        patient.time.advance(Duration.ofSeconds(30));

        patient.times(2, patient::fail);

        assertThat(patient.remaining()).isEqualTo(RECOVERY);
        assertThat(patient.snapshot().causes()).containsKey(FailureCause.SERVER_ERROR);
    }
}
