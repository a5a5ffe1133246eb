package io.servicebreaker.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.Cooldown;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Rejection;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.call.RejectionScope;
import io.servicebreaker.support.CapturedLog;
import io.servicebreaker.time.FakeTime;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** By status, provider code, duration, and what a client library's exception tells. */
class ProfileClassifierTest {

    private static final CallRequest CALL = CallRequest.to("service");

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Cooldown TWENTY_SECONDS = new Cooldown(Duration.ofSeconds(20), "retry-after");
    private static final Throwable ERROR = new IllegalStateException("refused by the provider");

    private final FakeTime time = new FakeTime();
    private final ProfileClassifier classifier = reading();

    private ProfileClassifier reading(ErrorReader... readers) {
        return Classifiers.generic(TIMEOUT, ExceptionRules.NONE, List.of(readers), time);
    }

    @Test
    void anAnswerInTimeIsASuccess() {
        assertThat(classifier.answered(CALL, null, TIMEOUT.toNanos())).isSameAs(Outcome.SUCCESS);
    }

    @Test
    void anAnswerThatCameTooLateIsATimeout() {
        assertThat(classifier.answered(CALL, null, TIMEOUT.toNanos() + 1))
                .isEqualTo(Outcome.failure(FailureCause.TIMEOUT).remarked(Outcome.Remark.ANSWERED_LATE));
    }

    @Test
    void keepsTheReportOfAnAnswer() {
        CallReport report = CallReport.ofStatus(200);

        assertThat(classifier.answered(CALL, report, 0)).isEqualTo(Outcome.SUCCESS.with(null, report));
        assertThat(classifier.answered(CALL, report, TIMEOUT.toNanos() + 1))
                .isEqualTo(Outcome.failure(FailureCause.TIMEOUT)
                        .remarked(Outcome.Remark.ANSWERED_LATE)
                        .with(null, report));
    }

    @ParameterizedTest
    @CsvSource({
        "400, BAD_REQUEST, IGNORED",
        "401, AUTHENTICATION, IGNORED",
        "402, QUOTA, IGNORED",
        "403, AUTHENTICATION, IGNORED",
        "404, BAD_REQUEST, IGNORED",
        "408, TIMEOUT, FAILURE",
        "409, SERVER_ERROR, FAILURE",
        "413, BAD_REQUEST, IGNORED",
        "418, BAD_REQUEST, IGNORED",
        "422, BAD_REQUEST, IGNORED",
        "429, RATE_LIMIT, IGNORED",
        "499, BAD_REQUEST, IGNORED",
        "500, SERVER_ERROR, FAILURE",
        "502, SERVER_ERROR, FAILURE",
        "503, OVERLOADED, FAILURE",
        "504, TIMEOUT, FAILURE",
        "529, OVERLOADED, FAILURE",
        "599, SERVER_ERROR, FAILURE",
        "200, UNKNOWN, FAILURE",
        "302, UNKNOWN, FAILURE",
    })
    void judgesByStatus(int status, FailureCause cause, Outcome.Kind kind) {
        CallReport report = CallReport.ofStatus(status);

        Outcome outcome = classifier.failed(CALL, ERROR, report);

        assertThat(outcome.kind()).isEqualTo(kind);
        assertThat(outcome.cause()).isEqualTo(cause);
        assertThat(outcome.report()).isSameAs(report);
    }

    @Test
    void anAnswerWithAnErrorStatusIsAFailure() {
        CallReport report = CallReport.ofStatus(503).header("Retry-After", "20");

        Outcome outcome = classifier.answered(CALL, report, 1);

        assertThat(outcome.kind()).isEqualTo(Outcome.Kind.FAILURE);
        assertThat(outcome.cause()).isEqualTo(FailureCause.OVERLOADED);
        assertThat(outcome.cooldown()).isEqualTo(TWENTY_SECONDS);
    }

