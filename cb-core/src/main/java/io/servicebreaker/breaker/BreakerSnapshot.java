package io.servicebreaker.breaker;

import io.servicebreaker.breaker.State.HalfOpen;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a breaker was at one moment. The counts are those of the window; while it is not closed, they are what the window
 * held when it ceased to be.
 *
 * @param state what it did with calls
 * @param since when that began
 * @param reason why
 * @param retryAfter time until calls are let through again; null when they are, or when nobody knows
 * @param expiresAt when an operator's command ends by itself, or null
 * @param observed what it would do with calls if it were not only observed, or null
 * @param calls results in the window
 * @param failedCalls failures among them
 * @param slowCalls slow calls among them
 * @param slowFailedCalls slow failures among them
 * @param timedOutCalls timeouts among them
 * @param failuresInARow failures since the last success
 * @param probesUnderWay probes that have not ended
 * @param probes probes since the start that have shown whether the service works
 * @param failedProbes those among them that failed
 * @param failedRecoveries failed recoveries that still lengthen the next open time
 * @param notPermittedCalls calls refused since the start
 * @param unenforcedRefusals calls let through since the start, while observed, that would have been refused
 * @param lateResults results since the start that came after the stay that admitted their call, and decided nothing
 * @param causes failures by cause in the present trouble
 * @param settings the thresholds in force
 */
public record BreakerSnapshot(
        String service,
        BreakerState state,
        Instant since,
        Reason reason,
        @Nullable Duration retryAfter,
        @Nullable Instant expiresAt,
        @Nullable BreakerState observed,
        long calls,
        long failedCalls,
        long slowCalls,
        long slowFailedCalls,
        long timedOutCalls,
        int failuresInARow,
        int probesUnderWay,
        long probes,
        long failedProbes,
        int failedRecoveries,
        long notPermittedCalls,
        long unenforcedRefusals,
        long lateResults,
        Map<FailureCause, Integer> causes,
        BreakerSettings settings) {

    public BreakerSnapshot {
        causes = Map.copyOf(causes);
    }

    static BreakerSnapshot of(Breaker breaker, State state, Instant since, Current current, TimeSource time, long now) {
        State inner = StateMachine.automatic(state);
        ClosedStay closed = current.closed;
        WindowCounts counts = current.counts(now);
        return new BreakerSnapshot(
                breaker.service(),
                state.kind(),
                since,
                state.reason(),
                state.retryAfter(now),
                state.expires() == State.NEVER ? null : time.at(state.expires()),
                inner == state ? null : inner.kind(),
                counts.calls(),
                counts.failed(),
                counts.slow(),
                counts.slowFailed(),
                counts.timedOut(),
                closed == null ? 0 : closed.failuresInARow(now),
                inner instanceof HalfOpen halfOpen ? halfOpen.probesUnderWay(now) : 0,
                breaker.counts().probes(),
                breaker.counts().failedProbes(),
                breaker.failedRecoveries(inner, now),
                breaker.notPermitted(),
                breaker.counts().unenforced(),
                breaker.counts().late(),
                closed == null ? state.reason().causes() : closed.causes(now),
                breaker.settings());
    }

    /** Share of failed calls, 0 to 1; absent below {@link BreakerSettings#minimumCalls()}. */
    public Optional<Double> errorRate() {
        return share(failedCalls);
    }

    /** Share of slow calls, 0 to 1; absent below {@link BreakerSettings#minimumCalls()}. */
    public Optional<Double> slowCallRate() {
        return share(slowCalls);
    }

    /** Share of timed out calls, 0 to 1; absent below {@link BreakerSettings#minimumCalls()}. */
    public Optional<Double> timeoutRate() {
        return share(timedOutCalls);
    }

    private Optional<Double> share(long part) {
        return calls < settings.minimumCalls() ? Optional.empty() : Optional.of((double) part / calls);
    }
}
