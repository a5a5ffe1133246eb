package io.servicebreaker.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.servicebreaker.breaker.Breaker;
import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.breaker.BreakerState;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.provider.Classifiers;
import io.servicebreaker.provider.ExceptionRules;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients retry inside one call of ours: what each attempt says is heard when it is said, and only once. */
class AttemptsTest {

    private static final CallReport UNAVAILABLE = CallReport.ofStatus(500);

    private final CallFixture fixture = new CallFixture();
    private final Breakers breakers = new Breakers(
            Map.of(
                    "openai",
                    BreakerSettings.defaults().toBuilder()
                            .failureThreshold(3)
                            .halfOpenMaxRequests(1)
                            .recoveryJitter(0.0)
                            .build()),
            fixture.time,
            fixture.events,
            5);
    private final Breaker breaker = breakers.breaker("openai");
    private final ConcurrencyLimit places = new ConcurrencyLimit(1, Duration.ofMinutes(10));
    private final CallOrchestrator calls = fixture.behind(breaker, breakers.scopes("openai"), places);

    @AfterEach
    void closeFixture() {
        fixture.close();
    }

    @Test
    void failingAttemptsOpenTheBreakerWhileTheCallIsStillUnderWay() {
        OngoingCall call = calls.begin(CallFixture.REQUEST);

        call.attempted(UNAVAILABLE);
        call.attempted(new IOException("reset"));
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
        call.attempted(UNAVAILABLE);

        assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
        assertThat(places.underWay()).isEqualTo(1);
    }

    @Test
    void theFailureOfACallIsThatOfItsLastAttempt() {
        OngoingCall call = calls.begin(CallFixture.REQUEST);
        call.attempted(UNAVAILABLE);
        call.attempted(UNAVAILABLE);

        call.failed(new IllegalStateException("the client gave up"));

        assertThat(breaker.snapshot().failedCalls()).isEqualTo(2);
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
        assertThat(places.underWay()).isZero();
    }

    @Test
    void howACallEndedIsKnownAlsoIfItsLastAttemptWasCounted() {
        ScriptedGate last = ScriptedGate.granting("last", new ArrayList<>());
        OngoingCall failed = fixture.behind(breaker, last).begin(CallFixture.REQUEST);
        failed.attempted(UNAVAILABLE);
        failed.failed(new IOException("503"));

        Outcome outcome = last.outcomes().get(0);
        assertThat(outcome.kind()).isEqualTo(Outcome.Kind.IGNORED);
        assertThat(outcome.isCounted()).isTrue();
        assertThat(outcome.end()).isEqualTo(Outcome.Kind.FAILURE);
    }

    @Test
    void listenersHearOfTheCallAndNotOfItsAttempts() {
        OngoingCall call = calls.begin(CallFixture.REQUEST);
        call.attempted(UNAVAILABLE);
        call.attempted(UNAVAILABLE);

        call.failed(new IllegalStateException("the client gave up"));

        assertThat(fixture.outcomes()).singleElement().satisfies(outcome -> {
            assertThat(outcome.kind()).isEqualTo(Outcome.Kind.FAILURE);
            assertThat(outcome.cause()).isEqualTo(FailureCause.SERVER_ERROR);
        });
    }

