package io.servicebreaker.breaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.servicebreaker.call.CallListener;
import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.Guard;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.call.OngoingCall;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.call.RejectionScope;
import io.servicebreaker.call.UnknownServiceException;
import io.servicebreaker.event.Events;
import io.servicebreaker.provider.Classifiers;
import io.servicebreaker.provider.ExceptionRules;
import io.servicebreaker.time.FakeTime;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Model, credential and service decide together. */
class ScopedBreakersTest {

    private static final CallRequest SMALL = CallRequest.to("openai").model("small");
    private static final CallRequest LARGE = CallRequest.to("openai").model("large");
    private static final CallRequest FIRST_KEY = CallRequest.to("openai").credential("first");
    private static final CallRequest SECOND_KEY = CallRequest.to("openai").credential("second");

    private static final CallReport SERVER_ERROR = CallReport.ofStatus(500);
    private static final CallReport NO_SUCH_MODEL = CallReport.ofStatus(404).code("model_not_found");
    private static final CallReport WRONG_KEY = CallReport.ofStatus(401);
    private static final CallReport THROTTLED = CallReport.ofStatus(429).header("retry-after", "20");

    private final FakeTime time = new FakeTime();

    @AutoClose
    private final Events events = new Events();

    private Breakers breakers;
    private CallOrchestrator calls = orchestrator(5);

