package io.servicebreaker.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.breaker.Reason.Rule;
import io.servicebreaker.breaker.Traffic.Weather;
import io.servicebreaker.call.Admission;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.Cooldown;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Permit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Calls that look worse, or better, than the service is. */
class MisleadingCallsTest {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Weather BROKEN = new Weather(1, 1, 3);
    private static final CallRequest CALL = CallRequest.to("weather");

    @AutoClose
    private final Traffic traffic = new Traffic(BreakerSettings.defaults());

    @ParameterizedTest
    @CsvSource({"0.2, 6", "2, 1"})
    void aStreamThatGoesOnAnsweringDoesNotHang(double perSecond, long hours) {
        traffic.flow(perSecond, HOUR.multipliedBy(hours), new Weather(0.005, 1, 0.8, 20));

        assertThat(traffic.opened()).isZero();
    }

    @Test
    void aStreamThatDoesNotBeginHangs() {
        traffic.flow(2, HOUR, new Weather(0.005, 1, 0.8, 20));

        traffic.flow(2, Duration.ofSeconds(30), new Weather(1, 60, 0.8, 20));

        assertThat(traffic.openings).containsOnlyKeys(Rule.DETECTED);
    }

    @ParameterizedTest
    @CsvSource({"0.01, 60", "0.01, 600", "0.04, 600"})
    void aRareFailureThatTakesForEverIsARareFailure(double failing, double seconds) {
        traffic.flow(1, HOUR.multipliedBy(24), new Weather(failing, seconds, 3));

        assertThat(traffic.opened()).isLessThanOrEqualTo(1);
        assertThat((double) traffic.refused / traffic.calls).isLessThan(0.01);
    }

    @Test
    void callsThatHungInAnOutageDoNotOpenItAgainWhereProbesAreCounted() {
        try (Traffic exact = new Traffic(BreakerSettings.defaults().toBuilder()
                .halfOpenMaxRequests(1)
                .recoveryTimeout(Duration.ofSeconds(60))
                .build())) {
            exact.flow(5, HOUR, Weather.FINE);
            exact.flow(5, Duration.ofSeconds(90), new Weather(1, 60, 3));
            exact.flow(5, Duration.ofMinutes(3), new Weather(0, 1, 3));
            assertThat(exact.breaker.state()).isEqualTo(BreakerState.CLOSED);
            int before = exact.opened();

            exact.flow(5, Duration.ofMinutes(5), new Weather(0, 1, 3));

            assertThat(exact.opened()).isEqualTo(before);
        }
    }

    @Test
    void probesThatHangDoNotPutOffTheNextOneForEver() {
        traffic.flow(0.1, HOUR.multipliedBy(5), Weather.FINE);
        traffic.flow(0.1, Duration.ofMinutes(10), new Weather(1, 600, 3));
        assertThat(traffic.breaker.state()).isNotEqualTo(BreakerState.CLOSED);
        long longest = 0;
        long since = traffic.time.nanos();
        for (int i = 0; i < 3 * 360; i++) {
            long before = traffic.calls - traffic.refused;
            traffic.flow(0.1, Duration.ofSeconds(10), new Weather(1, 600, 3));
            if (traffic.calls - traffic.refused > before) {
                longest = Math.max(longest, traffic.time.nanos() - since);
                since = traffic.time.nanos();
            }
        }

        assertThat(Duration.ofNanos(longest)).isLessThanOrEqualTo(Duration.ofMinutes(11)); // calls come now and then
    }

    @Test
    void whoeverObservesSeesItCloseAsSoonAsItWould() {
        traffic.flow(5, HOUR, Weather.FINE);
        traffic.breaker.observe("just looking", null);
        traffic.flow(5, Duration.ofMinutes(10), BROKEN);
        assertThat(inner()).isNotEqualTo(BreakerState.CLOSED);

        traffic.flow(5, Duration.ofMinutes(1), Weather.FINE);

        assertThat(inner()).isEqualTo(BreakerState.CLOSED);
    }

    private BreakerState inner() {
        return StateMachine.automatic(traffic.breaker.commanded(traffic.time.nanos()))
                .kind();
    }

    @Test
    void throttledCallsThatEndLateDoNotLengthenAWaitThatNobodyAskedFor() {
        traffic.flow(5, HOUR, Weather.FINE);
        Permit late = permit();
        while (traffic.breaker.state() == BreakerState.CLOSED) {
            traffic.flow(5, Duration.ofSeconds(1), BROKEN);
        }
        Duration before = traffic.breaker.snapshot().retryAfter();

        Cooldown guess = new Cooldown(Duration.ofMinutes(9), "rate-limit-backoff-multiplier", true);
        end(late, Outcome.ignored(FailureCause.RATE_LIMIT).with(guess, null));

        assertThat(traffic.breaker.snapshot().retryAfter()).isEqualTo(before);
    }

