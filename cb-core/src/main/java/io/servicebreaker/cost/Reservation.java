package io.servicebreaker.cost;

import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Permit;
import io.servicebreaker.call.PermitPair;
import io.servicebreaker.call.Usage;
import org.jspecify.annotations.Nullable;

/** Money reserved for a call, or for each of several. */
final class Reservation implements Permit {

    private final CostGate gate;
    private final CallKind kind;
    private final Page page;
    private final long amount;
    private final CallRequest request;
    private final String correlation;
    private volatile @Nullable PermitPair pair;

    /**
     * Creates one.
     *
     * @param request one of those that it is for, which differ in nothing that a record tells
     * @param correlation of the call, or empty
     */
    Reservation(CostGate gate, CallKind kind, Page page, long amount, CallRequest request, String correlation) {
        this.gate = gate;
        this.kind = kind;
        this.page = page;
        this.amount = amount;
        this.request = request;
        this.correlation = correlation;
    }

    boolean isFor(Page other, long otherAmount, CallRequest otherRequest) {
        return page == other
                && amount == otherAmount
                && (request == otherRequest || request.category().equals(otherRequest.category()));
    }

    /** Those before are mostly the same, too. */
    @Override
    public Permit after(Permit earlier) {
        PermitPair known = pair;
        if (known == null || known.earlier() != earlier) {
            known = new PermitPair(earlier, this);
            pair = known;
        }
        return known;
    }

    @Override
    public void finish(Outcome outcome, long durationNanos, long nowNanos) {
        finish(outcome, nowNanos - durationNanos, durationNanos, nowNanos);
    }

    @Override
    public void finish(Outcome outcome, long begunNanos, long durationNanos, long nowNanos) {
        CallReport report = outcome.report();
        Usage usage = report == null ? null : report.usageOrNull();
        long known = outcome.kind() == Outcome.Kind.NOT_RUN ? 0 : kind.cost(outcome, usage);
        long cost = known == CallKind.UNKNOWN ? assumed(outcome) : known;
        page.settle(amount, cost);
        gate.settled(outcome, amount, cost, begunNanos, nowNanos);
        if (outcome.kind() != Outcome.Kind.NOT_RUN) {
            kind.ended(usage, amount, cost, known != CallKind.UNKNOWN);
            gate.record(request, correlation, page, outcome, amount, cost, nowNanos);
        }
    }

    /** Whoever got an answer, or a part of one, has paid for it. */
    private long assumed(Outcome outcome) {
        return switch (outcome.kind()) {
            case SUCCESS -> amount;
            case FAILURE, NOT_RUN -> 0;
            case IGNORED -> outcome.remark() == Outcome.Remark.ANSWER_BEGUN ? amount : 0;
        };
    }
}
