package io.servicebreaker.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.call.Admission;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Gate;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Permit;
import io.servicebreaker.call.Rejection;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.call.RejectionScope;
import io.servicebreaker.call.Usage;
import io.servicebreaker.time.FakeTime;
import io.servicebreaker.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RateLimitsTest {

    private static final CallRequest CALL = CallRequest.to("service").model("big");
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final FakeTime time = new FakeTime();
    private boolean enforced = true;
    private final RateLimits limits = openai(0);

    @Test
    void refusesNothingBeforeTheProviderHasSaidAnything() {
        assertThat(admit(CALL.estimatedTokens(1_000_000, 1_000_000))).isSameAs(Permit.FREE);
        assertThat(limits.snapshot()).isEmpty();
    }

    @Test
    void refusesACallWhenNoRequestIsLeft() {
        answer(requests(60, 0, "30s"));

        Admission admission = admit(CALL);

        assertThat(admission)
                .isEqualTo(new Rejection(
                        RejectionReason.RATE_LIMITED,
                        RejectionScope.CREDENTIAL,
                        Duration.ofMillis(500).toNanos(),
                        "what is left of the provider's limit does not cover the call"
                                + " (x-ratelimit-remaining-requests)"));
    }

    @Test
    void refusesACallThatTheRemainingTokensDoNotCover() {
        answer(tokens(60_000, 2_000, "58s"));

        Admission admission = admit(CALL.estimatedTokens(3_000, 1_000));

        assertThat(admission)
                .isEqualTo(new Rejection(
                        RejectionReason.TOKEN_BUDGET,
                        RejectionScope.CREDENTIAL,
                        Duration.ofSeconds(2).toNanos(),
                        "what is left of the provider's limit does not cover the call"
                                + " (x-ratelimit-remaining-tokens)"));
        assertThat(admit(CALL.estimatedTokens(1_500, 500))).isSameAs(Permit.FREE);
    }

    @Test
    void admitsACallAtTheTimeThatItsRefusalNamed() {
        answer(tokens(60_000, 2_000, "58s"));
        CallRequest large = CALL.estimatedTokens(3_000, 1_000);
        long wait = ((Rejection) admit(large)).retryAfterNanos();

        time.advance(Duration.ofNanos(wait - 10_000_000));
        assertThat(admit(large)).isInstanceOf(Rejection.class);
        time.advance(Duration.ofMillis(10));

        assertThat(admit(large)).isSameAs(Permit.FREE);
    }

    @Test
    void namesTheLongestWaitWhereTwoLimitsRefuse() {
        answer(requests(60, 0, "60s")
                .header("x-ratelimit-remaining-tokens", "0")
                .header("x-ratelimit-reset-tokens", "5s"));
        Rejection refusal = (Rejection) admit(CALL);

        assertThat(refusal.reason()).isEqualTo(RejectionReason.TOKEN_BUDGET);
        assertThat(refusal.retryAfter()).contains(Duration.ofSeconds(5));
        time.advance(refusal.retryAfter().orElseThrow());
        assertThat(admit(CALL)).isSameAs(Permit.FREE);
    }

    @Test
    void refusesACallOfUnknownSizeOnlyWhenNoTokenIsLeft() {
        answer(tokens(60_000, 1, "60s"));
        assertThat(admit(CALL)).isSameAs(Permit.FREE);

        answer(tokens(60_000, 0, "60s"));

        assertThat(reason(admit(CALL))).isEqualTo(RejectionReason.TOKEN_BUDGET);
    }

    @Test
    void takesNothingOfOneLimitForACallThatAnotherRefuses() {
        answer(requests(60, 1, "59s")
                .header("x-ratelimit-remaining-tokens", "0")
                .header("x-ratelimit-reset-tokens", "5s"));
        assertThat(reason(admit(CALL))).isEqualTo(RejectionReason.TOKEN_BUDGET);
        time.advance(Duration.ofSeconds(1));

        assertThat(limits.snapshot().get(0).remaining()).isEqualTo(2);
    }

    @Test
    void leavesAnEstimateAboveTheWholeLimitToTheProvider() {
        answer(tokens(8_000, 0, "60s"));

        assertThat(admit(CALL.estimatedTokens(8_000, 1))).isSameAs(Permit.FREE);
        assertThat(admit(CALL.estimatedTokens(8_000, 0))).isInstanceOf(Rejection.class);
    }

    @Test
    void refusesNobodyElseBecauseOfAnEstimateThatCanNeverFit() {
        answer(tokens(8_000, 4_000, "30s"));

        admit(CALL.estimatedTokens(100_000, 0));

        assertThat(admit(CALL.estimatedTokens(4_000, 0))).isSameAs(Permit.FREE);
    }

    @Test
    void forgetsEverythingAtTheReset() {
        answer(requests(60, 0, "30s"));
        time.advance(Duration.ofSeconds(30));

        for (int i = 0; i < 1_000; i++) {
            assertThat(admit(CALL)).isSameAs(Permit.FREE);
        }
    }

    @Test
    void countsTheCallsThatWereAdmittedSince() {
        answer(requests(60, 3, "57s"));

        assertThat(admit(CALL)).isSameAs(Permit.FREE);
        assertThat(admit(CALL)).isSameAs(Permit.FREE);
        assertThat(admit(CALL)).isSameAs(Permit.FREE);
        assertThat(retryAfter(admit(CALL))).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void countsTheTokensOfTheCallsThatWereAdmittedSince() {
        answer(tokens(60_000, 5_000, "55s"));
        admit(CALL.estimatedTokens(1_000, 2_000));

        assertThat(retryAfter(admit(CALL.estimatedTokens(2_001, 0)))).isEqualTo(Duration.ofMillis(1));
        assertThat(admit(CALL.estimatedTokens(2_000, 0))).isSameAs(Permit.FREE);
    }

    @Test
    void believesTheProviderMoreThanItsOwnCount() {
        answer(requests(60, 3, "57s"));
        for (int i = 0; i < 3; i++) {
            admit(CALL);
            time.advance(Duration.ofMillis(1));
            finish(CALL, Duration.ofMillis(1), requests(60, 50, "10s"));
        }

        assertThat(limits.snapshot().get(0).remaining()).isEqualTo(50);
    }

    @Test
    void countsTheCallsThatAnAnswerCannotKnowOf() {
        answer(requests(60, 5, "55s"));
        for (int i = 0; i < 5; i++) {
            admit(CALL);
        }
        time.advance(Duration.ofMillis(10));

        finish(CALL, Duration.ofMillis(10), requests(60, 4, "56s"));

        assertThat(admit(CALL)).isInstanceOf(Rejection.class);
    }

    @Test
    void doesNotCountTheCallsThatAnAnswerKnowsOf() {
        for (int i = 0; i < 20; i++) {
            admit(CALL);
        }
        time.advance(Duration.ofSeconds(5));
        admit(CALL);
        time.advance(Duration.ofSeconds(5));

        finish(CALL, Duration.ofSeconds(5), requests(60, 20, "40s"));

        assertThat(limits.snapshot().get(0).remaining()).isEqualTo(20);
    }

    @Test
    void believesTheAnswerToAnEarlierCallOnlyIfLessIsLeft() {
        admit(CALL);
        time.advance(Duration.ofSeconds(10));
        admit(CALL);
        finish(CALL, Duration.ZERO, requests(60, 10, "50s"));

        finish(CALL, Duration.ofSeconds(10), requests(60, 40, "20s"));
        assertThat(limits.snapshot().get(0).remaining()).isEqualTo(10);
        finish(CALL, Duration.ofSeconds(10), requests(60, 4, "56s"));

        assertThat(limits.snapshot().get(0).remaining()).isEqualTo(4);
    }

    @Test
    void learnsFromFailuresToo() {
        admit(CALL);

        limits.finished(CALL, Outcome.ignored(FailureCause.BAD_REQUEST).with(null, requests(60, 0, "60s")), 0);

        assertThat(admit(CALL)).isInstanceOf(Rejection.class);
    }

    @ParameterizedTest
    @EnumSource(names = {"CONNECTION", "CANCELLED", "LOCAL_ERROR"})
    void givesBackWhatCallsTookThatNeverReachedTheProvider(FailureCause cause) {
        answer(requests(200, 20, "20h"));

        for (int i = 0; i < 100; i++) {
            admit(CALL);
            limits.finished(CALL, Outcome.ignored(cause), 0);
        }

        assertThat(limits.snapshot().get(0).remaining()).isEqualTo(20);
    }

    @Test
    void givesNothingBackOfACallThatTheProviderKnowsOf() {
        answer(requests(200, 20, "20h"));
        CallReport answered = CallReport.ofStatus(200);
        CallReport used = CallReport.EMPTY.usage(new Usage(1, 1, 0));

        for (Outcome outcome : List.of(
                Outcome.CANCELLED_WHILE_ANSWERING,
                Outcome.CANCELLED.with(null, answered),
                Outcome.failure(FailureCause.CONNECTION).with(null, used),
                Outcome.failure(FailureCause.TIMEOUT),
                Outcome.failure(FailureCause.SERVER_ERROR),
                Outcome.SUCCESS)) {
            admit(CALL);
            limits.finished(CALL, outcome, 0);
        }

        assertThat(limits.snapshot().get(0).remaining()).isEqualTo(14);
    }

    @Test
    void doesNotGoOnCountingACallThatWasFoundTooLargeWhileItRan() {
        CallRequest large = CALL.estimatedTokens(50_000, 0);
        admit(large);
        admit(large);
        limits.finished(large, Outcome.SUCCESS.with(null, tokens(40_000, 40_000, "60s")), 0);
        limits.finished(large, Outcome.failure(FailureCause.SERVER_ERROR), 0);
        admit(CALL);
        time.advance(MINUTE);

        finish(CALL, MINUTE, tokens(40_000, 30_000, "60s"));

        assertThat(limits.snapshot().get(0).remaining()).isEqualTo(30_000);
    }

    @Test
    void forgetsWhatTheProviderSaid() {
        answer(requests(60, 0, "60s"));

        limits.forget();

        assertThat(admit(CALL)).isSameAs(Permit.FREE);
        assertThat(limits.snapshot()).isEmpty();
    }

    @Test
    void doesNotAskForTheTimeOfDayForAnAnswerThatTellsOfNoLimit() {
        AtomicInteger asked = new AtomicInteger();
        TimeSource watched = new TimeSource() {
            @Override
            public long nanos() {
                return time.nanos();
            }

            @Override
            public Instant now() {
                asked.incrementAndGet();
                return time.now();
            }
        };
        RateLimits watching = new RateLimits(
                ProviderProfiles.bundled().of("openai").limits(),
                new LimitSettings(0),
                watched,
                () -> true,
                share -> {});

        learn(watching, CALL, CallReport.ofStatus(200).header("x-request-id", "7"));
        assertThat(asked).hasValue(0);
        learn(watching, CALL, requests(60, 0, "60s"));

        assertThat(asked).hasPositiveValue();
    }

    @ParameterizedTest
    @CsvSource({
        "10, 500, 10, false",
        "10, 500, 11, true",
        "10, 50, 5, false",
        "10, 50, 6, true",
        "10, 9, 1, true",
        "0, 500, 1, true",
        "2147483647, 100, 11, true"
    })
    void keepsAReserveOfAtMostATenthOfTheLimit(int floor, long limit, long remaining, boolean admitted) {
        RateLimits reserved = openai(floor);
        learn(reserved, CALL, requests(limit, remaining, "30s"));

        Admission admission = reserved.admit(CALL, time.nanos());

        assertThat(admission instanceof Permit).isEqualTo(admitted);
    }

    @Test
    void waitsUntilTheReserveIsFullAgain() {
        RateLimits reserved = openai(10);
        learn(reserved, CALL, requests(120, 4, "58s"));

        assertThat(retryAfter(reserved.admit(CALL, time.nanos()))).isEqualTo(Duration.ofMillis(3_500));
    }

    @Test
    void letsEssentialCallsUseTheReserve() {
        RateLimits reserved = openai(10);
        learn(reserved, CALL, requests(500, 1, "30s"));

        assertThat(reserved.admit(CALL, time.nanos())).isInstanceOf(Rejection.class);
        assertThat(reserved.admit(CALL.essential(), time.nanos())).isSameAs(Permit.FREE);
        assertThat(reserved.admit(CALL.essential(), time.nanos())).isInstanceOf(Rejection.class);
    }

    @Test
    void keepsNoReserveOfALimitThatIsNotKnown() {
        RateLimits reserved = openai(10);
        learn(
                reserved,
                CALL,
                CallReport.EMPTY
                        .header("x-ratelimit-remaining-requests", "1")
                        .header("x-ratelimit-reset-requests", "30s"));

        assertThat(reserved.admit(CALL, time.nanos())).isSameAs(Permit.FREE);
        assertThat(retryAfter(reserved.admit(CALL, time.nanos()))).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void keepsNoTokensInReserve() {
        RateLimits reserved = openai(10);
        learn(reserved, CALL, tokens(500, 1, "30s"));

        assertThat(reserved.admit(CALL, time.nanos())).isSameAs(Permit.FREE);
    }

    @Test
    void judgesEachCredentialAndModelForItself() {
        answer(requests(60, 0, "60s"));

        assertThat(admit(CALL.model("small"))).isSameAs(Permit.FREE);
        assertThat(admit(CALL.credential("other"))).isSameAs(Permit.FREE);
        assertThat(admit(CallRequest.to("service"))).isSameAs(Permit.FREE);
        assertThat(admit(CALL)).isInstanceOf(Rejection.class);
    }

    @Test
    void neitherRefusesNorLearnsAnythingOfTheModelsForWhichThereIsNoRoom() {
        for (int i = 0; i < 200; i++) {
            admit(CALL.model("known " + i));
        }
        learn(limits, CALL.credential("first tenant").model("one more"), requests(60, 0, "60s"));

        assertThat(admit(CALL.credential("first tenant").model("one more"))).isSameAs(Permit.FREE);
        assertThat(admit(CALL.credential("other tenant").model("one more"))).isSameAs(Permit.FREE);
        assertThat(limits.snapshot()).isEmpty();
    }

    @Test
    void makesRoomForAModelWhereThereIsNothingToRemember() {
        for (int i = 0; i < 199; i++) {
            learn(limits, CALL.credential("tenant " + i), requests(60, 1, "60s"));
        }
        learn(limits, CALL.credential("lasting"), requests(60, 0, "20h"));
        learn(limits, CALL.credential("too many"), requests(60, 0, "20h"));
        assertThat(admit(CALL.credential("too many"))).isSameAs(Permit.FREE);
        time.advance(MINUTE);

        learn(limits, CALL.credential("one more"), requests(60, 0, "60s"));

        assertThat(admit(CALL.credential("one more"))).isInstanceOf(Rejection.class);
        assertThat(admit(CALL.credential("lasting"))).isInstanceOf(Rejection.class);
        assertThat(limits.snapshot()).hasSize(2);
    }

    @Test
    void keepsWhatACallThatIsUnderWayWillNeed() {
        for (int i = 0; i < 200; i++) {
            admit(CALL.model("known " + i));
        }
        time.advance(MINUTE);

        learn(limits, CALL.model("one more"), requests(60, 0, "60s"));

        assertThat(admit(CALL.model("one more"))).isSameAs(Permit.FREE);
    }

    @Test
    void readsInputAndOutputTokensApart() {
        RateLimits anthropic = new RateLimits(
                ProviderProfiles.bundled().of("anthropic").limits(),
                new LimitSettings(0),
                time,
                () -> true,
                share -> {});
        learn(
                anthropic,
                CALL,
                CallReport.EMPTY
                        .header("anthropic-ratelimit-input-tokens-limit", "20000")
                        .header("anthropic-ratelimit-input-tokens-remaining", "8000")
                        .header(
                                "anthropic-ratelimit-input-tokens-reset",
                                time.now().plusSeconds(12).toString())
                        .header("anthropic-ratelimit-output-tokens-limit", "8000")
                        .header("anthropic-ratelimit-output-tokens-remaining", "500")
                        .header(
                                "anthropic-ratelimit-output-tokens-reset",
                                time.now().plusSeconds(15).toString()));

        assertThat(anthropic.admit(CALL.estimatedTokens(7_000, 500), time.nanos()))
                .isSameAs(Permit.FREE);
        assertThat(retryAfter(anthropic.admit(CALL.estimatedTokens(2_000, 0), time.nanos())))
                .isEqualTo(Duration.ofSeconds(1));
        assertThat(((Rejection) anthropic.admit(CALL.estimatedTokens(1, 100), time.nanos())).explanation())
                .contains("anthropic-ratelimit-output-tokens-remaining");
    }

    @Test
    void givesBackWhatAnotherGateRefuses() {
        Rejection full = new Rejection(RejectionReason.TOO_MANY_CALLS, RejectionScope.SERVICE, -1, "full");
        Gate gate = limits.then((request, now) -> full);
        answer(requests(60, 1, "59s"));

        assertThat(gate.admit(CALL, time.nanos())).isSameAs(full);
        assertThat(gate.admit(CALL, time.nanos())).isSameAs(full);

        assertThat(admit(CALL)).isSameAs(Permit.FREE);
        assertThat(gate.admit(CALL, time.nanos())).isInstanceOf(Rejection.class).isNotSameAs(full);
    }

    @Test
    void passesOnThePermitOfTheOtherGate() {
        Permit permit = (outcome, durationNanos, nowNanos) -> {};
        Gate gate = limits.then((request, now) -> permit);

        assertThat(gate.admit(CALL, time.nanos())).isSameAs(permit);
    }

    @Test
    void refusesNothingWhileItIsNotToBeEnforcedAndGoesOnCounting() {
        answer(requests(60, 0, "60s"));
        enforced = false;
        assertThat(admit(CALL)).isSameAs(Permit.FREE);

        enforced = true;

        assertThat(retryAfter(admit(CALL))).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void showsWhatIsKnown() {
        answer(requests(60, 30, "30s"));
        admit(CALL);
        time.advance(Duration.ofSeconds(10));

        assertThat(limits.snapshot())
                .containsExactly(new LimitSnapshot(
                        "",
                        "big",
                        LimitUnit.REQUESTS,
                        "x-ratelimit-remaining-requests",
                        60L,
                        39,
                        Duration.ofSeconds(20)));
    }

    @Test
    void showsThatAllIsThereAgain() {
        answer(requests(60, 30, "30s"));
        time.advance(MINUTE);

        assertThat(limits.snapshot()).singleElement().satisfies(limit -> {
            assertThat(limit.remaining()).isEqualTo(60);
            assertThat(limit.resetsIn()).isNull();
        });
    }

    @Test
    void countsTheResetsThatMakeNoSense() {
        answer(requests(60, 0, "yesterday"));

        assertThat(limits.ignoredTimes()).isEqualTo(1);
        assertThat(admit(CALL)).isSameAs(Permit.FREE);
    }

    private RateLimits openai(int floor) {
        return new RateLimits(
                ProviderProfiles.bundled().of("openai").limits(),
                new LimitSettings(floor),
                time,
                () -> enforced,
                share -> {});
    }

    private Admission admit(CallRequest request) {
        return limits.admit(request, time.nanos());
    }

    /** A call without an estimate that takes no time. */
    private void answer(CallReport report) {
        learn(limits, CALL, report);
    }

    private void learn(RateLimits learning, CallRequest request, CallReport report) {
        learning.admit(request, time.nanos());
        learning.finished(request, Outcome.SUCCESS.with(null, report), 0);
    }

    private void finish(CallRequest request, Duration duration, CallReport report) {
        limits.finished(request, Outcome.SUCCESS.with(null, report), duration.toNanos());
    }

    private static CallReport requests(long limit, long remaining, String reset) {
        return headers("requests", limit, remaining, reset);
    }

    private static CallReport tokens(long limit, long remaining, String reset) {
        return headers("tokens", limit, remaining, reset);
    }

    private static CallReport headers(String unit, long limit, long remaining, String reset) {
        return CallReport.ofStatus(200)
                .header("x-ratelimit-limit-" + unit, Long.toString(limit))
                .header("x-ratelimit-remaining-" + unit, Long.toString(remaining))
                .header("x-ratelimit-reset-" + unit, reset);
    }

    private static Duration retryAfter(Admission admission) {
        return ((Rejection) admission).retryAfter().orElseThrow();
    }

    private static RejectionReason reason(Admission admission) {
        return ((Rejection) admission).reason();
    }
}
