package io.servicebreaker.breaker;

import static io.servicebreaker.breaker.Patient.PROBES;
import static io.servicebreaker.breaker.Patient.RECOVERY;
import static io.servicebreaker.breaker.Patient.THRESHOLD;
import static io.servicebreaker.breaker.Patient.failure;
import static io.servicebreaker.breaker.Patient.throttled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.servicebreaker.breaker.OperatorCommanded.Command;
import io.servicebreaker.breaker.Reason.Rule;
import io.servicebreaker.call.Permit;
import io.servicebreaker.call.RejectionReason;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class OperatorCommandsTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofSeconds(Long.MAX_VALUE);

    @AutoClose
    private final Patient patient = new Patient();

    @Test
    void refusesEveryCallUntilAnotherCommand() {
        patient.breaker.forceOpen("maintenance", null);
        patient.time.advance(Duration.ofDays(30));

        assertThat(patient.refused().reason()).isEqualTo(RejectionReason.FORCED_OPEN);
        assertThat(patient.refused().retryAfter()).isEmpty();
        assertThat(patient.snapshot().retryAfter()).isNull();
        assertThat(patient.snapshot().expiresAt()).isNull();
        assertThat(patient.snapshot().reason()).hasToString("maintenance");
        assertThat(patient.refused().explanation()).isEqualTo("maintenance");

        patient.breaker.close("maintenance is over", null);
        patient.succeed();
    }

    @Test
    void refusesEveryCallUntilTheCommandExpires() {
        patient.breaker.forceOpen("maintenance", MINUTE);

        assertThat(patient.refused().retryAfter()).contains(MINUTE);
        assertThat(patient.remaining()).isEqualTo(MINUTE);
        assertThat(patient.snapshot().expiresAt()).isEqualTo(patient.time.now().plus(MINUTE));
        patient.time.advance(MINUTE.minusNanos(1));
        patient.refused();
        patient.time.advance(Duration.ofNanos(1));

        assertThat(patient.state()).isEqualTo(BreakerState.CLOSED);
        assertThat(patient.snapshot().reason().rule()).isEqualTo(Rule.EXPIRED);
        assertThat(patient.changes()).hasSize(1);
        patient.succeed();
        assertThat(patient.changes()).hasSize(2);
        assertThat(patient.snapshot().calls()).isEqualTo(1);
    }

    @Test
    void watchesNothingWhileDisabled() {
        patient.breaker.disable("load test", null);

        patient.times(10 * THRESHOLD, patient::fail);

        assertThat(patient.state()).isEqualTo(BreakerState.DISABLED);
        assertThat(patient.begin()).isSameAs(Permit.FREE);
        assertThat(patient.snapshot().calls()).isZero();
    }

    @Test
    void watchesAgainWhenDisablingHasExpired() {
        patient.breaker.disable("load test", MINUTE);
        patient.times(THRESHOLD, patient::fail);
        patient.time.advance(MINUTE);

        patient.times(THRESHOLD, patient::fail);

        assertThat(patient.state()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void letsAServiceFailOnlyAfterTheCommandHasExpired() {
        patient.breaker.disable("load test", MINUTE);
        Permit unwatched = patient.begin();
        patient.time.advance(MINUTE);

        patient.times(THRESHOLD, () -> patient.end(unwatched, failure()));

        assertThat(patient.state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void closesAndRemembersFailedRecoveries() {
        patient.open();
        patient.failToRecover();

        patient.breaker.close("it works", null);

        assertThat(patient.state()).isEqualTo(BreakerState.CLOSED);
        assertThat(patient.snapshot().calls()).isZero();
        assertThat(patient.snapshot().failedRecoveries()).isEqualTo(1);
        patient.open();
        assertThat(patient.remaining()).isEqualTo(RECOVERY.multipliedBy(2));
    }

    @Test
    void creditsHealthyTimeBeforeItIsClosedOnceMore() {
        patient.open();
        patient.failToRecover();
        patient.recover();
        patient.time.advance(RECOVERY);

        patient.breaker.close("to be sure", null);

        assertThat(patient.snapshot().failedRecoveries()).isZero();
    }

    @Test
    void resetsAndForgetsAll() {
        patient.open();
        patient.failToRecover();

        patient.breaker.reset("start again", null);

        assertThat(patient.state()).isEqualTo(BreakerState.CLOSED);
        assertThat(patient.snapshot().failedRecoveries()).isZero();
        patient.open();
        assertThat(patient.remaining()).isEqualTo(RECOVERY);
    }

    @Test
    void forgetsTheWindowWhenItIsClosedOrReset() {
        patient.times(THRESHOLD - 1, patient::fail);
        patient.breaker.close("again", null);
        patient.times(THRESHOLD - 1, patient::fail);
        patient.breaker.reset("again", null);

        patient.times(THRESHOLD - 1, patient::fail);

        assertThat(patient.state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void ignoresProbesThatAnOperatorOvertook() {
        Permit probe = patient.probing();
        patient.breaker.close("it works", null);

        patient.end(probe, failure());

        assertThat(patient.state()).isEqualTo(BreakerState.CLOSED);
        assertThat(patient.snapshot().calls()).isZero();
    }

    @Test
    void replacesOneCommandByAnother() {
        patient.breaker.forceOpen("first", MINUTE);
        patient.breaker.disable("second", null);
        patient.breaker.forceOpen("third", MINUTE.multipliedBy(2));

        assertThat(patient.remaining()).isEqualTo(MINUTE.multipliedBy(2));
        assertThat(patient.snapshot().reason()).hasToString("third");
    }

    @Test
    void publishesEachCommandAndEachChange() {
        patient.breaker.forceOpen("maintenance", MINUTE);
        patient.breaker.forceOpen("longer", null);

        assertThat(patient.changes()).singleElement().satisfies(change -> {
            assertThat(change.from()).isEqualTo(BreakerState.CLOSED);
            assertThat(change.to()).isEqualTo(BreakerState.FORCED_OPEN);
            assertThat(change.service()).isEqualTo("search");
            assertThat(change.retryAfter()).isEqualTo(MINUTE);
            assertThat(change.reason()).hasToString("maintenance");
        });
        assertThat(patient.events())
                .contains(
                        new OperatorCommanded(patient.time.now(), "search", Command.FORCE_OPEN, "maintenance", MINUTE),
                        new OperatorCommanded(patient.time.now(), "search", Command.FORCE_OPEN, "longer", null));
    }

    @Test
    void holdsForeverIfTheExpiryIsFurtherThanTheClockReaches() {
        patient.breaker.forceOpen("forever", LONGEST);
        patient.refused();
        patient.breaker.forceOpen("forever", Duration.ofNanos(Long.MAX_VALUE));
        patient.refused();

        assertThat(patient.state()).isEqualTo(BreakerState.FORCED_OPEN);
        assertThat(patient.snapshot().expiresAt()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t\n"})
    void wantsAReasonForEachCommand(String blank) {
        for (Command command : Command.values()) {
            assertThatThrownBy(() -> command(command, blank, null))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("A reason is needed for " + command + ": people will ask for it");
        }
        assertThat(patient.state()).isEqualTo(BreakerState.CLOSED);
        assertThat(patient.events()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S"})
    void wantsAnExpiryInTheFuture(Duration past) {
        for (Command command : new Command[] {Command.FORCE_OPEN, Command.DISABLE, Command.OBSERVE}) {
            assertThatThrownBy(() -> command(command, "maintenance", past))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("expiresIn is " + past + ", allowed is a positive duration or none");
        }
        assertThat(patient.events()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"CLOSE", "RESET"})
    void doesNotLetClosingExpire(Command command) {
        assertThatThrownBy(() -> command(command, "it works", MINUTE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expiresIn is PT1M, but closing does not expire; leave it out");
    }

    @Test
    void awaitsNoProbeWhileAnOperatorHoldsIt() {
        patient.open();
        patient.breaker.forceOpen("maintenance", null);
        patient.time.advance(RECOVERY);

        assertThat(patient.breaker.awaitsProbe()).isFalse();
        patient.times(PROBES, patient::refused);
        assertThat(patient.breaker).hasToString("Breaker[search, FORCED_OPEN]");
    }

    private void command(Command command, String reason, Duration expiresIn) {
        switch (command) {
            case FORCE_OPEN -> patient.breaker.forceOpen(reason, expiresIn);
            case CLOSE -> patient.breaker.close(reason, expiresIn);
            case DISABLE -> patient.breaker.disable(reason, expiresIn);
            case OBSERVE -> patient.breaker.observe(reason, expiresIn);
            case RESET -> patient.breaker.reset(reason, expiresIn);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FORCE_OPEN", "DISABLE"})
    void goesBackToTheWaitThatACommandInterrupted(Command command) {
        patient.call(throttled(Duration.ofHours(12)));

        command(command, "a look at it", MINUTE);
        patient.time.advance(MINUTE);

        assertThat(patient.state()).isEqualTo(BreakerState.OPEN);
        assertThat(patient.refused().reason()).isEqualTo(RejectionReason.RATE_LIMITED);
        assertThat(patient.remaining()).isEqualTo(Duration.ofHours(12).minus(MINUTE));
    }

    @ParameterizedTest
    @EnumSource(names = {"FORCE_OPEN", "DISABLE"})
    void probesWhenACommandInterruptedARecovery(Command command) {
        patient.probing();

        command(command, "a look at it", MINUTE);
        patient.time.advance(MINUTE);

        assertThat(patient.begin()).isInstanceOf(ProbePermit.class);
        assertThat(patient.state()).isEqualTo(BreakerState.HALF_OPEN);
    }

    @ParameterizedTest
    @EnumSource(names = {"FORCE_OPEN", "DISABLE"})
    void remembersFailedRecoveriesAcrossACommandAndAClosing(Command command) {
        patient.open();
        patient.failToRecover();

        command(command, "a look at it", null);
        patient.breaker.close("repaired", null);

        assertThat(patient.snapshot().failedRecoveries()).isEqualTo(1);
    }

    @Test
    void observesWhatACommandInterrupted() {
        patient.open();
        patient.breaker.forceOpen("maintenance", null);

        patient.breaker.observe("what would it do?", null);

        assertThat(patient.snapshot().observed()).isEqualTo(BreakerState.OPEN);
    }
}
