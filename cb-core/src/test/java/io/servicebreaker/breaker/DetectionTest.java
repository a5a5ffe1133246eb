package io.servicebreaker.breaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.servicebreaker.breaker.Reason.Rule;
import io.servicebreaker.breaker.Traffic.Weather;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.Cooldown;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Permit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a breaker in its default configuration learns and does, without a threshold. */
class DetectionTest {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Weather BROKEN = new Weather(1, 1, 3);
    private static final Weather HANGING = new Weather(1, 60, 3);

    @AutoClose
    private final Traffic traffic = new Traffic(BreakerSettings.defaults());

    /** The rate that the documentation states: less than once in two days, whatever the traffic. */
    @ParameterizedTest
    @CsvSource({"0.03, 200", "0.3, 40", "1, 20", "20, 2", "1000, 0.04"})
    void hardlyEverOpensAHealthyService(double perSecond, double days) {
        traffic.flow(perSecond, Duration.ofMinutes((long) (days * 1440)), Weather.FINE);

        assertThat(traffic.opened()).isLessThanOrEqualTo((int) Math.ceil(days / 2));
        assertThat((double) traffic.refused / traffic.calls).isLessThan(0.001);
    }

    @Test
    void takesAnErrorRateForGrantedThatIsUsual() {
        traffic.flow(20, HOUR, new Weather(0.04, 1, 3));

        assertThat(traffic.opened()).isZero();
        assertThat(traffic.breaker.expectation().orElseThrow().usuallyFailing()).isBetween(0.03, 0.05);
    }

    @Test
    void opensAfterAFewFailuresOfAQuietService() {
        traffic.flow(1.0 / 30, HOUR.multipliedBy(5), Weather.FINE);
        long before = traffic.failed;

        breakUntilOpen(traffic, 1.0 / 30);

        assertThat(traffic.failed - before).isLessThanOrEqualTo(4);
    }

    @Test
    void needsNoHundredResultsWhereThePastIsKnown() {
        traffic.breaker.recall(new PastCalls(10_000, 0.01, 3, 0.7, 1, List.of()));
        traffic.flow(1.0 / 30, Duration.ofMinutes(10), Weather.FINE);
        long before = traffic.failed;

        breakUntilOpen(traffic, 1.0 / 30);

        assertThat(traffic.failed - before).isLessThanOrEqualTo(4);
        assertThat(traffic.openings).containsOnlyKeys(Rule.DETECTED);
    }

    @Test
    void expectsTroubleToLastAsLongAsItDidInThePast() {
        traffic.breaker.recall(new PastCalls(10_000, 0.01, 3, 0.7, 1, Collections.nCopies(50, 6 * 3600.0)));
        traffic.flow(1, HOUR, Weather.FINE);
        traffic.flow(1, Duration.ofMinutes(10), BROKEN);

        assertThat(traffic.breaker.expectation().orElseThrow().troubleSeconds()).isGreaterThan(2 * 3600);
    }

    @Test
    void explainsWhyItOpened() {
        traffic.flow(1, HOUR, Weather.FINE);

        breakUntilOpen(traffic, 1);

        Reason reason = traffic.breaker.snapshot().reason();
        assertThat(reason.rule()).isEqualTo(Rule.DETECTED);
        assertThat(reason.sentence())
                .matches("\\d+ of \\d+ calls failed in 60 s; the next one fails with a chance of \\d+ % "
                        + "\\(usual are \\d\\.\\d %\\), and a failed call costs \\d\\.\\d\\d of a good one");
        assertThat(reason.causes()).containsOnlyKeys(FailureCause.SERVER_ERROR);
    }

    @Test
    void opensBecauseOfCallsThatHangBeforeAnyOfThemEnds() {
        traffic.flow(5, HOUR, Weather.FINE);

        traffic.flow(5, Duration.ofSeconds(30), HANGING);

        assertThat(traffic.breaker.state()).isNotEqualTo(BreakerState.CLOSED);
        assertThat(traffic.openings).containsOnlyKeys(Rule.DETECTED);
    }

    @Test
    void closesAgainSoonAfterTheServiceWorksAgain() {
        traffic.flow(5, HOUR, Weather.FINE);
        traffic.flow(5, Duration.ofMinutes(10), BROKEN);

        traffic.flow(5, Duration.ofSeconds(30), Weather.FINE);

        assertThat(traffic.breaker.state()).isEqualTo(BreakerState.CLOSED);
        assertThat(traffic.breaker.snapshot().reason().rule()).isIn(Rule.RECOVERED, Rule.REVOKED);
    }

    @Test
    void probesTheMoreRarelyTheMoreAFailureCosts() {
        long cheap = probesOfAnOutage(BROKEN);
        long dear = probesOfAnOutage(HANGING);

        assertThat(dear).isPositive().isLessThan(cheap);
    }

