package io.servicebreaker.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.servicebreaker.breaker.Breaker;
import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.breaker.BreakerState;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.breaker.Reason;
import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Guard;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.call.OngoingCall;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.call.RejectionScope;
import io.servicebreaker.call.UnacceptableResultException;
import io.servicebreaker.event.Events;
import io.servicebreaker.time.FakeTime;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the bundled profiles' own signals do to a service. */
class SignalsOfServicesTest {

    private static final CallReport EMBEDDING_FAILED =
            CallReport.ofStatus(500).message("Embedding func: Worker execution timeout after 60s");
    private static final CallReport QUERY_FAILED =
            CallReport.ofStatus(500).message("LLM func: Worker execution timeout after 360s");

    private static final CallReport INNER_THROTTLING = CallReport.ofStatus(500)
            .message("Error code: 429 - {'error': {'message': 'Rate limit reached. Please try again in 6.06s.', "
                    + "'code': 'rate_limit_exceeded'}}");

    private final FakeTime time = new FakeTime();
    private final Events events = new Events();

    @AfterEach
    void close() {
        events.close();
    }

    @Test
    void countsFailedEmbeddingsApartFromFailedQueries() {
        World lightrag = new World("lightrag");

        lightrag.fail(EMBEDDING_FAILED, 3);

        assertThat(lightrag.breaker.snapshot().calls()).isZero();
        assertThat(lightrag.breaker.state()).isEqualTo(BreakerState.CLOSED);
        assertThat(lightrag.value("embedding")).isEqualTo(3);
        assertThat(lightrag.signals.health()).isLessThan(1);
    }

