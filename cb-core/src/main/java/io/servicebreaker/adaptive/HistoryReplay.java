package io.servicebreaker.adaptive;

import io.servicebreaker.breaker.BreakerSettings;
import java.time.Duration;

/**
 * What would have become of the calls in a history under some settings: a breaker that is walked through the segments of a
 * {@link Timeline}. Used once. Times are seconds since the history begins.
 *
 * <p>The rules are those of {@link io.servicebreaker.breaker.Breaker}, without chance and without what may happen early:
 *
 * <ul>
 *   <li>Closed, it opens with the call that completes the failures in a row or a share in the window.
 *   <li>Open, it refuses for the recovery time, which grows with each failed recovery, less the mean of the part that chance
 *       cuts off. The calls after the one that opens it are refused, in the same minute too. Calls are in the history when
 *       they end: those that fail within one mean latency after it opened had begun before and are let through, those that
 *       fail within one after it closed had not and are refused.
 *   <li>Half-open, the next calls are probes, each of which fails or not by a chance that is the same for all candidates, as
 *       likely as the calls that end when it would end if it failed; others are refused.
 *       A failed one opens it again; once enough have succeeded, it closes. One that takes longer than its lease says nothing.
 * </ul>
 *
 * <p>The loss is that of {@link CallLoss} for calls that are let through, and 1 for each refused one that would have succeeded.
 */
final class HistoryReplay {

    private static final double NEVER = Double.POSITIVE_INFINITY;
    private static final double NANOS = 1e9;
    private static final double SHORTEST_SECONDS = 1e-3;
    private static final double ROUNDING = 1e-9;
    private static final double EVEN = 0.5;

    /**
     * Changes of state in a segment after which it is not followed further, as after so many steps: what is lost in the rest
     * is in proportion.
     */
    private static final int MOST_CHANGES = 6;

    private enum State {
        CLOSED,
        OPEN,
        HALF_OPEN
    }

    private final Timeline line;
    private final BreakerSettings settings;
    private final int slowField;
    private final double recovery;
    private final double longestRecovery;
    private final double windowSeconds;
    private final int mostSteps;
    private final ReplayedWindow window;
    private final ReplayedProbes probes;

    private State state = State.CLOSED;
    private double since;
    private double failuresInARow;
    private double failedAt = Double.NEGATIVE_INFINITY;
    private double troubledUntil = Double.NEGATIVE_INFINITY;
    private double failedRecoveries;
    private double opensUntil;
    /** Before this time calls fail that began before it opened. */
    private double underWayUntil;

    /** Before this time calls fail that would have begun before it closed: they have been refused. */
    private double staleUntil;

    private final double[] losses;
    /** In the present segment. */
    private double loss;

    private double failures;
    private double refusals;

    private HistoryReplay(Timeline line, BreakerSettings settings) {
        this.line = line;
        this.settings = settings;
        this.slowField = line.digest.slowField(seconds(settings.slowCallDuration()));
        this.recovery = seconds(settings.recoveryTimeout());
        this.longestRecovery = seconds(settings.maxRecoveryTimeout());
        this.windowSeconds = seconds(settings.window());
        this.probes = new ReplayedProbes(settings.halfOpenMaxRequests(), seconds(settings.probeTimeout()));
        this.window = new ReplayedWindow(
                windowSeconds,
                settings.minimumCalls(),
                settings.errorRateThreshold(),
                settings.slowCallRateThreshold());
        this.mostSteps = MOST_CHANGES * (1 + settings.halfOpenMaxRequests());
        this.losses = new double[Math.max(1, line.episodes)];
    }

    static HistoryReplay of(Timeline line, BreakerSettings settings) {
        HistoryReplay replay = new HistoryReplay(line, settings);
        for (int i = 0; i < line.size(); i++) {
            replay.walk(i);
        }
        return replay;
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / NANOS;
    }

    /** By episode of trouble. */
    double[] losses() {
        return losses;
    }

    double loss() {
        double sum = 0;
        for (double loss : losses) {
            sum += loss;
        }
        return sum;
    }

