package io.servicebreaker.adaptive;

import java.util.BitSet;

/**
 * Lays a history out in time. Used once.
 *
 * <p>Within a minute the order of calls is not known. What is assumed:
 *
 * <ul>
 *   <li>The longest run of failures is one piece; the other failures are spread evenly over the other calls. The run is at the
 *       beginning of the minute if it began before, at its end if it goes on or if the breaker opened, and in the middle
 *       otherwise.
 *   <li>A minute in which the breaker was open at the beginning was open first and closed then; any other the other way round.
 *       Its probes were the last that came in the open time.
 *   <li>Calls that were <em>refused</em> would have ended as those nearest to them in time. Where these failed before and
 *       succeeded after, the trouble is taken to have ended at the geometric mean of its two possible ages. That is the
 *       median age of a trouble of which nothing is known, not even its scale (Jeffreys' prior, density 1/age; H. Jeffreys,
 *       Theory of Probability, 1939, §3.1).
 * </ul>
 */
final class TimelineBuilder {

    /** Troubles that are further apart are independent: any breaker has closed and forgotten in the meantime. */
    private static final double APART_MINUTES = 30;

    /** A trouble that goes on for longer counts as several. */
    private static final double LONGEST_EPISODE_MINUTES = 24 * 60;

    private static final double SECONDS = 60;
    private static final double FAILING = 0.5;
    private static final int MOST_PER_ROW = 5;

    private final HistoryDigest digest;

    /** With refused calls whose fate is not known yet. */
    private final Timeline raw;

    private final BitSet unknown = new BitSet();
    private int episodes;

    private TimelineBuilder(HistoryDigest digest) {
        this.digest = digest;
        this.raw = new Timeline(digest, 0, digest.size() * MOST_PER_ROW);
    }

    static Timeline of(HistoryDigest digest) {
        TimelineBuilder builder = new TimelineBuilder(digest);
        builder.layOut();
        return builder.filledIn();
    }

    private void layOut() {
        double troubledUntil = Double.NEGATIVE_INFINITY;
        double episodeSince = 0;
        boolean open = false;
        for (int i = 0; i < digest.size(); i++) {
            if (digest.isCalm(i)) {
                layOutCalm(i);
                open = false;
                continue;
            }
            double start = digest.get(i, HistoryDigest.START);
            if (start - troubledUntil >= APART_MINUTES || start - episodeSince >= LONGEST_EPISODE_MINUTES) {
                episodes++;
                episodeSince = start;
            }
            troubledUntil = digest.end(i);
            open = layOutTroubled(i, open && digest.follows(i));
        }
    }

    private void layOutCalm(int i) {
        double end = seconds(i) + digest.get(i, HistoryDigest.MINUTES) * SECONDS;
        double run = digest.get(i, HistoryDigest.RUN);
        add(i, seconds(i), end, digest.get(i, HistoryDigest.CALLS), digest.get(i, HistoryDigest.FAILED), run, 0);
    }

    private double seconds(int i) {
        return (digest.get(i, HistoryDigest.START) - digest.get(0, HistoryDigest.START)) * SECONDS;
    }

    /** Returns whether the minute ends open. */
    private boolean layOutTroubled(int i, boolean openFirst) {
        double start = seconds(i);
        double end = start + SECONDS;
        double closedCalls = digest.get(i, HistoryDigest.CALLS) - digest.get(i, HistoryDigest.PROBES);
        double open = openSeconds(i, closedCalls);
        if (openFirst) {
            layOutOpen(i, start, start + open);
            layOutClosed(i, start + open, end, closedCalls, false);
            return open >= SECONDS - 1;
        }
        layOutClosed(i, start, end - open, closedCalls, open > 0);
        layOutOpen(i, end - open, end);
        return open > 0;
    }

    /** For as long as it was not closed; but calls that were made take a second at least. */
    private double openSeconds(int i, double closedCalls) {
        double others = digest.get(i, HistoryDigest.REFUSED) + digest.get(i, HistoryDigest.PROBES);
        double open = digest.get(i, HistoryDigest.OPEN_SECONDS);
        if (open == 0 && others > 0) {
            open = SECONDS * others / (others + closedCalls);
        }
        return closedCalls > 0 ? Math.min(open, SECONDS - 1) : open;
    }

