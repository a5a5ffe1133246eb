package io.servicebreaker.call;

import org.jspecify.annotations.Nullable;

/** What the attempts within a call have told, and that its answer has begun. Compared by identity. */
final class Heard {

    /** That no piece of the answer has come. */
    static final long NO_ANSWER = -1;

    static final Heard NOTHING = new Heard(CallReport.EMPTY, null, NO_ANSWER);
    static final Heard ENDED = new Heard(CallReport.EMPTY, null, NO_ANSWER, true);

    final CallReport report;
    /** What the gates know of the last attempt, if it failed; once it is over, how the call did, if it did. */
    final @Nullable Outcome failure;
    /** How long the first piece of the answer took, or {@link #NO_ANSWER}; once it is over, the call that failed. */
    final long firstNanos;

    final boolean isOver;

    Heard(CallReport report, @Nullable Outcome failure, long firstNanos) {
        this(report, failure, firstNanos, false);
    }

    Heard(CallReport report, @Nullable Outcome failure, long firstNanos, boolean isOver) {
        this.isOver = isOver;
        this.report = report;
        this.failure = failure;
        this.firstNanos = firstNanos;
    }

    boolean isAnswering() {
        return firstNanos != NO_ANSWER;
    }

    Heard with(CallReport newReport, @Nullable Outcome newFailure) {
        return new Heard(newReport, newFailure, firstNanos);
    }

    /** An attempt that failed before is no part of an answer, but what it used is. */
    Outcome addedTo(Outcome outcome) {
        if (report == CallReport.EMPTY) {
            return outcome;
        }
        CallReport rest = report.withoutVerdict();
        return outcome.with(
                outcome.cooldown(),
                outcome.report() == null ? rest : outcome.report().or(rest));
    }

    /** What is known of a failure besides the error, if anything. */
    @Nullable
    CallReport knownOf(@Nullable CallReport told) {
        if (report == CallReport.EMPTY) {
            return told;
        }
        CallReport failure = report.status().orElse(0) < 400 ? report.withoutVerdict() : report;
        return told == null ? failure : told.or(failure);
    }
}
