package io.servicebreaker.cost.ledger;

import io.servicebreaker.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How the attempts to use a store go, and when the next one is due. One thread makes them, any may ask. */
final class Attempts {

    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    /** A store that takes longer for one answer is taken for one that will not answer. */
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(5);

    /** Between two reports of the same failure. */
    private static final Duration REPORTS = Duration.ofHours(1);

    private static final long NOT_ASKED = -1;

    private final TimeSource time;
    private volatile long askedAt = NOT_ASKED;
    private volatile @Nullable Instant failingSince;
    private volatile @Nullable String problem;

    /** Of the thread that makes them. */
    private long nextTry;

    private long nextReport;
    private Duration pause = SHORTEST_PAUSE;

    Attempts(TimeSource time) {
        this.time = time;
    }

    /** Whether it makes sense to ask the store again. */
    boolean isDue() {
        return failingSince == null || time.nanos() >= nextTry;
    }

    /** The store is asked something. */
    void asks() {
        askedAt = time.nanos();
    }

    /** The store is not asked any more for now. */
    void end() {
        askedAt = NOT_ASKED;
    }

    /** Everything went well; whether it did not before. */
    boolean succeeded() {
        boolean again = failingSince != null;
        failingSince = null;
        problem = null;
        pause = SHORTEST_PAUSE;
        return again;
    }

    /** Something went wrong; whether people are to be told, of an outage at first and then each hour. */
    boolean failed(Throwable e) {
        long now = time.nanos();
        boolean first = failingSince == null;
        Instant since = failingSince();
        failingSince = since == null ? time.now() : since;
        problem = String.valueOf(e.getMessage());
        nextTry = now + pause.toNanos();
        pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        if (!first && now < nextReport) {
            return false;
        }
        nextReport = now + REPORTS.toNanos();
        return true;
    }

    /** Since when the store cannot be used, or does not answer; null if it can. */
    @Nullable
    Instant failingSince() {
        Instant failing = failingSince;
        long asked = askedAt;
        return failing == null && isOverdue(asked) ? time.at(asked) : failing;
    }

    /** Why, in the words of the store if it has any; null if it can be used. */
    @Nullable
    String problem() {
        String told = problem;
        return told == null && isOverdue(askedAt) ? "it does not answer" : told;
    }

    private boolean isOverdue(long asked) {
        return asked != NOT_ASKED && time.nanos() - asked > LONGEST_ANSWER.toNanos();
    }
}