    @Test
    void opensWhenMoreEmbeddingsInARowFailThanAreTolerated() {
        World lightrag = new World("lightrag");

        lightrag.fail(EMBEDDING_FAILED, 4);

        assertThat(lightrag.breaker.state()).isEqualTo(BreakerState.OPEN);
        Reason reason = lightrag.breaker.snapshot().reason();
        assertThat(reason.rule()).isEqualTo(Reason.Rule.SIGNAL);
        assertThat(reason.sentence()).isEqualTo("signal embedding: 4 failures in a row (in-a-row 3)");
        assertThat(reason.causes()).containsExactly(Map.entry(FailureCause.SERVER_ERROR, 1));
        assertThat(lightrag.breaker.snapshot().retryAfter()).isEqualTo(Duration.ofSeconds(60));
        assertThatExceptionOfType(CallRejectedException.class)
                .isThrownBy(() -> lightrag.orchestrator.begin(lightrag.request))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(RejectionReason.OPEN));
    }

    @Test
    void anAnsweredQueryEndsTheRowOfFailedEmbeddings() {
        World lightrag = new World("lightrag");
        lightrag.fail(EMBEDDING_FAILED, 3);

        lightrag.succeed();
        lightrag.fail(EMBEDDING_FAILED, 3);

        assertThat(lightrag.breaker.state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void aFailedQueryEndsNoRowOfFailedEmbeddings() {
        World lightrag = new World("lightrag");
        lightrag.fail(EMBEDDING_FAILED, 3);

        lightrag.fail(QUERY_FAILED, 1);
        lightrag.fail(EMBEDDING_FAILED, 1);

        assertThat(lightrag.breaker.state()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void aProbeWhoseEmbeddingFailsIsAFailedRecoveryAndWaitsLonger() {
        World lightrag = new World("lightrag");
        lightrag.fail(EMBEDDING_FAILED, 4);
        time.advance(Duration.ofSeconds(60));

        lightrag.fail(EMBEDDING_FAILED, 1);

        assertThat(lightrag.breaker.state()).isEqualTo(BreakerState.OPEN);
        assertThat(lightrag.breaker.snapshot().retryAfter()).isEqualTo(Duration.ofSeconds(120));
    }

    @Test
    void recoversByAnsweredQueries() {
        World lightrag = new World("lightrag");
        lightrag.fail(EMBEDDING_FAILED, 4);
        time.advance(Duration.ofSeconds(60));

        lightrag.succeed();
        lightrag.succeed();
        lightrag.succeed();

        assertThat(lightrag.breaker.state()).isEqualTo(BreakerState.CLOSED);
        assertThat(lightrag.signals.health()).isEqualTo(1);
    }

    @Test
    void countsCallsNotTheAttemptsOfTheirClient() {
        World lightrag = new World("lightrag");

        for (int i = 0; i < 3; i++) {
            OngoingCall call = lightrag.orchestrator.begin(lightrag.request);
            call.attempted(EMBEDDING_FAILED);
            call.attempted(EMBEDDING_FAILED);
            call.failed(new IllegalStateException(), EMBEDDING_FAILED);
        }

        assertThat(lightrag.value("embedding")).isEqualTo(3);
        assertThat(lightrag.breaker.snapshot().calls()).isZero();
    }

    @Test
    void opensThoughTheLastAttemptHasBeenCounted() {
        World cache = new World("cache");
        cache.fail(new IOException("reset"), 5);

        OngoingCall call = cache.orchestrator.begin(cache.request);
        call.attempted(new IOException("reset"));
        BreakerState before = cache.breaker.state();
        call.failed(new IOException("reset"));

        assertThat(before).isEqualTo(BreakerState.CLOSED);
        assertThat(cache.breaker.state()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void aModeWhoseEmbeddingsFailIsClosedOffThoughAnotherNeedsNone() {
        World lightrag = new World("lightrag");

        for (int i = 0; i < 4; i++) {
            lightrag.fail(lightrag.request.model("mix"), EMBEDDING_FAILED);
            lightrag.orchestrator.begin(lightrag.request.model("bypass")).succeeded();
        }

        assertThat(lightrag.breaker.state()).isEqualTo(BreakerState.CLOSED);
        assertThat(lightrag.breaker.snapshot().failedCalls()).isZero();
        assertThatExceptionOfType(CallRejectedException.class)
                .isThrownBy(() -> lightrag.orchestrator.begin(lightrag.request.model("mix")))
                .satisfies(e -> assertThat(e.scope()).isEqualTo(RejectionScope.MODEL));
        lightrag.orchestrator.begin(lightrag.request.model("bypass")).succeeded();
    }

    @Test
    void leavesAlarmsAboutTheServiceToTheService() {
        World lightrag = new World("lightrag");
        lightrag.fail(EMBEDDING_FAILED, 3);

        lightrag.fail(lightrag.request.model("mix"), EMBEDDING_FAILED);

        assertThat(lightrag.breaker.state()).isEqualTo(BreakerState.OPEN);
        assertThat(lightrag.breakers.scopes("lightrag").models())
                .singleElement()
                .satisfies(mix -> assertThat(mix.state()).isEqualTo(BreakerState.CLOSED));
    }

    @Test
    void waitsForAnIndexThatIsBeingUpdatedAsLongAsTheServerSays() {
        World lightrag = new World("lightrag");
        CallReport updating =
                CallReport.ofStatus(500).message("The index is being updated").header("retry-after", "300");

        lightrag.fail(updating, 7);

        assertThat(lightrag.breaker.snapshot().reason().causes()).containsOnlyKeys(FailureCause.OVERLOADED);
        assertThat(lightrag.breaker.snapshot().retryAfter()).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void aThrottledModelBehindLightRagClosesOffTheServerForAllWhoAskIt() {
        World lightrag = new World("lightrag");

        lightrag.fail(lightrag.request.credential("ours"), INNER_THROTTLING);

        assertThat(lightrag.breaker.snapshot().failedCalls()).isZero();
        assertThat(lightrag.breaker.snapshot().retryAfter()).isEqualTo(Duration.ofMillis(6060));
        assertThat(lightrag.breakers.scopes("lightrag").credentials())
                .singleElement()
                .satisfies(ours -> assertThat(ours.state()).isEqualTo(BreakerState.CLOSED));
        assertThatExceptionOfType(CallRejectedException.class)
                .isThrownBy(() -> lightrag.orchestrator.begin(lightrag.request.credential("theirs")))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(RejectionReason.RATE_LIMITED));
    }

    @Test
    void whatLightRagQuotesIsNoAnswerOfTheModelBehindIt() {
        World lightrag = new World("lightrag");
        String quote = "Invalid response: " + INNER_THROTTLING.message().orElseThrow();

        lightrag.fail(CallReport.ofStatus(500).message(quote), 6);

        assertThat(lightrag.breaker.state()).isEqualTo(BreakerState.CLOSED);
        assertThat(lightrag.breaker.snapshot().failedCalls()).isEqualTo(6);
    }

    @Test
    void aSearchOfPoorQualityLowersTheHealthOfPerplexity() {
        World perplexity = new World("perplexity");
        for (int i = 0; i < 10; i++) {
            if (i % 5 < 3) {
                perplexity.succeed();
            } else {
                perplexity
                        .orchestrator
                        .begin(perplexity.request)
                        .failed(new UnacceptableResultException("no citations"));
            }
        }

        assertThat(perplexity.value("quality")).isEqualTo(0.6);
        assertThat(perplexity.signals.health()).isEqualTo(0.5 + 0.5 * 0.6 / 0.7);

        for (int i = 0; i < 20; i++) {
            perplexity.succeed();
        }
        assertThat(perplexity.signals.health()).isEqualTo(1);
    }

    @Test
    void opensACacheWhoseStorageFailsMoreThanFiveTimesInARow() {
        World cache = new World("cache");

        cache.fail(new IOException("reset"), 5);
        BreakerState before = cache.breaker.state();
        cache.fail(new IOException("reset"), 1);

        assertThat(before).isEqualTo(BreakerState.CLOSED);
        assertThat(cache.breaker.state()).isEqualTo(BreakerState.OPEN);
        assertThat(cache.breaker.snapshot().failedCalls()).isEqualTo(6);
        assertThat(cache.breaker.snapshot().reason().sentence())
                .isEqualTo("signal storage: 6 failures in a row (in-a-row 5)");
    }

    @Test
    void takesTooSlowAStorageForOneThatFails() {
        World cache = new World("cache");

        for (int i = 0; i < 6; i++) {
            OngoingCall call = cache.orchestrator.begin(cache.request);
            time.advance(Duration.ofSeconds(31));
            call.succeeded();
        }

        assertThat(cache.breaker.snapshot().reason().rule()).isEqualTo(Reason.Rule.SIGNAL);
    }

    @Test
    void aFailureThatComesTooLateLengthensNoRow() {
        World cache = new World("cache");
        List<OngoingCall> early = cache.begin(5);
        cache.fail(new IOException("reset"), 6);
        cache.recover();

        early.forEach(call -> call.failed(new IOException("reset")));

        assertThat(cache.value("storage")).isZero();
        cache.fail(new IOException("reset"), 1);
        assertThat(cache.breaker.state()).isEqualTo(BreakerState.CLOSED);
        assertThat(cache.value("storage")).isEqualTo(1);
    }

    @Test
    void anAnswerThatComesFarTooLateLengthensNoRow() {
        World cache = new World("cache");
        List<OngoingCall> early = cache.begin(5);
        cache.fail(new IOException("reset"), 6);
        cache.recover();
        time.advance(Duration.ofSeconds(30));

        early.forEach(OngoingCall::succeeded);

        assertThat(cache.value("storage")).isZero();
        assertThat(cache.breaker.snapshot().failedCalls()).isZero();
    }

    @Test
    void aProbeOfAnEarlierRecoveryLengthensNoRow() {
        World cache = new World("cache");
        cache.fail(new IOException("reset"), 6);
        time.advance(Duration.ofSeconds(30));
        List<OngoingCall> probes = cache.begin(2);
        probes.get(0).failed(new IOException("reset"));
        Double known = cache.value("storage");
        time.advance(Duration.ofSeconds(30));
        cache.recover();

        probes.get(1).failed(new IOException("reset"));

        assertThat(known).isEqualTo(7);
        assertThat(cache.value("storage")).isZero();
    }

    @Test
    void aFailureThatIsTooLateForItsModelAloneLengthensTheRow() {
        World cache = new World("cache");
        CallRequest model = cache.request.model("big");
        OngoingCall early = cache.orchestrator.begin(model);
        for (int i = 0; i < 5; i++) {
            cache.orchestrator.begin(model).failed(new IllegalStateException());
        }
        assertThat(cache.breakers.scopes("cache").models()).allMatch(of -> of.state() == BreakerState.OPEN);

        early.failed(new IllegalStateException());

        assertThat(cache.value("storage")).isEqualTo(6);
        assertThat(cache.breaker.state()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void aMissIsASuccessThatLowersTheHealthOnlyWhenTheCacheIsOfNoUse() {
        World cache = new World("cache");

        for (int i = 0; i < 50; i++) {
            cache.orchestrator.begin(cache.request).missed();
        }
        double useless = cache.signals.health();
        for (int i = 0; i < 50; i++) {
            cache.orchestrator.begin(cache.request).hit();
        }

        assertThat(useless).isEqualTo(0.5);
        assertThat(cache.value("hits")).isEqualTo(0.5);
        assertThat(cache.signals.health()).isEqualTo(1);
        assertThat(cache.breaker.snapshot().failedCalls()).isZero();
        assertThat(cache.breaker.snapshot().calls()).isEqualTo(100);
    }

    @Test
    void aLookUpThatTookTooLongIsNeitherHitNorMiss() {
        World cache = new World("cache");
        OngoingCall call = cache.orchestrator.begin(cache.request);
        time.advance(Duration.ofSeconds(31));

        call.hit();

        assertThat(cache.breaker.snapshot().timedOutCalls()).isEqualTo(1);
        assertThat(cache.value("hits")).isNull();
    }

    private final class World {

        private final Breakers breakers;
        private final Breaker breaker;
        private final HealthSignals signals;
        private final CallOrchestrator orchestrator;
        private final CallRequest request;

        World(String service) {
            ProviderProfile profile = ProviderProfiles.bundled().of(service);
            BreakerSettings settings =
                    profile.settings().toBuilder().recoveryJitter(0.0).build();
            breakers = new Breakers(Map.of(service, settings), time, events, 5);
            breaker = breakers.breaker(service);
            signals = new HealthSignals(profile.signals(), settings, time);
            ProfileClassifier classifier = new ProfileClassifier(
                    profile, settings, CooldownSettings.DEFAULTS, ExceptionRules.NONE, List.of(), time, signals);
            Guard guard = new Guard(List.of(breaker, breakers.scopes(service)), classifier, signals);
            orchestrator = new CallOrchestrator(Map.of(service, guard), time, events, new InternalFaults(time), false);
            request = CallRequest.to(service);
        }

        void succeed() {
            orchestrator.begin(request).succeeded();
        }

        List<OngoingCall> begin(int times) {
            return Stream.generate(() -> orchestrator.begin(request))
                    .limit(times)
                    .toList();
        }

        /** As many probes as it needs to close. */
        void recover() {
            time.advance(Duration.ofSeconds(30));
            for (int i = 0; i < 3; i++) {
                succeed();
            }
            assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
        }

        void fail(CallReport report, int times) {
            for (int i = 0; i < times; i++) {
                fail(request, report);
            }
        }

        void fail(CallRequest call, CallReport report) {
            orchestrator.begin(call).failed(new IllegalStateException(), report);
        }

        void fail(Throwable error, int times) {
            for (int i = 0; i < times; i++) {
                orchestrator.begin(request).failed(error);
            }
        }

        Double value(String signal) {
            return signals.readings().stream()
                    .filter(reading -> reading.name().equals(signal))
                    .findFirst()
                    .orElseThrow()
                    .value();
        }
    }
}