    /** Failed calls that were let through. */
    double failures() {
        return failures;
    }

    /** Refused calls that would have succeeded. */
    double refusals() {
        return refusals;
    }

    private void walk(int i) {
        double at = line.from(i);
        double end = line.to(i);
        loss = 0;
        double failuresBefore = failures;
        double refusalsBefore = refusals;
        int steps = 0;
        for (int changes = 0; at < end; steps++) {
            State before = state;
            at = switch (before) {
                case CLOSED -> closed(i, at, end);
                case OPEN -> open(i, at, end);
                case HALF_OPEN -> halfOpen(i, at, end);
            };
            changes += state == before ? 0 : 1;
            if ((changes >= MOST_CHANGES || steps >= mostSteps) && at > line.from(i)) {
                double rest = (end - at) / (at - line.from(i));
                loss += loss * rest;
                failures += (failures - failuresBefore) * rest;
                refusals += (refusals - refusalsBefore) * rest;
                resumeAt(at, end);
                at = end;
            }
        }
        losses[line.episode(i)] += loss;
    }

    /** Goes on later as if no time had gone by, but for what was counted. */
    private void resumeAt(double at, double end) {
        if (state == State.CLOSED) {
            since += end - at;
            window.clear();
        } else {
            opensUntil = end + (state == State.OPEN ? Math.max(0, opensUntil - at) : 0);
            state = State.OPEN;
        }
    }

    private double closed(int i, double at, double segmentEnd) {
        boolean stale = at < staleUntil;
        double end = stale ? Math.min(segmentEnd, staleUntil) : segmentEnd;
        double rate = line.rate(i);
        double failureRate = rate * line.failureShare(i);
        if (stale) {
            letThrough(at, end, i, 0, rate - failureRate);
            return end;
        }
        window.add(at, end, rate, failureRate, rate * line.slowShare(i, slowField));
        double opens = couldOpen(i, at) ? Math.min(byRun(i, at, end), byShare(i, at, end)) : NEVER;
        letThrough(at, Math.min(opens, end), i, failureRate, rate - failureRate);
        if (opens > end) {
            lengthenRun(i, at, end);
            return end;
        }
        double healthySteps = Math.floor((opens - since) / recovery);
        failedRecoveries = Math.max(0, failedRecoveries - healthySteps);
        underWayUntil = opens + line.failedSeconds(i);
        opened(opens);
        return opens;
    }

    /** No candidate opens in what is calm, unless it remembers what was not. */
    private boolean couldOpen(int i, double at) {
        boolean calm = line.isCalm(i);
        troubledUntil = calm ? troubledUntil : line.to(i);
        return !calm || at < troubledUntil + windowSeconds;
    }

    private double byShare(int i, double at, double end) {
        double reached = window.opensAt(at, end);
        return reached == NEVER ? NEVER : nextCall(i, reached, end);
    }

    /** The first call at or after this time. */
    private double nextCall(int i, double at, double end) {
        double spacing = line.spacing(i);
        return Math.min(end, line.from(i) + Math.ceil((at - line.from(i)) / spacing - ROUNDING) * spacing);
    }

    /** When the failures in a row are complete, or never. A silence of a whole window breaks the row. */
    private double byRun(int i, double at, double end) {
        double longest = line.run(i);
        double spacing = line.spacing(i);
        if (longest <= 0) {
            return NEVER;
        }
        boolean apart = spacing >= windowSeconds;
        boolean all = line.failureShare(i) >= 1;
        double before = all && !apart && !isBroken(at + spacing) ? Math.max(failuresInARow, carried(i, at)) : 0;
        double reached = apart ? 1 : before + longest;
        if (reached < settings.failureThreshold()) {
            return NEVER;
        }
        double first = all ? 1 : Math.ceil(EVEN / line.failureShare(i));
        double calls = first - 1 + Math.max(1, settings.failureThreshold() - before);
        double done = Math.floor((at - line.from(i)) / spacing + ROUNDING);
        double opens = line.from(i) + (done + calls) * spacing;
        return opens <= end + ROUNDING * spacing ? Math.min(opens, end) : NEVER;
    }