    @Test
    void closesOffABadModelAloneAndLetsItsSiblingsWork() {
        times(3, () -> fail(SMALL, SERVER_ERROR));

        assertThat(refusal(SMALL).reason()).isEqualTo(RejectionReason.MODEL_UNHEALTHY);
        assertThat(refusal(SMALL).scope()).isEqualTo(RejectionScope.MODEL);
        assertThat(refusal(SMALL).retryAfter()).contains(Duration.ofSeconds(60));
        assertThat(refusal(SMALL)).hasMessageContaining("model small: 3 failures in a row");
        times(100, () -> succeed(LARGE));
        assertThat(breakers.breaker("openai").state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void closesOffTheServiceWhenASecondModelFailsToo() {
        times(3, () -> fail(SMALL, SERVER_ERROR));
        times(2, () -> fail(LARGE, SERVER_ERROR));

        assertThat(breakers.breaker("openai").state()).isEqualTo(BreakerState.OPEN);
        assertThat(refusal(LARGE).scope()).isEqualTo(RejectionScope.SERVICE);
    }

    @Test
    void takesAModelThatWasNeverCalledForHealthy() {
        succeed(SMALL);

        assertThat(breakers.scopes("openai").models())
                .singleElement()
                .satisfies(breaker -> assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED))
                .satisfies(breaker -> assertThat(breaker.scope()).hasToString("model small"));
    }

    @Test
    void letsAModelRecoverByItsOwnProbes() {
        times(3, () -> fail(SMALL, SERVER_ERROR));
        time.advance(Duration.ofSeconds(60));

        times(3, () -> succeed(SMALL));

        assertThat(breakers.scopes("openai").models()).allMatch(breaker -> breaker.state() == BreakerState.CLOSED);
    }

    @Test
    void blamesNobodyForAModelThatDoesNotExist() {
        times(20, () -> fail(SMALL, NO_SUCH_MODEL));

        succeed(SMALL);
        succeed(LARGE);
    }

    @Test
    void closesOffARefusedCredentialAlone() {
        fail(FIRST_KEY, WRONG_KEY);

        assertThat(refusal(FIRST_KEY).reason()).isEqualTo(RejectionReason.AUTHENTICATION_FAILED);
        assertThat(refusal(FIRST_KEY).scope()).isEqualTo(RejectionScope.CREDENTIAL);
        succeed(SECOND_KEY);
        succeed(CallRequest.to("openai"));
    }

    @Test
    void closesOffAThrottledCredentialAloneForAsLongAsItIsThrottled() {
        fail(FIRST_KEY, THROTTLED);

        assertThat(refusal(FIRST_KEY).retryAfter()).contains(Duration.ofSeconds(20));
        succeed(SECOND_KEY);
        time.advance(Duration.ofSeconds(20));
        times(3, () -> succeed(FIRST_KEY));
    }

    @Test
    void closesOffTheServiceForACredentialThatNobodyNamed() {
        fail(LARGE, WRONG_KEY);

        assertThat(refusal(SMALL).reason()).isEqualTo(RejectionReason.AUTHENTICATION_FAILED);
        assertThat(breakers.breaker("openai").state()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void doesNotBlameACredentialForABrokenService() {
        times(4, () -> fail(FIRST_KEY, SERVER_ERROR));

        assertThat(breakers.scopes("openai").credentials())
                .allMatch(breaker -> breaker.snapshot().failedCalls() == 0);
    }

    @Test
    void givesBackTheProbesOfOneScopeThatAnotherRefuses() {
        CallRequest both = SMALL.credential("first");
        times(3, () -> fail(SMALL, SERVER_ERROR));
        time.advance(Duration.ofSeconds(60));
        fail(FIRST_KEY, WRONG_KEY);

        times(10, () -> assertThat(refusal(both).scope()).isEqualTo(RejectionScope.CREDENTIAL));

        assertThat(breakers.scopes("openai").models())
                .allMatch(breaker -> breaker.snapshot().probesUnderWay() == 0);
        times(3, () -> succeed(SMALL));
    }

    @Test
    void forgetsNamesThatWorkBeforeThoseInTrouble() {
        times(3, () -> fail(SMALL, SERVER_ERROR));
        for (int i = 0; i < 10 * ScopedBreakers.MOST; i++) {
            succeed(CallRequest.to("openai").model("made-up-" + i));
        }

        assertThat(breakers.scopes("openai").models()).hasSizeLessThanOrEqualTo(ScopedBreakers.MOST);
        assertThat(refusal(SMALL).scope()).isEqualTo(RejectionScope.MODEL);
    }

    @Test
    void lettingAllCallsThroughHoldsForModelsAndCredentialsToo() {
        times(3, () -> fail(SMALL, SERVER_ERROR));

        breakers.breaker("openai").disable("load test", null);
        times(10, () -> fail(SMALL, SERVER_ERROR));
        breakers.breaker("openai").close("over", null);

        succeed(SMALL);
    }

    @Test
    void observingAServiceObservesItsModelsToo() {
        breakers.breaker("openai").observe("new thresholds", null);

        times(4, () -> fail(SMALL, SERVER_ERROR));

        assertThat(breakers.scopes("openai").models()).allMatch(model -> model.state() == BreakerState.OPEN);
        assertThat(breakers.breaker("openai").snapshot().unenforcedRefusals()).isEqualTo(1);
    }

    @Test
    void recoversThroughOnePlaceForAllServices() {
        calls = orchestrator(1);
        fail(SMALL, THROTTLED);
        time.advance(Duration.ofSeconds(20));

        times(3, () -> succeed(SMALL));

        assertThat(breakers.breaker("openai").state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void blamesNoModelForAServiceThatWasNotReached() {
        times(5, () -> calls.begin(SMALL).failed(new IOException("connection refused")));

        assertThat(breakers.breaker("openai").state()).isEqualTo(BreakerState.OPEN);
        assertThat(breakers.scopes("openai").models()).allMatch(model -> model.state() == BreakerState.CLOSED);
    }

    @Test
    void blamesNoCredentialForSlowAnswers() {
        for (int i = 0; i < 6; i++) {
            OngoingCall call = calls.begin(FIRST_KEY);
            time.advance(Duration.ofSeconds(16));
            call.succeeded();
        }

        assertThat(breakers.scopes("openai").credentials())
                .allMatch(credential -> credential.state() == BreakerState.CLOSED);
    }

    @Test
    void countsTheRefusalsOfAModelAsThoseOfItsService() {
        times(3, () -> fail(SMALL, SERVER_ERROR));

        times(7, () -> refusal(SMALL));

        assertThat(breakers.breaker("openai").snapshot().notPermittedCalls()).isEqualTo(7);
    }

    @Test
    void closesModelsAndCredentialsWithTheirService() {
        times(3, () -> fail(SMALL, SERVER_ERROR));
        fail(FIRST_KEY, WRONG_KEY);

        breakers.breaker("openai").close("repaired", null);

        succeed(SMALL);
        succeed(FIRST_KEY);
    }

    @Test
    void forgetsModelsAndCredentialsWithTheirService() {
        times(3, () -> fail(SMALL, SERVER_ERROR));
        fail(FIRST_KEY, WRONG_KEY);

        breakers.breaker("openai").reset("as new", null);

        assertThat(breakers.scopes("openai").models()).isEmpty();
        assertThat(breakers.scopes("openai").credentials()).isEmpty();
    }

    @Test
    void tellsWhichModelChanged() throws Exception {
        List<StateChanged> changes = new CopyOnWriteArrayList<>();
        CountDownLatch told = new CountDownLatch(1);
        events.subscribe(StateChanged.class, change -> {
            changes.add(change);
            told.countDown();
        });

        times(3, () -> fail(SMALL, SERVER_ERROR));

        assertThat(told.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(changes)
                .singleElement()
                .satisfies(change -> assertThat(change.scope()).isEqualTo(BreakerScope.model("small")));
    }

    @Test
    void knowsNoScopesOfAnUnknownService() {
        assertThatThrownBy(() -> breakers.scopes("stranger")).isInstanceOf(UnknownServiceException.class);
    }

    private CallOrchestrator orchestrator(int places) {
        breakers = new Breakers(Map.of("openai", BreakerSettings.defaults()), Map.of(), time, events, places, () -> 0);
        Guard guard = new Guard(
                List.of(breakers.breaker("openai"), breakers.scopes("openai")),
                Classifiers.of("openai", Duration.ofSeconds(30), ExceptionRules.NONE, List.of(), time),
                CallListener.NONE);
        return new CallOrchestrator(Map.of("openai", guard), time, events, new InternalFaults(time), false);
    }

    private void succeed(CallRequest request) {
        calls.begin(request).succeeded();
    }

    private void fail(CallRequest request, CallReport report) {
        OngoingCall call = calls.begin(request);
        call.failed(new IOException("error answer"), report);
    }

    private CallRejectedException refusal(CallRequest request) {
        return catchThrowableOfType(CallRejectedException.class, () -> calls.begin(request));
    }

    private static void times(int times, Runnable call) {
        for (int i = 0; i < times; i++) {
            call.run();
        }
    }
}
