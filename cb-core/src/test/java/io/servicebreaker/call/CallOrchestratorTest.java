package io.servicebreaker.call;

import static io.servicebreaker.call.CallFixture.OPEN;
import static io.servicebreaker.call.CallFixture.REQUEST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallOrchestratorTest {

    private final CallFixture fixture = new CallFixture();

    @AfterEach
    void closeFixture() {
        fixture.close();
    }

    @Test
    void asksTheGatesInOrderAndFinishesTheirPermitsInReverse() throws Exception {
        CallOrchestrator calls =
                fixture.behind(fixture.granting("first"), fixture.granting("second"), fixture.granting("third"));

        String answer = calls.call(REQUEST, () -> {
            fixture.journal.add("call");
            return "answer";
        });

        assertThat(answer).isEqualTo("answer");
        assertThat(fixture.journal)
                .containsExactly(
                        "first asked",
                        "second asked",
                        "third asked",
                        "call",
                        "third SUCCESS",
                        "second SUCCESS",
                        "first SUCCESS");
    }

    @Test
    void givesBackWhatEarlierGatesGrantedWhenALaterOneRefuses() {
        CallOrchestrator calls = fixture.behind(
                fixture.granting("first"),
                fixture.granting("second"),
                fixture.refusing("third", OPEN),
                fixture.granting("fourth"));

        assertThatThrownBy(() -> calls.call(REQUEST, () -> fixture.journal.add("call")))
                .isInstanceOf(CallRejectedException.class);

        assertThat(fixture.journal)
                .containsExactly("first asked", "second asked", "third asked", "second NOT_RUN", "first NOT_RUN");
    }

    @Test
    void tellsTheCallerWhyItIsRefused() {
        CallOrchestrator calls = fixture.behind(fixture.refusing("breaker", OPEN));

        CallRejectedException refusal = catchThrowableOfType(CallRejectedException.class, () -> calls.begin(REQUEST));

        assertThat(refusal.service()).isEqualTo("openai");
        assertThat(refusal.reason()).isEqualTo(RejectionReason.OPEN);
        assertThat(refusal.scope()).isEqualTo(RejectionScope.SERVICE);
        assertThat(refusal.retryAfter()).contains(Duration.ofSeconds(5));
    }

    @Test
    void aRefusalIsNoOutcome() {
        CallOrchestrator calls = fixture.behind(fixture.refusing("breaker", OPEN));

        catchThrowable(() -> calls.begin(REQUEST));

        assertThat(fixture.listener.finished()).isEmpty();
        assertThat(fixture.listener.rejections()).containsExactly(OPEN);
    }

    @Test
    void publishesARefusal() {
        List<CallRejected> published = new CopyOnWriteArrayList<>();
        fixture.events.subscribe(CallRejected.class, published::add);
        CallOrchestrator calls = fixture.behind(fixture.refusing("breaker", OPEN));

        catchThrowable(() -> calls.begin(REQUEST));
        fixture.events.close();

        assertThat(published).containsExactly(new CallRejected(fixture.time.now(), REQUEST, OPEN));
        assertThat(published.get(0).service()).isEqualTo("openai");
    }

    @Test
    void recordsOneOutcomeForACall() throws Exception {
        ScriptedGate gate = fixture.granting("gate");
        CallOrchestrator calls = fixture.behind(gate);

        calls.call(REQUEST, () -> {
            fixture.time.advance(Duration.ofMillis(7));
            return "answer";
        });

        long sevenMillis = Duration.ofMillis(7).toNanos();
        assertThat(gate.finishes())
                .containsExactly(new ScriptedGate.Finish(Outcome.SUCCESS, sevenMillis, fixture.time.nanos()));
        assertThat(fixture.listener.finished())
                .containsExactly(new RecordingListener.Finished(REQUEST, Outcome.SUCCESS, sevenMillis));
    }

    @Test
    void returnsNullIfTheOperationDoes() throws Exception {
        assertThat(fixture.behind().<Object>call(REQUEST, () -> null)).isNull();
        assertThat(fixture.outcomes()).containsExactly(Outcome.SUCCESS);
    }

    @Test
    void throwsWhatTheOperationThrows() {
        IOException broken = new IOException("connection reset");
        CallOrchestrator calls = fixture.behind();

        Throwable thrown = catchThrowable(() -> calls.call(REQUEST, () -> {
            throw broken;
        }));

        assertThat(thrown).isSameAs(broken);
        assertThat(fixture.outcomes()).containsExactly(Outcome.failure(FailureCause.CONNECTION));
    }

    @Test
    void anErrorSaysNothingAboutTheService() {
        ScriptedGate gate = fixture.granting("gate");
        CallOrchestrator calls = fixture.behind(gate);
        AssertionError error = new AssertionError("ours");

        Throwable thrown = catchThrowable(() -> calls.call(REQUEST, () -> {
            throw error;
        }));

        assertThat(thrown).isSameAs(error);
        assertThat(gate.outcomes()).containsExactly(Outcome.ignored(FailureCause.LOCAL_ERROR));
    }

    @Test
    void aStackOverflowGivesThePermitBack() {
        ConcurrencyLimit limit = new ConcurrencyLimit(1, Duration.ofMinutes(10));
        CallOrchestrator calls = fixture.behind(limit);

        assertThatExceptionOfType(StackOverflowError.class)
                .isThrownBy(() -> calls.call(REQUEST, CallOrchestratorTest::endless));

        assertThat(limit.underWay()).isZero();
        assertThat(fixture.outcomes()).containsExactly(Outcome.ignored(FailureCause.LOCAL_ERROR));
    }

    @SuppressWarnings("InfiniteRecursion") // what it is for
    private static int endless() {
        return 1 + endless();
    }

    @Test
    void anInterruptionSaysNothingAboutTheService() {
        ScriptedGate gate = fixture.granting("gate");
        CallOrchestrator calls = fixture.behind(gate);
        InterruptedException interruption = new InterruptedException();

        Throwable thrown = catchThrowable(() -> calls.call(REQUEST, () -> {
            throw interruption;
        }));

        assertThat(thrown).isSameAs(interruption);
        assertThat(gate.outcomes()).containsExactly(Outcome.ignored(FailureCause.CANCELLED));
    }

    @Test
    void aCancellationSaysNothingAboutTheService() {
        CallOrchestrator calls = fixture.behind();

        catchThrowable(() -> calls.call(REQUEST, () -> {
            throw new CancellationException();
        }));

        assertThat(fixture.outcomes()).containsExactly(Outcome.ignored(FailureCause.CANCELLED));
    }

    @Test
    void aRefusalByTheBreakerOfAnInnerCallSaysNothingAboutThisService() {
        ScriptedGate gate = fixture.granting("gate");
        CallOrchestrator calls = fixture.behind(gate);

        catchThrowable(() -> calls.call(REQUEST, () -> {
            throw new CallRejectedException("lightrag", OPEN, false);
        }));

        assertThat(gate.outcomes()).containsExactly(Outcome.ignored(FailureCause.LOCAL_ERROR));
    }

    @Test
    void aThreadThatDiesGivesItsPermitBack() throws Exception {
        ConcurrencyLimit limit = new ConcurrencyLimit(1, Duration.ofMinutes(10));
        CallOrchestrator calls = fixture.behind(limit);
        AtomicReference<Throwable> uncaught = new AtomicReference<>();
        Thread dying = new Thread(() -> dieIn(calls));
        dying.setUncaughtExceptionHandler((dead, error) -> uncaught.set(error));

        dying.start();
        dying.join();

        assertThat(uncaught.get()).hasMessage("dies");
        assertThat(limit.underWay()).isZero();
    }

    private static void dieIn(CallOrchestrator calls) {
        try (OngoingCall call = calls.begin(REQUEST)) {
            call.answering();
            throw new AssertionError("dies");
        }
    }

    @Test
    void anUnknownServiceIsAnsweredWithTheKnownOnes() {
        Guard guard = new Guard(List.of(), fixture.classifier, CallListener.NONE);
        CallOrchestrator calls = new CallOrchestrator(
                Map.of("openai", guard, "cache", guard), fixture.time, fixture.events, fixture.faults, false);
        CallRequest request = CallRequest.to("opneai");

        UnknownServiceException unknown =
                catchThrowableOfType(UnknownServiceException.class, () -> calls.call(request, () -> "never"));

        assertThat(unknown).hasMessage("Service 'opneai' is not configured. Configured services: cache, openai.");
        assertThat(unknown.service()).isEqualTo("opneai");
        assertThat(unknown.known()).containsExactly("cache", "openai");
        assertThatThrownBy(() -> calls.begin(request)).isInstanceOf(UnknownServiceException.class);
        assertThatThrownBy(() -> calls.callAsync(request, () -> null)).isInstanceOf(UnknownServiceException.class);
    }

    @Test
    void anUnknownServiceIsNamedAlsoWhenNoneIsConfigured() {
        CallOrchestrator calls = new CallOrchestrator(Map.of(), fixture.time, fixture.events, fixture.faults, false);

        assertThatThrownBy(() -> calls.begin(REQUEST)).hasMessage("Service 'openai' is not configured. No service is.");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1})
    void refusesACallWithoutTimeLeftBeforeAnyGateIsAsked(long millisLeft) {
        CallOrchestrator calls = fixture.behind(fixture.granting("gate"));

        CallRejectedException refusal = catchThrowableOfType(
                CallRejectedException.class, () -> calls.begin(REQUEST.deadline(Duration.ofMillis(millisLeft))));

        assertThat(refusal.reason()).isEqualTo(RejectionReason.DEADLINE);
        assertThat(refusal.retryAfter()).isEmpty();
        assertThat(fixture.journal).isEmpty();
        assertThat(fixture.listener.rejections()).hasSize(1);
    }

    @Test
    void makesACallThatHasTimeLeft() throws Exception {
        AtomicInteger made = new AtomicInteger();

        fixture.behind().call(REQUEST.deadline(Duration.ofNanos(1)), made::incrementAndGet);

        assertThat(made).hasValue(1);
    }

    @Test
    void recordsWhereACallWasRefusedOnlyWhenAsked() {
        Guard guard = new Guard(List.of(fixture.refusing("breaker", OPEN)), fixture.classifier, CallListener.NONE);
        CallOrchestrator silent = fixture.guardedBy(guard);
        CallOrchestrator verbose =
                new CallOrchestrator(Map.of("openai", guard), fixture.time, fixture.events, fixture.faults, true);

        assertThat(catchThrowable(() -> silent.begin(REQUEST)).getStackTrace()).isEmpty();
        assertThat(catchThrowable(() -> verbose.begin(REQUEST)).getStackTrace()).isNotEmpty();
    }
}