    private double carried(int i, double at) {
        return at == line.from(i) ? line.carried(i) : 0;
    }

    private boolean isBroken(double at) {
        return at - failedAt >= windowSeconds;
    }

    private void lengthenRun(int i, double at, double end) {
        double calls = (end - at) * line.rate(i);
        if (line.failureShare(i) < 1) {
            failuresInARow = 0;
            return;
        }
        double before = isBroken(at + line.spacing(i)) ? 0 : failuresInARow;
        failuresInARow = calls + Math.max(before, carried(i, at));
        failedAt = end;
    }

    private void opened(double at) {
        double grown = recovery * Math.pow(settings.recoveryBackoffMultiplier(), failedRecoveries);
        double mean = Math.min(grown, longestRecovery) * (1 - settings.recoveryJitter() / 2);
        state = State.OPEN;
        opensUntil = at + Math.max(SHORTEST_SECONDS, mean);
    }

    private double open(int i, double at, double end) {
        double reached = Math.max(at, Math.min(end, opensUntil));
        refuse(i, at, reached);
        if (reached >= opensUntil) {
            state = State.HALF_OPEN;
            probes.begin();
        }
        return reached;
    }

    private double halfOpen(int i, double at, double end) {
        double verdict = Math.max(at, Math.min(probes.reopensAt(), probes.closesAt()));
        double free = probes.freeAt(at);
        double spacing = line.spacing(i);
        double number = Math.floor((free - line.from(i)) / spacing + ROUNDING) + 1;
        double next = line.from(i) + number * spacing;
        if (next <= at) { // by rounding: it has been made
            number++;
            next = at + spacing;
        }
        double reached = Math.min(end, Math.min(verdict, next));
        refuse(i, at, Math.max(at, Math.min(reached, free)));
        if (verdict <= reached) {
            decide(i, verdict);
        } else if (next <= reached) {
            probe(i, next, number);
        }
        return reached;
    }

    private void probe(int i, double at, double number) {
        double takesFailing = line.failedSeconds(i);
        boolean fails = luck(i, number) < line.failureShare(line.at(i, at + takesFailing));
        double takes = fails ? takesFailing : line.goodSeconds(i);
        lose(i, fails ? 1 : 0, fails ? 0 : 1);
        probes.make(at, takes, fails);
    }

    /**
     * A number from 0 inclusive to 1 exclusive, the same whenever a call is looked at: all candidates meet the same luck.
     *
     * <p>Source: G. L. Steele, D. Lea and C. H. Flood, Fast splittable pseudorandom number generators, OOPSLA 2014, the mixing
     * function of SplitMix64.
     */
    private static double luck(int segment, double number) {
        long mixed = (segment * 1_000_003L + (long) number) * 0x9E37_79B9_7F4A_7C15L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D0_49BB_1331_11EBL;
        return ((mixed ^ (mixed >>> 31)) >>> 11) * 0x1.0p-53;
    }

    private void decide(int i, double at) {
        boolean slow = line.slowShare(i, slowField) >= settings.slowCallRateThreshold();
        if (probes.reopensAt() <= probes.closesAt() || slow) {
            failedRecoveries++;
            opened(at);
        } else {
            state = State.CLOSED;
            since = at;
            staleUntil = at + line.failedSeconds(i);
            failuresInARow = 0;
            window.clear();
        }
    }

    private void letThrough(double at, double end, int i, double failureRate, double goodRate) {
        lose(i, (end - at) * failureRate, (end - at) * goodRate);
    }

    private void refuse(int i, double at, double end) {
        double rate = line.rate(i);
        double good = (end - at) * rate * (1 - line.failureShare(i));
        refusals += good;
        loss += good;
        if (at < underWayUntil) {
            lose(i, (Math.min(end, underWayUntil) - at) * rate * line.failureShare(i), 0);
        }
    }

    private void lose(int i, double bad, double good) {
        failures += bad;
        loss += bad * line.failedLoss(i) + good * line.goodLoss(i);
    }
}
