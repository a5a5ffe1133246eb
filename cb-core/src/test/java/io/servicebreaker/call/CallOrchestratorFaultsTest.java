package io.servicebreaker.call;

import static io.servicebreaker.call.CallFixture.OPEN;
import static io.servicebreaker.call.CallFixture.REQUEST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.servicebreaker.support.CapturedLog;
import io.servicebreaker.support.Sneaky;
import io.servicebreaker.time.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A part of ours throws: the caller must not notice, and the other parts must not suffer. */
class CallOrchestratorFaultsTest {

    private final CallFixture fixture = new CallFixture();
    private final CapturedLog log = CapturedLog.of(InternalFaults.class);
    private final ScriptedGate gate = fixture.granting("gate");

    @AfterEach
    void closeFixture() {
        log.close();
        fixture.close();
    }

    /** The last is checked, and cannot be declared: code in other languages throws such. */
    static Stream<Throwable> faults() {
        return Stream.of(new IllegalStateException("fault"), new AssertionError("fault"), new IOException("fault"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aGateThatThrowsLetsTheCallThrough(Throwable fault) throws Exception {
        CallOrchestrator calls = fixture.behind(
                (request, now) -> {
                    throw Sneaky.raise(fault);
                },
                gate);

        assertThat(calls.call(REQUEST, () -> "answer")).isEqualTo("answer");

        assertThat(gate.outcomes()).containsExactly(Outcome.SUCCESS);
        assertThat(fixture.faults.count()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aPermitThatThrowsHindersNoOther(Throwable fault) throws Exception {
        ConcurrencyLimit limit = new ConcurrencyLimit(1, Duration.ofMinutes(10));
        CallOrchestrator calls = fixture.behind(gate, throwingAtTheEnd(fault), limit);

        assertThat(calls.call(REQUEST, () -> "answer")).isEqualTo("answer");

        assertThat(gate.outcomes()).containsExactly(Outcome.SUCCESS);
        assertThat(limit.underWay()).isZero();
        assertThat(fixture.outcomes()).containsExactly(Outcome.SUCCESS);
        assertThat(fixture.faults.count()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aPermitThatThrowsWhenGivenBackLeavesTheRefusalAsItIs(Throwable fault) {
        CallOrchestrator calls = fixture.behind(gate, throwingAtTheEnd(fault), fixture.refusing("breaker", OPEN));

        assertThat(catchThrowable(() -> calls.begin(REQUEST))).isInstanceOf(CallRejectedException.class);

        assertThat(gate.outcomes()).containsExactly(Outcome.NOT_RUN);
        assertThat(fixture.faults.count()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aClassifierThatThrowsMakesAnAnswerASuccess(Throwable fault) throws Exception {
        CallOrchestrator calls =
                fixture.guardedBy(new Guard(List.of(gate), throwingClassifier(fault), fixture.listener));

        assertThat(calls.call(REQUEST, () -> "answer")).isEqualTo("answer");

        assertThat(gate.outcomes()).containsExactly(Outcome.SUCCESS);
        assertThat(fixture.faults.count()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aClassifierThatThrowsLeavesTheCallerItsOwnException(Throwable fault) {
        CallOrchestrator calls =
                fixture.guardedBy(new Guard(List.of(gate), throwingClassifier(fault), fixture.listener));
        IOException own = new IOException("own");

        Throwable thrown = catchThrowable(() -> calls.call(REQUEST, () -> {
            throw own;
        }));

        assertThat(thrown).isSameAs(own).hasNoSuppressedExceptions();
        assertThat(gate.outcomes()).containsExactly(Outcome.ignored(FailureCause.LOCAL_ERROR));
        assertThat(fixture.faults.count()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aListenerThatThrowsIsNoticedByNobody(Throwable fault) throws Exception {
        CallOrchestrator calls =
                fixture.guardedBy(new Guard(List.of(gate), fixture.classifier, throwingListener(fault)));

        assertThat(calls.call(REQUEST, () -> "answer")).isEqualTo("answer");

        assertThat(gate.outcomes()).containsExactly(Outcome.SUCCESS);
        assertThat(fixture.faults.count()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aListenerThatThrowsHidesNoRefusal(Throwable fault) {
        List<CallRejected> published = new CopyOnWriteArrayList<>();
        fixture.events.subscribe(CallRejected.class, published::add);
        CallOrchestrator calls = fixture.guardedBy(
                new Guard(List.of(fixture.refusing("breaker", OPEN)), fixture.classifier, throwingListener(fault)));

        Throwable thrown = catchThrowable(() -> calls.begin(REQUEST));
        fixture.events.close();

        assertThat(thrown).isInstanceOf(CallRejectedException.class);
        assertThat(published).hasSize(1);
        assertThat(fixture.faults.count()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aClockThatThrowsLetsTheCallThroughUnguarded(Throwable fault) throws Exception {
        BrokenClock clock = new BrokenClock(fault);
        CallOrchestrator calls =
                fixture.guardedBy(new Guard(List.of(gate), fixture.classifier, fixture.listener), clock);

        assertThat(calls.call(REQUEST, () -> "answer")).isEqualTo("answer");

        assertThat(fixture.journal).isEmpty();
        assertThat(fixture.outcomes()).containsExactly(Outcome.ignored(FailureCause.LOCAL_ERROR));
        assertThat(fixture.faults.count()).isEqualTo(2);
    }

    @Test
    void aClockThatThrowsOnlyAtTheStartInventsNoDuration() throws Exception {
        BrokenClock clock = new BrokenClock(new IllegalStateException("clock"));
        CallOrchestrator calls =
                fixture.guardedBy(new Guard(List.of(gate), fixture.classifier, fixture.listener), clock);
        fixture.time.advance(Duration.ofHours(1));

        calls.call(REQUEST, () -> {
            clock.works.set(true);
            return "answer";
        });

        assertThat(fixture.listener.finished())
                .containsExactly(new RecordingListener.Finished(REQUEST, Outcome.SUCCESS, 0));
    }

    @Test
    void aClockThatThrowsAtTheEndGivesThePermitsBack() throws Exception {
        BrokenClock clock = new BrokenClock(new IllegalStateException("clock"));
        clock.works.set(true);
        CallOrchestrator calls =
                fixture.guardedBy(new Guard(List.of(gate), fixture.classifier, fixture.listener), clock);

        calls.call(REQUEST, () -> {
            clock.works.set(false);
            return "answer";
        });

        assertThat(gate.finishes())
                .extracting(ScriptedGate.Finish::durationNanos)
                .containsExactly(0L);
        assertThat(gate.outcomes())
                .as("a result without a time belongs into no window")
                .containsExactly(Outcome.ignored(FailureCause.LOCAL_ERROR));
    }

    @Test
    void aWallClockThatThrowsHidesNoRefusal() {
        BrokenClock clock = new BrokenClock(new IllegalStateException("clock"));
        clock.works.set(true);
        clock.wallClockWorks.set(false);
        fixture.events.subscribe(event -> {});
        CallOrchestrator calls = fixture.guardedBy(
                new Guard(List.of(fixture.refusing("breaker", OPEN)), fixture.classifier, fixture.listener), clock);

        assertThat(catchThrowable(() -> calls.begin(REQUEST))).isInstanceOf(CallRejectedException.class);

        assertThat(fixture.listener.rejections()).hasSize(1);
        assertThat(fixture.faults.count()).isEqualTo(1);
    }

    @Test
    void oneLineAMinuteTellsOfFaults() throws Exception {
        CallOrchestrator calls = fixture.behind(throwingAtTheEnd(new IllegalStateException("fault")));

        calls.call(REQUEST, () -> "answer");
        calls.call(REQUEST, () -> "answer");
        fixture.time.advance(Duration.ofMinutes(1));
        calls.call(REQUEST, () -> "answer");

        assertThat(log.lines())
                .containsExactly(
                        "Fault in permit: calls proceed as if unguarded (1 faults so far)",
                        "Fault in permit: calls proceed as if unguarded (3 faults so far)");
    }

    private static Gate throwingAtTheEnd(Throwable fault) {
        Permit permit = (outcome, duration, now) -> {
            throw Sneaky.raise(fault);
        };
        return (request, now) -> permit;
    }

    private static OutcomeClassifier throwingClassifier(Throwable fault) {
        return new OutcomeClassifier() {
            @Override
            public Outcome answered(CallRequest request, @Nullable CallReport report, long durationNanos) {
                throw Sneaky.raise(fault);
            }

            @Override
            public Outcome failed(CallRequest request, Throwable error, @Nullable CallReport report) {
                throw Sneaky.raise(fault);
            }
        };
    }

    private static CallListener throwingListener(Throwable fault) {
        return new CallListener() {
            @Override
            public void finished(CallRequest request, Outcome outcome, long durationNanos) {
                throw Sneaky.raise(fault);
            }

            @Override
            public void rejected(CallRequest request, Rejection rejection) {
                throw Sneaky.raise(fault);
            }
        };
    }

    /** Throws until it works. */
    private final class BrokenClock implements TimeSource {

        private final Throwable fault;
        private final AtomicBoolean works = new AtomicBoolean();
        private final AtomicBoolean wallClockWorks = new AtomicBoolean(true);

        BrokenClock(Throwable fault) {
            this.fault = fault;
        }

        @Override
        public long nanos() {
            if (!works.get()) {
                throw Sneaky.raise(fault);
            }
            return fixture.time.nanos();
        }

        @Override
        public Instant now() {
            if (!wallClockWorks.get()) {
                throw Sneaky.raise(fault);
            }
            return fixture.time.now();
        }
    }

    @Test
    void aGateThatAnswersNothingIsAsIfItWereNotThere() throws Exception {
        CallOrchestrator calls = fixture.behind((request, now) -> nothing(), gate);

        assertThat(calls.call(REQUEST, () -> "answer")).isEqualTo("answer");

        assertThat(gate.outcomes()).containsExactly(Outcome.SUCCESS);
        assertThat(fixture.faults.count()).isEqualTo(1);
    }

    @SuppressWarnings("NullAway") // what a gate that was not compiled with null checks may do
    private static Admission nothing() {
        return null;
    }
}