    @Test
    void aCallThatIsAnsweredByARefusalDidNotHang() {
        traffic.flow(0.2, HOUR.multipliedBy(3), Weather.FINE);
        double before = failing();
        Permit slow = permit();
        long begun = traffic.time.nanos();
        traffic.time.advance(Duration.ofSeconds(40));
        assertThat(failing()).isGreaterThan(before);

        end(slow, Outcome.ignored(FailureCause.BAD_REQUEST), begun);

        assertThat(failing()).isLessThan(before + 0.002);
    }

    @Test
    void aCallThatIsGivenUpDidHang() {
        traffic.flow(0.2, HOUR.multipliedBy(3), Weather.FINE);
        Permit slow = permit();
        long begun = traffic.time.nanos();
        traffic.time.advance(Duration.ofSeconds(40));
        double before = failing();

        end(slow, Outcome.CANCELLED, begun);

        assertThat(failing()).isEqualTo(before);
    }

    @Test
    void whoWaitsForAProbeIsNotToldToMakeOneThatWouldBeRefused() {
        traffic.flow(5, HOUR, Weather.FINE);
        while (traffic.breaker.state() != BreakerState.HALF_OPEN) {
            traffic.flow(5, Duration.ofSeconds(1), new Weather(1, 600, 3));
        }

        assertThat(traffic.breaker.awaitsProbe()).isFalse();
    }

    @Test
    void aProbeThatEndsAfterTheOpeningWasRevokedNoLongerHangs() {
        traffic.flow(5, HOUR, Weather.FINE);
        List<Runnable> underWay = new ArrayList<>();
        while (traffic.breaker.admit(CALL, traffic.time.nanos()) instanceof Permit hanging) {
            long begun = traffic.time.nanos();
            underWay.add(() -> end(hanging, Outcome.SUCCESS, begun));
            traffic.time.advance(Duration.ofMillis(200));
        }
        Admission probe = traffic.breaker.admit(CALL, traffic.time.nanos());
        while (!(probe instanceof Permit)) {
            traffic.time.advance(Duration.ofMillis(200));
            probe = traffic.breaker.admit(CALL, traffic.time.nanos());
        }
        long probed = traffic.time.nanos();
        underWay.forEach(Runnable::run);
        assertThat(traffic.breaker.snapshot().reason().rule()).isEqualTo(Rule.REVOKED);
        traffic.time.advance(Duration.ofSeconds(40));
        double before = failing();

        end((Permit) probe, Outcome.SUCCESS, probed);

        assertThat(failing()).isLessThan(0.95 * before);
    }

    @Test
    void aClockThatGoesBackDoesNotMakeAFailureWorthMoreThanItIs() {
        Experience experience = new Experience(0);
        for (int i = 0; i < 10; i++) {
            experience.failed(Duration.ofSeconds(30).toNanos());
            experience.learn(-i * HOUR.toNanos());
        }
        experience.learn(HOUR.toNanos());

        assertThat(experience.loss()).isBetween(0.5, 1.6);
    }

    @Test
    void aCommandThatExpiresGoesBackToAWaitThatMayEndEarly() {
        traffic.flow(5, HOUR, Weather.FINE);
        while (traffic.breaker.state() != BreakerState.OPEN) {
            traffic.flow(5, Duration.ofSeconds(1), BROKEN);
        }
        traffic.breaker.forceOpen("a look at it", Duration.ofSeconds(5));

        traffic.flow(5, Duration.ofSeconds(20), Weather.FINE);

        assertThat(traffic.breaker.state()).isEqualTo(BreakerState.CLOSED);
    }

    private double failing() {
        return traffic.breaker.expectation().orElseThrow().failing();
    }

    private Permit permit() {
        Admission admission = traffic.breaker.admit(CALL, traffic.time.nanos());
        assertThat(admission).isInstanceOf(Permit.class);
        return (Permit) admission;
    }

    private void end(Permit permit, Outcome outcome) {
        end(permit, outcome, traffic.time.nanos());
    }

    private void end(Permit permit, Outcome outcome, long begun) {
        long now = traffic.time.nanos();
        permit.finish(outcome, begun, now - begun, now);
    }
}