    private static long probesOfAnOutage(Weather weather) {
        try (Traffic outage = new Traffic(BreakerSettings.defaults())) {
            outage.flow(2, HOUR, Weather.FINE);
            outage.flow(2, Duration.ofMinutes(10), weather);
            long before = outage.calls - outage.refused;
            outage.flow(2, HOUR, weather);
            return outage.calls - outage.refused - before;
        }
    }

    @Test
    void probesTheMoreRarelyTheLongerTheOutageHasLasted() {
        traffic.flow(2, HOUR, Weather.FINE);
        traffic.flow(2, Duration.ofMinutes(2), BROKEN);
        long early = admitted(Duration.ofMinutes(20));
        traffic.flow(2, Duration.ofHours(2), BROKEN);

        assertThat(admitted(Duration.ofMinutes(20))).isPositive().isLessThan(early);
    }

    private long admitted(Duration duration) {
        long before = traffic.calls - traffic.refused;
        traffic.flow(2, duration, BROKEN);
        return traffic.calls - traffic.refused - before;
    }

    @Test
    void keepsToThresholdsThatAreSet() {
        try (Traffic exact = new Traffic(
                BreakerSettings.defaults().toBuilder().failureThreshold(5).build())) {
            exact.flow(0.2, HOUR, Weather.FINE);
            long before = exact.failed;

            breakUntilOpen(exact, 0.2);

            assertThat(exact.failed - before).isEqualTo(5);
            assertThat(exact.openings).containsOnlyKeys(Rule.CONSECUTIVE_FAILURES);
        }
    }

    @Test
    void keepsToOpenTimesThatAreSet() {
        try (Traffic exact = new Traffic(BreakerSettings.defaults().toBuilder()
                .recoveryTimeout(Duration.ofMinutes(5))
                .recoveryJitter(0.0)
                .build())) {
            exact.flow(2, HOUR, Weather.FINE);
            breakUntilOpen(exact, 2);
            long before = exact.calls - exact.refused;

            exact.flow(2, Duration.ofMinutes(4), Weather.FINE);

            assertThat(exact.calls - exact.refused).isEqualTo(before);
        }
    }

    @Test
    void doesNotJudgeAServiceThatItHardlyKnowsOtherwiseThanTheThresholds() {
        List<Permit> permits = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            permits.add(begin());
            traffic.time.advance(Duration.ofMillis(10));
        }
        for (int i = 0; i < 10; i++) {
            permits.get(i)
                    .finish(
                            i % 2 == 0 ? Outcome.SUCCESS : Outcome.failure(FailureCause.SERVER_ERROR),
                            traffic.time.nanos(),
                            0,
                            traffic.time.nanos());
        }