    @Test
    void aRefusalFurtherDownNeverCountsWhateverIsConfigured() {
        ExceptionRules all = new ExceptionRules(List.of(), List.of(RuntimeException.class));
        Rejection rejection = new Rejection(RejectionReason.OPEN, RejectionScope.SERVICE, 1, "");
        Throwable refusal = new CompletionException(new CallRejectedException("inner", rejection, false));

        Outcome outcome = Classifiers.generic(TIMEOUT, all, List.of(), time).failed(CALL, refusal, null);

        assertThat(outcome.kind()).isEqualTo(Outcome.Kind.IGNORED);
    }

    @Test
    void tellsAUsedUpQuotaFromThrottlingByTheProvidersCode() {
        CallReport quota = CallReport.ofStatus(429).code("insufficient_quota");
        CallReport throttled = CallReport.ofStatus(429).code("rate_limit_exceeded");

        assertThat(classifier.failed(CALL, ERROR, quota).cause()).isEqualTo(FailureCause.QUOTA);
        assertThat(classifier.failed(CALL, ERROR, throttled).cause()).isEqualTo(FailureCause.RATE_LIMIT);
    }

    @Test
    void aThrottledCallSaysWhenToComeBackAndIsNoFailure() {
        Outcome outcome =
                classifier.failed(CALL, ERROR, CallReport.ofStatus(429).header("Retry-After", "20"));

        assertThat(outcome.kind()).isEqualTo(Outcome.Kind.IGNORED);
        assertThat(outcome.scope()).isEqualTo(RejectionScope.CREDENTIAL);
        assertThat(outcome.cooldown()).isEqualTo(TWENTY_SECONDS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "Sun, 01 Mar 2020 00:00:00 GMT", "soon", "-1", "", "1000000000000"})
    void aThrottledCallThatDoesNotSayWhenToComeBackWaitsForATimeOfOurs(String header) {
        Outcome outcome =
                classifier.failed(CALL, ERROR, CallReport.ofStatus(429).header("Retry-After", header));

        assertThat(outcome.kind()).isEqualTo(Outcome.Kind.IGNORED);
        assertThat(outcome.cooldown())
                .isEqualTo(new Cooldown(Duration.ofSeconds(1), "rate-limit-backoff-multiplier", true));
        assertThat(classifier.ignoredTimes()).isEqualTo(1);
    }