    private void layOutOpen(int i, double start, double end) {
        double probes = digest.get(i, HistoryDigest.PROBES);
        double refused = digest.get(i, HistoryDigest.REFUSED);
        double probingSeconds = probes == 0 ? 0 : Math.max(1, (end - start) * probes / (probes + refused));
        double probing = Math.max(refused == 0 ? start : (start + end) / 2, end - probingSeconds);
        unknown.set(raw.size());
        if (!add(i, start, probing, refused, 0, 0, 0)) {
            unknown.clear(raw.size());
        }
        add(i, probing, end, probes, digest.get(i, HistoryDigest.FAILED_PROBES), probes, 0);
    }

    private void layOutClosed(int i, double start, double end, double all, boolean opens) {
        double bad = Math.min(all, digest.get(i, HistoryDigest.FAILED) - digest.get(i, HistoryDigest.FAILED_PROBES));
        double longest = digest.get(i, HistoryDigest.RUN);
        double inARow = Math.min(bad, longest);
        double others = all - inARow;
        if (all == 0 || end <= start) {
            return;
        }
        double runSeconds = (end - start) * inARow / all;
        double share = others == 0 ? 0 : shareBeforeRun(i, opens);
        double runFrom = start + share * (end - start - runSeconds);
        double carried = isFirstTrouble(i) ? Math.max(0, longest - inARow) : 0;
        add(i, start, runFrom, others * share, (bad - inARow) * share, longest, 0);
        add(i, runFrom, runFrom + runSeconds, inARow, inARow, inARow, carried);
        add(i, runFrom + runSeconds, end, others * (1 - share), (bad - inARow) * (1 - share), longest, 0);
    }

    private boolean isFirstTrouble(int i) {
        return i == 0 || digest.isCalm(i - 1) || !digest.follows(i);
    }

    /** How much of the other calls came before the longest run. */
    private double shareBeforeRun(int i, boolean opens) {
        if (opens) {
            return 1;
        }
        if (beganBefore(i)) {
            return 0;
        }
        boolean goesOn = i + 1 < digest.size() && digest.follows(i + 1) && beganBefore(i + 1);
        return goesOn ? 1 : 0.5;
    }

    private boolean beganBefore(int i) {
        return digest.get(i, HistoryDigest.RUN) > digest.get(i, HistoryDigest.FAILED);
    }

    private boolean add(int i, double start, double end, double all, double bad, double inARow, double before) {
        int size = raw.size();
        raw.add(start, end, all, bad, inARow, before, i, Math.max(0, episodes - 1));
        return raw.size() > size;
    }

    /** Gives refused calls the fate of those next to them. Where there are none, they are left out. */
    private Timeline filledIn() {
        Timeline line = new Timeline(digest, episodes, 2 * raw.size());
        double failingSince = Double.NaN;
        int before = -1;
        for (int i = 0; i < raw.size(); i++) {
            if (!unknown.get(i)) {
                copy(line, i, raw.from(i), raw.to(i), i);
                before = i;
                boolean failing = raw.failureShare(i) >= FAILING;
                failingSince = failing && !Double.isNaN(failingSince) ? failingSince : raw.from(i);
                failingSince = failing ? failingSince : Double.NaN;
                continue;
            }
            int next = unknown.nextClearBit(i);
            int after = next < raw.size() ? next : before;
            double turn = turn(failingSince, raw.from(i), raw.to(next - 1));
            for (int j = i; j < next && after >= 0; j++) {
                copy(line, j, raw.from(j), Math.min(turn, raw.to(j)), before < 0 ? after : before);
                copy(line, j, Math.max(turn, raw.from(j)), raw.to(j), after);
            }
            i = next - 1;
        }
        return line;
    }

    /** When what was before gives way to what was after. */
    private static double turn(double failingSince, double start, double end) {
        if (Double.isNaN(failingSince)) {
            return (start + end) / 2;
        }
        double youngest = Math.max(1, start - failingSince);
        double oldest = Math.max(youngest, end - failingSince);
        return Math.min(end, Math.max(start, failingSince + Math.sqrt(youngest * oldest)));
    }

    /** Takes over a part of a segment, in which as large a share fails as in another one. */
    private void copy(Timeline line, int i, double start, double end, int like) {
        double all = raw.calls(i) * (end - start) / (raw.to(i) - raw.from(i));
        double bad = all * raw.failureShare(like);
        line.add(start, end, all, bad, raw.run(like), raw.carried(i), raw.row(like), raw.episode(i));
    }
}
