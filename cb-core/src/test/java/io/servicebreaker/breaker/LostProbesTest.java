package io.servicebreaker.breaker;

import static io.servicebreaker.breaker.Patient.PROBES;
import static io.servicebreaker.breaker.Patient.PROBE_TIMEOUT;
import static io.servicebreaker.breaker.Patient.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.servicebreaker.call.CallListener;
import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Gate;
import io.servicebreaker.call.Guard;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.call.OngoingCall;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.OutcomeClassifier;
import io.servicebreaker.call.Permit;
import io.servicebreaker.call.Rejection;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.call.RejectionScope;
import io.servicebreaker.event.Events;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever becomes of the probes, a service that works again is let in again. */
class LostProbesTest {

    private static final CallRequest REQUEST = CallRequest.to("search");
    private static final Rejection NO_MONEY =
            new Rejection(RejectionReason.COST_BUDGET, RejectionScope.BUDGET, Rejection.UNKNOWN_TIME, "");

    @AutoClose
    private final Patient patient = new Patient();

    private final Events events = new Events();
    private final InternalFaults faults = new InternalFaults(patient.time);

    private boolean broke;
    private CallOrchestrator orchestrator = orchestrator(new BlamesEachException());

    @BeforeEach
    void open() {
        patient.open();
        patient.time.advance(patient.remaining());
    }

    @AfterEach
    void close() {
        events.close();
    }

    @Test
    void recoversAfterProbesThatThrowAnError() throws Exception {
        for (int i = 0; i < 3 * PROBES; i++) {
            assertThatThrownBy(() -> orchestrator.call(REQUEST, () -> {
                        throw new StackOverflowError("deep");
                    }))
                    .isInstanceOf(StackOverflowError.class)
                    .hasMessage("deep");
        }

        recovers();
    }

    @Test
    void recoversAfterCancelledProbes() throws Exception {
        for (int i = 0; i < 3 * PROBES; i++) {
            CompletableFuture<String> answer = new CompletableFuture<>();
            orchestrator.callAsync(REQUEST, () -> answer);
            answer.cancel(true);
        }

        recovers();
    }

    @Test
    void recoversAfterProbesThatNobodyFinished() throws Exception {
        for (int i = 0; i < PROBES; i++) {
            try (OngoingCall unfinished = orchestrator.begin(REQUEST)) {
                assertThat(unfinished).isNotNull();
            }
        }

        recovers();
    }

    @Test
    void recoversAfterProbesThatLostTheirThread() throws Exception {
        for (int i = 0; i < PROBES; i++) {
            Thread thread = new Thread(() -> orchestrator.begin(REQUEST));
            thread.start();
            thread.join();
        }
        assertThatThrownBy(() -> orchestrator.call(REQUEST, () -> "answer")).isInstanceOf(CallRejectedException.class);
        patient.time.advance(PROBE_TIMEOUT);

        recovers();
    }

    @Test
    void recoversAfterProbesThatALaterGateRefused() throws Exception {
        broke = true;
        for (int i = 0; i < 3 * PROBES; i++) {
            assertThatThrownBy(() -> orchestrator.call(REQUEST, () -> "answer"))
                    .isInstanceOf(CallRejectedException.class)
                    .hasMessageContaining("COST_BUDGET");
        }
        broke = false;

        recovers();
    }

    @Test
    void recoversAfterProbesWhoseSupplierThrew() throws Exception {
        for (int i = 0; i < 3 * PROBES; i++) {
            orchestrator.callAsync(REQUEST, () -> {
                throw new NoClassDefFoundError("Client");
            });
        }

        recovers();
    }

    @Test
    void learnsNothingFromAProbeWhoseClassifierThrew() {
        orchestrator = orchestrator(new Throws());

        assertThatThrownBy(() -> orchestrator.call(REQUEST, failing())).isInstanceOf(IllegalStateException.class);

        assertThat(patient.state()).isEqualTo(BreakerState.HALF_OPEN);
        assertThat(patient.snapshot().probesUnderWay()).isZero();
        assertThat(faults.count()).isEqualTo(1);
    }

    @Test
    void countsAProbeWhoseStreamLastsLongerThanItsLease() {
        for (int probe = 0; probe < PROBES; probe++) {
            OngoingCall stream = orchestrator.begin(REQUEST);
            for (int piece = 0; piece < 10; piece++) {
                stream.answering();
                patient.time.advance(Patient.PROBE_TIMEOUT.dividedBy(2));
            }
            stream.succeeded();
        }

        assertThat(patient.state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void endsTheLeaseOfAStreamThatStalls() {
        OngoingCall stream = orchestrator.begin(REQUEST);
        stream.answering();

        patient.time.advance(Patient.PROBE_TIMEOUT);
        stream.answering();
        stream.succeeded();

        assertThat(patient.state()).isEqualTo(BreakerState.HALF_OPEN);
        assertThat(patient.snapshot().lateResults()).isEqualTo(1);
    }

    @Test
    void keepsTheFailureOfAProbeToItself() {
        assertThatThrownBy(() -> orchestrator.call(REQUEST, failing()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("down");

        assertThat(patient.state()).isEqualTo(BreakerState.OPEN);
    }

    private void recovers() throws Exception {
        for (int i = 0; i < PROBES; i++) {
            assertThat(orchestrator.call(REQUEST, () -> "answer")).isEqualTo("answer");
        }
        assertThat(patient.state()).isEqualTo(BreakerState.CLOSED);
        assertThat(faults.count()).isZero();
    }

    private static Callable<String> failing() {
        return () -> {
            throw new IllegalStateException("down");
        };
    }

    private CallOrchestrator orchestrator(OutcomeClassifier classifier) {
        Gate budget = (request, now) -> broke ? NO_MONEY : Permit.FREE;
        Guard guard = new Guard(List.of(patient.breaker, budget), classifier, CallListener.NONE);
        return new CallOrchestrator(Map.of("search", guard), patient.time, events, faults, false);
    }

    private static final class BlamesEachException implements OutcomeClassifier {

        @Override
        public Outcome answered(CallRequest request, @Nullable CallReport report, long durationNanos) {
            return Outcome.SUCCESS;
        }

        @Override
        public Outcome failed(CallRequest request, Throwable error, @Nullable CallReport report) {
            return error instanceof Error || error instanceof CancellationException
                    ? Outcome.ignored(FailureCause.LOCAL_ERROR)
                    : failure();
        }
    }

    private static final class Throws implements OutcomeClassifier {

        @Override
        public Outcome answered(CallRequest request, @Nullable CallReport report, long durationNanos) {
            throw new UnsupportedOperationException("classifier");
        }

        @Override
        public Outcome failed(CallRequest request, Throwable error, @Nullable CallReport report) {
            throw new UnsupportedOperationException("classifier");
        }
    }
}