    @Test
    void waitsLongerEachTimeThatItIsThrottledWithoutATime() {
        CallReport throttled = CallReport.ofStatus(429);
        List<Duration> waits = new ArrayList<>();

        for (int i = 0; i < 4; i++) {
            Cooldown cooldown = classifier.failed(CALL, ERROR, throttled).cooldown();
            assertThat(cooldown).isNotNull();
            waits.add(cooldown.duration());
            time.advance(cooldown.duration());
        }

        assertThat(waits)
                .containsExactly(
                        Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4), Duration.ofSeconds(8));
    }

    @Test
    void doesNotLetOneCredentialWaitForWhatAnotherHasDone() {
        CallReport refused = CallReport.ofStatus(401);
        CallRequest first = CALL.credential("first");
        CallRequest second = CALL.credential("second");
        classifier.failed(first, ERROR, refused);
        time.advance(Duration.ofSeconds(59));

        Outcome outcome = classifier.failed(second, ERROR, refused);

        assertThat(outcome.cooldown())
                .isEqualTo(new Cooldown(Duration.ofSeconds(60), "authentication-failure-escalation"));
    }

    @Test
    void waitsNoLongerThanAnybodyWaitsHoweverOftenItIsRefused() {
        BreakerSettings patient = BreakerSettings.defaults().toBuilder()
                .recoveryTimeout(Duration.ofDays(7))
                .maxRecoveryTimeout(Duration.ofDays(300))
                .build();
        ProfileClassifier refusing = new ProfileClassifier(
                ProviderProfiles.bundled().of("generic"),
                patient,
                CooldownSettings.DEFAULTS,
                ExceptionRules.NONE,
                List.of(),
                time);

        Cooldown cooldown =
                refusing.failed(CALL, ERROR, CallReport.ofStatus(401)).cooldown();

        assertThat(cooldown).isNotNull();
        assertThat(cooldown.duration()).isEqualTo(Cooldown.LONGEST);
    }

    @Test
    void aCallersOwnEndWinsOverEveryRule() {
        ProviderProfile blaming = ProviderProfiles.bundled()
                .of("generic")
                .extended(
                        "blaming",
                        BreakerSettings.defaults(),
                        LimitSettings.DEFAULTS,
                        List.of(new FailureRule(
                                Set.of(),
                                Set.of(),
                                Set.of("java.lang.Throwable"),
                                null,
                                FailureCause.SERVER_ERROR,
                                null,
                                null)),
                        Map.of(),
                        List.of());
        ProfileClassifier blames = new ProfileClassifier(
                blaming, BreakerSettings.defaults(), CooldownSettings.DEFAULTS, ExceptionRules.NONE, List.of(), time);

        assertThat(blames.failed(CALL, new CancellationException(), null).cause())
                .isEqualTo(FailureCause.CANCELLED);
        assertThat(blames.failed(CALL, new AssertionError(), null).cause()).isEqualTo(FailureCause.LOCAL_ERROR);
        assertThat(blames.failed(CALL, ERROR, null).cause()).isEqualTo(FailureCause.SERVER_ERROR);
    }

    @Test
    void readsTheWordsOfAnExceptionThatNobodyElseCanRead() {
        ProviderProfile byException = ProviderProfiles.bundled()
                .of("generic")
                .extended(
                        "by-exception",
                        BreakerSettings.defaults(),
                        LimitSettings.DEFAULTS,
                        List.of(new FailureRule(
                                Set.of(),
                                Set.of(),
                                Set.of("java.lang.IllegalStateException"),
                                Pattern.compile("too many"),
                                FailureCause.RATE_LIMIT,
                                null,
                                null)),
                        Map.of(),
                        List.of());
        ProfileClassifier reads = new ProfileClassifier(
                byException,
                BreakerSettings.defaults(),
                CooldownSettings.DEFAULTS,
                ExceptionRules.NONE,
                List.of(),
                time);

        Outcome outcome = reads.failed(CALL, new IllegalStateException("too many, try again in 45 s"), null);
        Outcome byAnother = reads.failed(
                CALL, new IllegalArgumentException("too many", new IllegalStateException("of another kind")), null);

        assertThat(outcome.cooldown()).isEqualTo(new Cooldown(Duration.ofSeconds(45), "error message"));
        assertThat(byAnother.cause()).isEqualTo(FailureCause.UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Tool 'usage limits' not found", "credit balance: extra inputs are not permitted"})
    void takesNoWordsThatTheCallerWroteForAQuota(String words) {
        CallReport report =
                CallReport.ofStatus(400).code("invalid_request_error").message(words);
        ProfileClassifier anthropic = Classifiers.of("anthropic", TIMEOUT, ExceptionRules.NONE, List.of(), time);

        assertThat(anthropic.failed(CALL, ERROR, report).cause()).isEqualTo(FailureCause.BAD_REQUEST);
    }

    @Test
    void aUsedUpQuotaWaitsAtLeastForItsCooldown() {
        CallReport quota = CallReport.ofStatus(429).code("insufficient_quota");

        Outcome impatient = classifier.failed(CALL, ERROR, quota.header("Retry-After", "20"));
        Outcome patient = classifier.failed(CALL, ERROR, quota.header("Retry-After", "86400"));

        assertThat(impatient.cooldown()).isEqualTo(new Cooldown(Duration.ofMinutes(15), "quota-exceeded-cooldown"));
        assertThat(patient.cooldown()).isEqualTo(new Cooldown(Duration.ofDays(1), "retry-after"));
    }

    @Test
    void aThrottlingOfADayIsAQuota() {
        Outcome outcome =
                classifier.failed(CALL, ERROR, CallReport.ofStatus(429).header("Retry-After", "86400"));

        assertThat(outcome.cause()).isEqualTo(FailureCause.QUOTA);
    }

    @Test
    void aRefusedCredentialOpensAtOnceAndForLongerEachTime() {
        CallReport refused = CallReport.ofStatus(401);

        Outcome first = classifier.failed(CALL, ERROR, refused);
        time.advance(Duration.ofSeconds(60));
        Outcome second = classifier.failed(CALL, ERROR, refused);

        assertThat(first.kind()).isEqualTo(Outcome.Kind.IGNORED);
        assertThat(first.scope()).isEqualTo(RejectionScope.CREDENTIAL);
        assertThat(first.cooldown())
                .isEqualTo(new Cooldown(Duration.ofSeconds(60), "authentication-failure-escalation"));
        assertThat(second.cooldown())
                .isEqualTo(new Cooldown(Duration.ofSeconds(120), "authentication-failure-escalation"));
    }

    @Test
    void saysOnceAMinuteThatSomebodyHasToAct() {
        try (CapturedLog log = CapturedLog.of(ProfileClassifier.class)) {
            classifier.failed(CALL, ERROR, CallReport.ofStatus(402));
            classifier.failed(CALL, ERROR, CallReport.ofStatus(402));
            classifier.failed(CALL, ERROR, CallReport.ofStatus(429));
            time.advance(Duration.ofMinutes(1));
            classifier.failed(CALL, ERROR, CallReport.ofStatus(401));

            assertThat(log.lines())
                    .containsExactly(
                            "generic answered QUOTA to service: somebody has to act",
                            "generic answered AUTHENTICATION to service: somebody has to act");
        }
    }

    @Test
    void aRefusedCredentialCountsLikeAnyFailureWithoutEscalation() {
        CooldownSettings calm = new CooldownSettings(Duration.ofMinutes(15), 2.0, false);
        ProfileClassifier counting = new ProfileClassifier(
                ProviderProfiles.bundled().of("generic"),
                BreakerSettings.defaults(),
                calm,
                ExceptionRules.NONE,
                List.of(),
                time);

        Outcome outcome = counting.failed(CALL, ERROR, CallReport.ofStatus(401));

        assertThat(outcome.kind()).isEqualTo(Outcome.Kind.FAILURE);
        assertThat(outcome.cooldown()).isNull();
    }

    @Test
    void keepsNoWordsOfTheProviderInAnOutcome() {
        CallReport report = CallReport.ofStatus(400).message("your prompt was: canary");

        Outcome outcome = classifier.failed(CALL, ERROR, report);

        assertThat(outcome.report()).isNotNull();
        assertThat(outcome.report().message()).isEmpty();
        Outcome answered = classifier.answered(CALL, CallReport.ofStatus(200).message("canary"), 1);
        assertThat(answered.report()).isNotNull();
        assertThat(answered.report().message()).isEmpty();
        assertThat(outcome.toString()).doesNotContain("canary");
    }

    @Test
    void anOverloadedServiceCountsAlsoWhenItSaysWhenToComeBack() {
        Outcome outcome =
                classifier.failed(CALL, ERROR, CallReport.ofStatus(503).header("Retry-After", "20"));

        assertThat(outcome.kind()).isEqualTo(Outcome.Kind.FAILURE);
        assertThat(outcome.cooldown()).isEqualTo(TWENTY_SECONDS);
    }

    @Test
    void judgesByTypeWhenTheStatusSaysNothing() {
        assertThat(classifier
                        .failed(CALL, new IOException("reset"), CallReport.EMPTY)
                        .cause())
                .isEqualTo(FailureCause.CONNECTION);
    }

    @Test
    void theStatusWinsOverTheType() {
        assertThat(classifier
                        .failed(CALL, new IOException("401"), CallReport.ofStatus(401))
                        .cause())
                .isEqualTo(FailureCause.AUTHENTICATION);
    }

    @Test
    void neverJudgesByWordsInAMessage() {
        assertThat(classifier.failed(CALL, new IllegalStateException("429 rate limit timeout"), null))
                .isEqualTo(Outcome.failure(FailureCause.UNKNOWN));
    }

    @Test
    void asksTheReadersForEachLinkOfTheChain() {
        CallReport report = CallReport.ofStatus(429).header("Retry-After", "20");
        ProfileClassifier reading =
                reading(error -> Optional.empty(), error -> error == ERROR ? Optional.of(report) : Optional.empty());

        Outcome outcome = reading.failed(CALL, new CompletionException(new IllegalArgumentException(ERROR)), null);

        assertThat(outcome)
                .isEqualTo(Outcome.ignored(FailureCause.RATE_LIMIT)
                        .of(RejectionScope.CREDENTIAL)
                        .with(TWENTY_SECONDS, report));
    }

    @Test
    void theFirstReaderThatUnderstandsAnExceptionDecides() {
        ProfileClassifier reading =
                reading(error -> Optional.of(CallReport.ofStatus(500)), error -> Optional.of(CallReport.ofStatus(400)));

        assertThat(reading.failed(CALL, ERROR, null).cause()).isEqualTo(FailureCause.SERVER_ERROR);
    }

    @Test
    void whatTheCallerKnowsWinsOverTheReaders() {
        ProfileClassifier reading = reading(error -> Optional.of(CallReport.ofStatus(500)));

        assertThat(reading.failed(CALL, ERROR, CallReport.ofStatus(400)).cause())
                .isEqualTo(FailureCause.BAD_REQUEST);
    }

    @Test
    void leavesAReaderThatThrowsToTheOrchestrator() {
        ProfileClassifier reading = reading(error -> {
            throw new IllegalStateException("reader");
        });

        assertThatIllegalStateException().isThrownBy(() -> reading.failed(CALL, ERROR, null));
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 413, 422})
    void doesNotWaitForAnAnswerThatIsTheCallersFault(int status) {
        CallReport report = CallReport.ofStatus(status).header("Retry-After", "3600");

        assertThat(classifier.failed(CALL, ERROR, report).cooldown()).isNull();
    }

    @Test
    void doesNotWaitForAnExceptionThatTheConfigurationIgnores() {
        ExceptionRules rules = new ExceptionRules(List.of(IllegalStateException.class), List.of());
        ProfileClassifier ignoring = Classifiers.generic(TIMEOUT, rules, List.of(), time);
        CallReport report = CallReport.ofStatus(503).header("Retry-After", "3600");

        assertThat(ignoring.failed(CALL, ERROR, report).cooldown()).isNull();
    }

    @Test
    void waitsForAThrottledCallThoughOnlyOtherExceptionsAreRecorded() {
        ExceptionRules rules = new ExceptionRules(List.of(), List.of(IOException.class));
        ProfileClassifier recording = Classifiers.generic(TIMEOUT, rules, List.of(), time);

        Outcome outcome = recording.failed(CALL, ERROR, CallReport.ofStatus(429).header("Retry-After", "20"));

        assertThat(outcome.kind()).isEqualTo(Outcome.Kind.IGNORED);
        assertThat(outcome.cooldown()).isEqualTo(TWENTY_SECONDS);
    }

    @Test
    void waitsForNothingThatTheConfigurationIgnores() {
        ExceptionRules rules = new ExceptionRules(List.of(IllegalStateException.class), List.of());
        ProfileClassifier indifferent = Classifiers.generic(TIMEOUT, rules, List.of(), time);

        Outcome outcome =
                indifferent.failed(CALL, ERROR, CallReport.ofStatus(429).header("Retry-After", "20"));

        assertThat(outcome.cooldown()).isNull();
    }
}
