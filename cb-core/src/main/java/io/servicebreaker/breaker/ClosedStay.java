package io.servicebreaker.breaker;

import io.servicebreaker.breaker.Reason.Rule;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Permit;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * What a closed breaker remembers during one stay; at the same time the permit of every call admitted in it.
 *
 * <p>A success in untroubled times costs one atomic addition. Rules are evaluated only while the window holds a failure
 * or a slow call, and then after each call: old successes age out, so a success may be the call that opens.
 */
final class ClosedStay implements Permit {

    private static final AtomicLongFieldUpdater<ClosedStay> RUN =
            AtomicLongFieldUpdater.newUpdater(ClosedStay.class, "run");
    private static final AtomicLongFieldUpdater<ClosedStay> NOT_BEFORE =
            AtomicLongFieldUpdater.newUpdater(ClosedStay.class, "notBefore");
    private static final int RUN_BITS = 16;
    /** Failures in a row are not counted further. */
    static final int LONGEST_ROW = (1 << RUN_BITS) - 1;

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Breaker breaker;
    private final FailureWindow window;

    /** Milliseconds of the latest failure and, in the lowest bits, the failures in a row until it. */
    private volatile long run;

    /** When the last failure or slow call has left the window. */
    private volatile long troubledUntil;

    /** The latest time before which the provider did not want to be called. */
    private volatile long notBefore;

    /** Failures by cause in the present trouble; null before the first. */
    private volatile @Nullable Map<FailureCause, Integer> causes;

    ClosedStay(Breaker breaker) {
        this.breaker = breaker;
        this.window = new FailureWindow(breaker.settings().window().toNanos());
    }

    FailureWindow window() {
        return window;
    }

    @Override
    public boolean isLate() {
        return breaker.scope().isService() && !breaker.isIn(this);
    }

    /**
     * A call is about to begin.
     *
     * @return false if the service has just been found not to work, so that the call is not one of this stay
     */
    boolean begin(long now) {
        Detector detector = breaker.detector();
        if (detector == null) {
            return true;
        }
        if (detector.isWorthALook(now)
                && detector.refuses(-1, now)
                && breaker.settings().earlyOpening()) {
            trip(now);
            if (!breaker.isIn(this)) {
                return false;
            }
        }
        detector.begin(now);
        return true;
    }

    @Override
    public void answering(long begunNanos, long now) {
        Detector detector = breaker.detector();
        if (detector != null && (breaker.isIn(this) || breaker.wasLastIn(this))) {
            detector.answering(begunNanos, now);
        }
    }

    @Override
    public void attempted(Outcome outcome, long now) {
        finish(outcome, now + 1, 0, now);
    }

    @Override
    public void finish(Outcome reported, long durationNanos, long now) {
        finish(reported, now - durationNanos, durationNanos, now);
    }

    /** That it was under way has been told. */
    @Override
    public void finishStream(Outcome reported, long begunNanos, long durationNanos, long now) {
        finish(reported, Long.MAX_VALUE, durationNanos, now);
    }

    @Override
    public void finish(Outcome reported, long begunNanos, long durationNanos, long now) {
        Outcome outcome = breaker.scope().heard(reported);
        if (breaker.isIn(this)) {
            boolean suspicious = isSuspicious(outcome, begunNanos, durationNanos, now);
            judge(outcome, durationNanos, now);
            if (suspicious) {
                trip(now);
            }
        } else {
            breaker.tooLate(outcome, now);
            reconsider(outcome, begunNanos, durationNanos, now);
        }
    }

    /** Whether the detector, once it has heard of the end of this call, wants no more calls. */
    private boolean isSuspicious(Outcome outcome, long begunNanos, long durationNanos, long now) {
        Detector detector = breaker.detector();
        if (detector == null) {
            return false;
        }
        Verdict verdict = Detector.verdict(outcome);
        detector.ended(outcome, begunNanos, durationNanos, now);
        long answeredNanos = verdict == Verdict.SUCCESS || verdict == Verdict.SLOW ? durationNanos : -1;
        return (verdict == Verdict.FAILURE || detector.isWorthALook(now))
                && detector.refuses(answeredNanos, now)
                && breaker.settings().earlyOpening();
    }

    /**
     * The end of a call that came after its stay. Once the breaker has been closed again it says nothing any more; until then it
     * is evidence, and if the stay was ended on a suspicion of calls under way, they may prove it wrong.
     */
    private void reconsider(Outcome outcome, long begunNanos, long durationNanos, long now) {
        Detector detector = breaker.detector();
        if (detector == null || !breaker.wasLastIn(this)) {
            return;
        }
        detector.ended(outcome, begunNanos, durationNanos, now);
        boolean isProof =
                outcome.kind() == Outcome.Kind.SUCCESS && breaker.settings().earlyProbing();
        if (isProof && detector.allows(durationNanos, now)) {
            String sentence = "calls that were under way succeeded; "
                    + detector.expectation(now).sentence();
            breaker.revoke(this, new Reason(Rule.REVOKED, sentence), now);
        }
    }

    private void trip(long now) {
        Detector detector = breaker.detector();
        if (detector != null) {
            breaker.trip(this, suspicion(detector, now), notBefore, now);
        }
    }