        assertThat(traffic.breaker.snapshot().reason().rule()).isEqualTo(Rule.ERROR_RATE);
    }

    @Test
    void probesAsTheThresholdsSayWhileItHardlyKnowsTheService() {
        for (int i = 0; i < 5; i++) {
            fail();
        }
        traffic.flow(5, Duration.ofSeconds(50), Weather.FINE);
        assertThat(traffic.calls).isEqualTo(traffic.refused);

        traffic.time.advance(Duration.ofSeconds(10));
        for (int i = 0; i < 3; i++) {
            assertThat(traffic.breaker.state()).isNotEqualTo(BreakerState.CLOSED);
            end(begin(), Outcome.SUCCESS);
        }

        assertThat(traffic.breaker.state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void leavesARowOfFailuresWithinASecondToItsThreshold() {
        traffic.flow(2, HOUR, Weather.FINE);
        for (int i = 0; i < 4; i++) {
            fail();
            traffic.time.advance(Duration.ofMillis(100));
        }
        assertThat(traffic.breaker.state()).isEqualTo(BreakerState.CLOSED);

        fail();

        assertThat(traffic.breaker.snapshot().reason().rule()).isEqualTo(Rule.CONSECUTIVE_FAILURES);
    }

    @Test
    void isNotHeldByAStrayThrottledCallThatNamesNoTime() {
        traffic.flow(5, HOUR, Weather.FINE);

        end(begin(), throttled());

        assertThat(traffic.breaker.state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void isHeldByAThrottledCallOfAServiceThatItHardlyKnows() {
        end(begin(), throttled());

        assertThat(traffic.breaker.snapshot().reason().rule()).isEqualTo(Rule.PROVIDER_DEADLINE);
    }

    @Test
    void doesNotProbeBeforeATimeThatTheProviderNamed() {
        traffic.flow(5, HOUR, Weather.FINE);
        Cooldown named = new Cooldown(Duration.ofMinutes(2), "retry-after");
        end(begin(), Outcome.ignored(FailureCause.RATE_LIMIT).with(named, null));
        long before = traffic.calls - traffic.refused;

        traffic.flow(5, Duration.ofSeconds(110), Weather.FINE);

        assertThat(traffic.calls - traffic.refused).isEqualTo(before);
        traffic.flow(5, Duration.ofSeconds(15), Weather.FINE);
        assertThat(traffic.breaker.state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void hearsNothingMoreOfCallsThatHangOnceItIsClosedAgain() {
        traffic.flow(5, HOUR, Weather.FINE);
        traffic.flow(5, Duration.ofSeconds(30), HANGING);
        assertThat(traffic.breaker.state()).isNotEqualTo(BreakerState.CLOSED);
        traffic.flow(5, Duration.ofSeconds(30), Weather.FINE);
        assertThat(traffic.breaker.state()).isEqualTo(BreakerState.CLOSED);
        int before = traffic.opened();

        traffic.flow(5, Duration.ofSeconds(60), new Weather(0, 1, 3)); // those of the outage end in this minute

        assertThat(traffic.opened()).isEqualTo(before);
    }

    @Test
    void hearsNothingInATroubleOfCallsFromBeforeTheLastRecovery() {
        traffic.flow(5, HOUR, Weather.FINE);
        Permit old = begin();
        long begun = traffic.time.nanos();
        traffic.flow(5, Duration.ofMinutes(1), BROKEN);
        traffic.flow(5, Duration.ofMinutes(1), Weather.FINE);
        assertThat(traffic.breaker.state()).isEqualTo(BreakerState.CLOSED);
        breakUntilOpen(traffic, 5);
        double before = failing();

        old.finish(Outcome.failure(FailureCause.TIMEOUT), begun, traffic.time.nanos() - begun, traffic.time.nanos());

        assertThat(failing()).isCloseTo(before, within(1e-9));
    }

    @Test
    void learnsOfAnAttemptThatItFailedButNotHowLongThatTook() {
        traffic.flow(5, HOUR, new Weather(0.03, 50, 3));
        double dear = traffic.breaker.expectation().orElseThrow().lossByFailure();
        assertThat(dear).isGreaterThan(1.5);

        for (int i = 0; i < 20; i++) {
            traffic.time.advance(Duration.ofMinutes(10));
            begin().attempted(Outcome.failure(FailureCause.SERVER_ERROR), traffic.time.nanos());
        }

        assertThat(traffic.breaker.expectation().orElseThrow().lossByFailure()).isEqualTo(dear);
        assertThat(failing()).isGreaterThan(0.05);
    }

    private double failing() {
        return traffic.breaker.expectation().orElseThrow().failing();
    }

    @Test
    void givesAStayThatGoesOnANumberOfItsOwn() {
        StateMachine machine = new StateMachine(BreakerSettings.defaults());
        State closed = machine.initial(0);
        Reason suspicion = new Reason(Rule.DETECTED, "suspicious");
        State open = machine.trip(closed, closed.stay(), suspicion, 0, 10, 0);
        State probing = machine.admit(open, 20, 0, true).state();

        State revoked = machine.revoke(probing, new Reason(Rule.REVOKED, "well"), 30);

        assertThat(revoked.kind()).isEqualTo(BreakerState.CLOSED);
        assertThat(revoked.stay()).isGreaterThan(probing.stay());
        State again = machine.trip(revoked, revoked.stay(), suspicion, 0, 40, 0);
        assertThat(machine.awaits(machine.admit(again, 50, 0, true).state(), probing.stay(), 1, 60))
                .isFalse();
    }

    @Test
    void trustsAnOperatorWhoClosesIt() {
        traffic.flow(5, HOUR, Weather.FINE);
        traffic.flow(5, Duration.ofMinutes(5), BROKEN);

        traffic.breaker.close("repaired", null);

        Expectation expectation = traffic.breaker.expectation().orElseThrow();
        assertThat(expectation.failing()).isLessThan(0.05);
        assertThat(begin()).isNotNull();
    }

    private static void breakUntilOpen(Traffic traffic, double perSecond) {
        int before = traffic.opened();
        while (traffic.opened() == before) {
            traffic.flow(perSecond, Duration.ofSeconds(1), BROKEN);
        }
    }

    private Permit begin() {
        return (Permit) traffic.breaker.admit(CallRequest.to("weather"), traffic.time.nanos());
    }

    private void fail() {
        end(begin(), Outcome.failure(FailureCause.SERVER_ERROR));
    }

    private void end(Permit permit, Outcome outcome) {
        permit.finish(outcome, traffic.time.nanos(), 0, traffic.time.nanos());
    }

    private static Outcome throttled() {
        Cooldown guess = new Cooldown(Duration.ofSeconds(1), "rate-limit-backoff-multiplier", true);
        return Outcome.ignored(FailureCause.RATE_LIMIT).with(guess, null);
    }

    @Test
    void tellsCallersWhenTheyMayCallAtTheLatest() {
        traffic.flow(1, HOUR, Weather.FINE);
        breakUntilOpen(traffic, 1);

        assertThat(traffic.breaker.snapshot().retryAfter()).isLessThanOrEqualTo(Duration.ofSeconds(60));
    }
}
