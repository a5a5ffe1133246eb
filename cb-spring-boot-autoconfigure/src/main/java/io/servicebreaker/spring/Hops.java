package io.servicebreaker.spring;

import io.servicebreaker.call.AnswerPath;
import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.call.OngoingCall;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.coordination.DecisionRecord;
import io.servicebreaker.coordination.Decisions;
import io.servicebreaker.cost.Money;
import io.servicebreaker.time.TimeSource;
import java.time.Instant;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the hops of all ladders have in common. Safe for use by many threads. */
public final class Hops {

    private static final Logger log = LoggerFactory.getLogger(Hops.class);

    private final TimeSource time;
    private final InternalFaults faults;
    private final @Nullable Decisions decisions;
    private final BiFunction<CallRequest, Outcome, @Nullable Money> prices;
    private final int maxDepth;

    private Hops(
            TimeSource time,
            InternalFaults faults,
            @Nullable Decisions decisions,
            BiFunction<CallRequest, Outcome, @Nullable Money> prices,
            int maxDepth) {
        this.time = time;
        this.faults = faults;
        this.decisions = decisions;
        this.prices = prices;
        this.maxDepth = maxDepth;
    }

    /**
     * Creates it.
     *
     * @param decisions where hops are recorded, if anywhere
     * @param costs who knows what a call has cost, if anybody
     * @param maxDepth the most fallbacks that are asked within each other
     */
    public static Hops of(
            TimeSource time,
            InternalFaults faults,
            @Nullable Decisions decisions,
            @Nullable ServiceCosts costs,
            int maxDepth) {
        return new Hops(
                time,
                faults,
                decisions,
                (request, outcome) -> costs == null
                        ? null
                        : costs.of(request.service())
                                .flatMap(gate -> gate.cost(request, outcome))
                                .orElse(null),
                maxDepth);
    }

    /** The most fallbacks that are asked within each other. */
    public int maxDepth() {
        return maxDepth;
    }

    /**
     * Whether the call that did not answer was itself a fallback.
     *
     * @param call null if it was refused, on this thread
     */
    public static boolean isOnLadder(@Nullable OngoingCall call) {
        AnswerPath path = call == null ? AnswerPath.current() : call.path();
        return path != null && path.depth() > 0;
    }

    /**
     * Where fallbacks go on.
     *
     * @param call null if it was refused, on this thread
     */
    AnswerPath below(CallRequest request, @Nullable OngoingCall call, Mishap mishap) {
        return call == null && mishap.failure() instanceof CallRejectedException refusal
                ? AnswerPath.below(request, refusal, nanos())
                : call == null ? AnswerPath.create() : AnswerPath.below(call);
    }

    @Nullable
    Money cost(CallRequest request, @Nullable OngoingCall call) {
        Outcome outcome = call == null ? null : call.failure();
        try {
            return outcome == null ? null : prices.apply(request, outcome);
        } catch (RuntimeException | Error e) {
            faults.record("price of a call", e);
            return null;
        }
    }

    void tell(DecisionRecord decision) {
        log.debug(
                "{}: {} after {} ms: {}",
                decision.id(),
                decision.reason(),
                decision.latency().toMillis(),
                decision.result());
        try {
            if (decisions != null) {
                decisions.record(decision);
            }
        } catch (RuntimeException | Error e) {
            faults.record("record of a decision", "it is not recorded", e);
        }
    }

    /** 0 if the clock is broken. */
    long nanos() {
        try {
            return time.nanos();
        } catch (RuntimeException | Error e) {
            faults.record("clock", e);
            return 0;
        }
    }

    Instant now() {
        try {
            return time.now();
        } catch (RuntimeException | Error e) {
            faults.record("clock", e);
            return Instant.EPOCH;
        }
    }
}