    @Test
    void aRetryThatHelpsEndsTheRowOfFailures() {
        OngoingCall call = calls.begin(CallFixture.REQUEST);
        call.attempted(UNAVAILABLE);
        call.attempted(UNAVAILABLE);
        call.attempted(CallReport.ofStatus(200));

        call.succeeded();

        assertThat(breaker.snapshot().failedCalls()).isEqualTo(2);
        assertThat(breaker.snapshot().calls()).isEqualTo(3);
        breakOnce();
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void aFailureAfterAGoodAttemptIsOneOfItsOwn() {
        OngoingCall call = calls.begin(CallFixture.REQUEST);
        call.attempted(UNAVAILABLE);
        call.attempted(CallReport.ofStatus(200));

        call.failed(new IOException("the answer broke off"));

        assertThat(breaker.snapshot().failedCalls()).isEqualTo(2);
    }

    @Test
    void aProbeFailsWithItsFirstAttempt() {
        openAndWait();
        OngoingCall probe = calls.begin(CallFixture.REQUEST);
        assertThat(breaker.state()).isEqualTo(BreakerState.HALF_OPEN);

        probe.attempted(UNAVAILABLE);
        assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
        long late = breaker.snapshot().lateResults();
        probe.failed(new IllegalStateException("the client gave up"));

        assertThat(breaker.snapshot().failedRecoveries()).isEqualTo(1);
        assertThat(breaker.snapshot().lateResults()).isEqualTo(late);
    }

    @Test
    void anAttemptThatIsThrottledHoldsTheOthersBackWhileTheClientWaits() {
        OngoingCall call = calls.begin(CallFixture.REQUEST);

        call.attempted(CallReport.ofStatus(429).header("Retry-After", "20"));

        assertThatExceptionOfType(CallRejectedException.class)
                .isThrownBy(() -> calls.begin(CallFixture.REQUEST))
                .satisfies(refusal -> assertThat(refusal.retryAfter()).contains(Duration.ofSeconds(20)));
        call.succeeded();
        assertThat(breaker.snapshot().failedCalls()).isZero();
    }

    @Test
    void anAttemptThatTheCallerIsToBlameForChangesNothing() {
        OngoingCall call = calls.begin(CallFixture.REQUEST);

        call.attempted(CallReport.ofStatus(404));
        call.succeeded();

        assertThat(breaker.snapshot().failedCalls()).isZero();
        assertThat(fixture.outcomes())
                .singleElement()
                .satisfies(outcome -> assertThat(outcome.kind()).isEqualTo(Outcome.Kind.SUCCESS));
    }

    @Test
    void attemptsOfACallThatHasEndedAreNotHeard() {
        OngoingCall call = calls.begin(CallFixture.REQUEST);
        call.succeeded();

        call.attempted(UNAVAILABLE);
        call.attempted(new IOException("reset"));
        call.told(UNAVAILABLE);

        assertThat(breaker.snapshot().failedCalls()).isZero();
    }

    @Test
    void whatTheExchangesToldIsInTheOutcomeOfTheCall() {
        OngoingCall call = calls.begin(CallFixture.REQUEST);
        call.attempted(UNAVAILABLE);
        call.attempted(CallReport.ofStatus(200).header("x-ratelimit-remaining-requests", "7"));
        call.told(CallReport.EMPTY.model("gpt-5-2026").usage(new Usage(10, 4, 2)));
        call.told(CallReport.EMPTY.usage(new Usage(5, 1, 0)).cost(new BigDecimal("0.02")));

        call.succeeded();

        assertThat(onlyReport()).satisfies(report -> {
            assertThat(report.usage()).contains(new Usage(15, 5, 2));
            assertThat(report.model()).contains("gpt-5-2026");
            assertThat(report.cost()).contains(new BigDecimal("0.02"));
            assertThat(report.header("x-ratelimit-remaining-requests")).contains("7");
        });
    }

    @Test
    void whatAFailedOrCancelledCallHasUsedIsKnown() {
        Usage used = new Usage(10, 4, 0);
        OngoingCall failed = calls.begin(CallFixture.REQUEST);
        failed.told(CallReport.EMPTY.usage(used));
        failed.failed(new IOException("the answer broke off"));
        OngoingCall cancelled = calls.begin(CallFixture.REQUEST);
        cancelled.told(CallReport.EMPTY.usage(used));

        cancelled.cancelled();

        assertThat(fixture.outcomes())
                .allSatisfy(outcome -> assertThat(outcome.report())
                        .isNotNull()
                        .satisfies(report -> assertThat(report.usage()).contains(used)));
    }

    @Test
    void theSearchesOfAllAttemptsCountAlsoIfTheEndTellsOnlyTokens() {
        OngoingCall call = calls.begin(CallFixture.REQUEST);

        call.told(CallReport.EMPTY.usage(new Usage(10, 4, 0, 2)));
        call.told(CallReport.EMPTY.usage(new Usage(5, 1, 0, 1)));
        call.succeeded(CallReport.EMPTY.usage(new Usage(11, 5, 0)));

        assertThat(onlyReport().usage()).contains(new Usage(11, 5, 0, 3));
    }

    @Test
    void whoReportsTheUsageOfTheWholeCallIsBelieved() {
        OngoingCall call = calls.begin(CallFixture.REQUEST);
        call.told(CallReport.EMPTY.usage(new Usage(10, 4, 0)));

        call.succeeded(CallReport.EMPTY.usage(new Usage(11, 5, 0)));

        assertThat(onlyReport().usage()).contains(new Usage(11, 5, 0));
    }

    @Test
    void headersThatOnlyTheExchangeSawDecideHowLongToWait() {
        OngoingCall call = calls.begin(CallFixture.REQUEST);
        call.attempted(CallReport.ofStatus(429).header("retry-after-ms", "1500"));

        call.failed(new IllegalStateException("wrapped without headers"));

        assertThat(fixture.outcomes()).singleElement().satisfies(outcome -> {
            assertThat(outcome.cause()).isEqualTo(FailureCause.RATE_LIMIT);
            assertThat(outcome.cooldown()).isEqualTo(new Cooldown(Duration.ofMillis(1500), "retry-after-ms"));
        });
    }

    @Test
    void anAttemptThatSaysNothingOfTheServiceDoesNotEndItsProbe() {
        openAndWait();
        OngoingCall probe = calls.begin(CallFixture.REQUEST.model("gpt-5"));

        probe.attempted(CallReport.ofStatus(503).message("The model is currently overloaded"));
        assertThat(breaker.snapshot().probesUnderWay()).isEqualTo(1);
        probe.succeeded();

        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void anAttemptWithoutAnAnswerPutsTheOneBeforeOutOfMind() {
        OngoingCall call = calls.begin(CallFixture.REQUEST);
        call.attempted(CallReport.ofStatus(404));
        call.attempted(new IOException("reset"));

        call.failed(new IllegalStateException("the client gave up"));

        assertThat(breaker.snapshot().failedCalls()).isEqualTo(1);
        assertThat(fixture.outcomes())
                .singleElement()
                .satisfies(outcome -> assertThat(outcome.cause()).isNotEqualTo(FailureCause.BAD_REQUEST));
    }

    @Test
    void headersOfAnEarlierAnswerAreNotThoseOfALaterOne() {
        OngoingCall call = calls.begin(CallFixture.REQUEST);
        call.attempted(CallReport.ofStatus(429).header("x-ratelimit-remaining-requests", "0"));
        call.attempted(CallReport.ofStatus(200));

        call.succeeded();

        assertThat(onlyReport().header("x-ratelimit-remaining-requests")).isEmpty();
    }

    @Test
    void aCallerWhoGivesUpAfterAFailedAttemptHasGivenUp() {
        OngoingCall call = calls.begin(CallFixture.REQUEST);
        call.attempted(UNAVAILABLE);

        call.failed(new InterruptedException());

        assertThat(fixture.outcomes())
                .singleElement()
                .satisfies(outcome -> assertThat(outcome.cause()).isEqualTo(FailureCause.CANCELLED));
        assertThat(breaker.snapshot().failedCalls()).isEqualTo(1);
    }

    @Test
    void aWaitBeginsWithTheAttemptThatWasToldOfIt() {
        OngoingCall call = calls.begin(CallFixture.REQUEST);
        call.attempted(CallReport.ofStatus(429).header("retry-after", "20"));
        fixture.time.advance(Duration.ofSeconds(19));
        call.failed(new IllegalStateException("the client gave up"));

        fixture.time.advance(Duration.ofSeconds(1));

        assertThat(calls.begin(CallFixture.REQUEST)).isNotNull();
    }

    @Test
    void aThrottledCallThatNamesNoTimeLengthensTheWaitOnce() {
        OngoingCall call = calls.begin(CallFixture.REQUEST);
        call.attempted(CallReport.ofStatus(429));
        fixture.time.advance(Duration.ofMillis(1500));

        call.failed(new IllegalStateException("the client gave up"));

        assertThat(calls.begin(CallFixture.REQUEST)).isNotNull();
    }

    @Test
    void whereTypesOfExceptionsDecideOnlyTheEndOfACallCounts() {
        OutcomeClassifier forgiving = Classifiers.generic(
                CallFixture.TIMEOUT,
                new ExceptionRules(List.of(IllegalStateException.class), List.of()),
                List.of(),
                fixture.time);
        CallOrchestrator forgivingCalls = fixture.guardedBy(new Guard(List.of(breaker), forgiving, fixture.listener));

        for (int i = 0; i < 3; i++) {
            OngoingCall call = forgivingCalls.begin(CallFixture.REQUEST);
            call.attempted(UNAVAILABLE);
            call.failed(new IllegalStateException("which is to be ignored"));
        }

        assertThat(breaker.snapshot().failedCalls()).isZero();
    }

    @Test
    void saysWhetherAnybodyHeardOfAnAttempt() {
        OngoingCall call = calls.begin(CallFixture.REQUEST);
        assertThat(call.attempted(UNAVAILABLE)).isTrue();
        assertThat(call.isOver()).isFalse();

        call.succeeded();

        assertThat(call.isOver()).isTrue();
        assertThat(call.attempted(UNAVAILABLE)).isFalse();
        assertThat(call.attempted(new IOException("reset"))).isFalse();
        assertThat(call.attempted(CallReport.ofStatus(200))).isFalse();
    }

    @Test
    void cancelledBeforeAndAfterTheAnswerBeganAreTwoOutcomes() {
        calls.begin(CallFixture.REQUEST).cancelled();
        OngoingCall begun = calls.begin(CallFixture.REQUEST);
        begun.answering();
        begun.cancelled();

        assertThat(fixture.outcomes()).containsExactly(Outcome.CANCELLED, Outcome.CANCELLED_WHILE_ANSWERING);
        assertThat(Outcome.CANCELLED).isNotEqualTo(Outcome.CANCELLED_WHILE_ANSWERING);
        assertThat(breaker.snapshot().calls()).isZero();
    }

    @Test
    void interruptedAfterTheAnswerBeganIsLikeCancelledThen() {
        OngoingCall begun = calls.begin(CallFixture.REQUEST);
        begun.answering();

        begun.failed(new InterruptedException());

        assertThat(fixture.outcomes()).containsExactly(Outcome.CANCELLED_WHILE_ANSWERING);
    }

    private CallReport onlyReport() {
        assertThat(fixture.outcomes()).hasSize(1);
        CallReport report = fixture.outcomes().get(0).report();
        assertThat(report).isNotNull();
        return report;
    }

    private void breakOnce() {
        calls.begin(CallFixture.REQUEST).failed(new IOException("reset"));
    }

    private void openAndWait() {
        for (int i = 0; i < 3; i++) {
            breakOnce();
        }
        fixture.time.advance(breaker.snapshot().retryAfter());
    }
}