    private Reason suspicion(Detector detector, long now) {
        WindowCounts counts = window.counts(now);
        String sentence = String.format(
                Locale.ROOT,
                "%d of %d calls failed in %d s; %s",
                counts.failed(),
                counts.calls(),
                breaker.settings().window().toSeconds(),
                detector.expectation(now).sentence());
        return new Reason(Rule.DETECTED, sentence, causes(now));
    }

    private void judge(Outcome outcome, long durationNanos, long now) {
        switch (outcome.kind()) {
            case SUCCESS -> succeeded(outcome.isSlow(durationNanos, breaker.slowNanos()), now);
            case FAILURE -> failed(outcome, outcome.isSlow(durationNanos, breaker.slowNanos()), now);
            case IGNORED -> breaker.heed(this, outcome, now);
            case NOT_RUN -> {}
        }
    }

    /** Failures in a row at this time. A silence of a whole window breaks the row as a success does. */
    int failuresInARow(long now) {
        long latest = run;
        return isOver(latest, now) ? 0 : (int) (latest & LONGEST_ROW);
    }

    private void succeeded(boolean slow, long now) {
        if (run != 0) {
            run = 0;
            notBefore = 0; // the provider answers: what it asked for while it failed is over
        }
        if (slow) {
            window.slowSuccess(now);
            troubledUntil = now + window.nanos();
            judge(0, now);
        } else {
            window.success(now);
            if (now < troubledUntil) {
                judge(0, now);
            }
        }
    }

    private void failed(Outcome outcome, boolean slow, long now) {
        window.failure(now, slow, outcome.cause() == FailureCause.TIMEOUT);
        count(outcome.cause() == null ? FailureCause.UNKNOWN : outcome.cause(), now);
        troubledUntil = now + window.nanos();
        Deadline deadline = Deadline.of(outcome, now);
        if (deadline == null) {
            judge(outcome, now);
        } else {
            NOT_BEFORE.accumulateAndGet(this, deadline.until(), Math::max);
            judge(outcome, now);
            breaker.extend(deadline, now); // another thread may have opened it before it knew of this one
        }
    }

    /** An alarm is about the scope that it names and no narrower one. */
    private void judge(Outcome failure, long now) {
        int failuresInARow = lengthenRun(now);
        if (failure.alarm() != null && failure.scope() == breaker.scope().level()) {
            breaker.trip(this, new Reason(Rule.SIGNAL, failure.alarm(), causes(now)), notBefore, now);
        } else {
            judge(failuresInARow, now);
        }
    }

    /** Two threads that begin a trouble at once may lose one count: it informs people and decides nothing. */
    private void count(FailureCause cause, long now) {
        Map<FailureCause, Integer> counts = causes;
        if (counts == null || now >= troubledUntil) {
            counts = new ConcurrentHashMap<>();
            causes = counts;
        }
        counts.merge(cause, 1, Integer::sum);
    }

    /** Failures by cause since the service was last without trouble. */
    Map<FailureCause, Integer> causes(long now) {
        Map<FailureCause, Integer> counts = causes;
        return counts == null || now >= troubledUntil ? Map.of() : Map.copyOf(counts);
    }

    private int lengthenRun(long now) {
        long stamp = (now / NANOS_PER_MILLI) << RUN_BITS;
        long longer = RUN.updateAndGet(
                this, latest -> stamp | (isOver(latest, now) ? 1 : Math.min(LONGEST_ROW, (latest & LONGEST_ROW) + 1)));
        return (int) (longer & LONGEST_ROW);
    }

    private boolean isOver(long latest, long now) {
        return now / NANOS_PER_MILLI - (latest >>> RUN_BITS) >= window.nanos() / NANOS_PER_MILLI;
    }

    private void judge(int failuresInARow, long now) {
        Reason reason = reasonToOpen(failuresInARow, now);
        if (reason != null) {
            breaker.trip(this, reason, notBefore, now);
        }
    }

    private @Nullable Reason reasonToOpen(int failuresInARow, long now) {
        BreakerSettings settings = breaker.settings();
        Detector detector = breaker.detector();
        if (detector != null && settings.earlyOpening() && detector.overrules()) {
            return null;
        }
        if (failuresInARow >= settings.failureThreshold()) {
            String sentence =
                    failuresInARow + " failures in a row (failure-threshold " + settings.failureThreshold() + ")";
            return new Reason(Rule.CONSECUTIVE_FAILURES, sentence, causes(now));
        }
        WindowCounts counts = window.counts(now);
        long calls = counts.calls();
        if (calls < settings.minimumCalls()) {
            return null;
        }
        if ((double) counts.failed() / calls >= settings.errorRateThreshold()) {
            String sentence =
                    share(counts.failed(), calls, "failed", "error-rate-threshold", settings.errorRateThreshold());
            return new Reason(Rule.ERROR_RATE, sentence, causes(now));
        }
        if ((double) counts.slow() / calls >= settings.slowCallRateThreshold()) {
            String sentence = share(
                    counts.slow(), calls, "were slow", "slow-call-rate-threshold", settings.slowCallRateThreshold());
            return new Reason(Rule.SLOW_CALL_RATE, sentence, causes(now));
        }
        return null;
    }

    private String share(long part, long calls, String what, String setting, double threshold) {
        return String.format(
                Locale.ROOT,
                "%d of %d calls %s in %d s, %.1f %% (%s %.1f %%)",
                part,
                calls,
                what,
                breaker.settings().window().toSeconds(),
                100.0 * part / calls,
                setting,
                100 * threshold);
    }
}
