package io.servicebreaker.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutcomeTest {

    @ParameterizedTest
    @EnumSource
    void outcomesOfACauseAreShared(FailureCause cause) {
        assertThat(Outcome.failure(cause))
                .isEqualTo(new Outcome(Outcome.Kind.FAILURE, cause, RejectionScope.SERVICE, null, null, null))
                .isSameAs(Outcome.failure(cause));
        assertThat(Outcome.ignored(cause))
                .isEqualTo(new Outcome(Outcome.Kind.IGNORED, cause, RejectionScope.SERVICE, null, null, null))
                .isSameAs(Outcome.ignored(cause));
    }

    @Test
    void isTheSameWithNothingMoreToSay() {
        assertThat(Outcome.SUCCESS.with(null, null)).isSameAs(Outcome.SUCCESS);
    }

    @Test
    void keepsKindAndCauseWithWhatTheCallTold() {
        Cooldown cooldown = new Cooldown(Duration.ofSeconds(7), "retry-after");
        Outcome outcome = Outcome.failure(FailureCause.OVERLOADED)
                .of(RejectionScope.MODEL)
                .with(cooldown, CallReport.EMPTY);

        assertThat(outcome)
                .isEqualTo(new Outcome(
                        Outcome.Kind.FAILURE,
                        FailureCause.OVERLOADED,
                        RejectionScope.MODEL,
                        cooldown,
                        CallReport.EMPTY,
                        null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "PT48H0.000000001S"})
    void noCooldownLastsNoTimeOrLongerThanAnybodyWaits(Duration duration) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Cooldown(duration, "retry-after"))
                .withMessage("cooldown is " + duration + ", allowed is above 0 and at most PT48H");
    }

    @Test
    void aRejectionTellsTheTimeThatIsKnown() {
        Rejection rejection = new Rejection(RejectionReason.RATE_LIMITED, RejectionScope.CREDENTIAL, 0, "");

        assertThat(rejection.retryAfter()).contains(Duration.ZERO);
    }

    @Test
    void aRejectionTellsNoTimeThatIsUnknown() {
        Rejection rejection =
                new Rejection(RejectionReason.RATE_LIMITED, RejectionScope.CREDENTIAL, Rejection.UNKNOWN_TIME, "");

        assertThat(rejection.retryAfter()).isEmpty();
    }

    @Test
    void anUnacceptableResultHasNoStackTrace() {
        UnacceptableResultException exception = new UnacceptableResultException("too short");

        assertThat(exception).hasMessage("too short");
        assertThat(exception.getStackTrace()).isEmpty();
    }

    @Test
    void theListenerOfNobodyDoesNothing() {
        CallListener.NONE.finished(CallFixture.REQUEST, Outcome.SUCCESS, 1);
        CallListener.NONE.rejected(CallFixture.REQUEST, CallFixture.OPEN);

        assertThat(CallListener.NONE).isNotNull();
    }
}
