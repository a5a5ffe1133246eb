package io.servicebreaker.adaptive;

import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.call.FailureCause;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;

/**
 * What is left of the history of a service when all is left out that no candidate setting could act on. Not safe for use by
 * many threads.
 *
 * <p>A minute is <em>calm</em> if no candidate could open in it: too few failures in a row, in a window and as a share, too
 * few slow calls, nothing refused. Calm minutes that follow each other become one stretch with the sums of their counts; the
 * first {@value #AFTER} minutes after a trouble are a stretch of their own, and the last {@value #BEFORE} before the next are
 * kept as they are, because their traffic decides what a needless opening costs and how soon a share is reached. The minutes
 * that are not calm are kept as they are.
 *
 * <p>At most {@value #MOST_ROWS} rows are kept: where a service is in trouble all the time, the newest count.
 *
 * <p>Numbers are held as numbers in one array: a month is some hundred kilobytes at most.
 */
final class HistoryDigest {

    static final int AFTER = 10;
    static final int BEFORE = 2;
    static final int MOST_ROWS = 600;

    /** Minutes since the epoch. */
    static final int START = 0;

    static final int MINUTES = 1;
    /** 0 or 1. */
    static final int CALM = 2;

    static final int CALLS = 3;
    static final int FAILED = 4;
    static final int REFUSED = 5;
    static final int PROBES = 6;
    static final int FAILED_PROBES = 7;
    static final int OPEN_SECONDS = 8;
    /** Most failures in a row. */
    static final int RUN = 9;
    /** Mean time of the failed calls in seconds. */
    static final int FAILED_SECONDS = 10;
    /** Mean loss by a failed call. */
    static final int FAILED_LOSS = 11;

    static final int GOOD_SECONDS = 12;
    static final int GOOD_LOSS = 13;
    /** Slow calls by each of the values that are tried. */
    static final int SLOW = 14;

    private static final int FIRST_CAPACITY = 32;
    private static final double SECONDS = 60;
    private static final double MOST_CALLS = 1e7;

    private final int[] slowBuckets;
    private final int width;
    private final double leastRun;
    private final double leastShare;
    private final double leastFailed;
    private final double leastSlowShare;
    private final double leastSlow;

    private double[] rows;
    private int size;

    /** Calm rows at the end. */
    private int calmRows;

    /** The last minute in which the provider wanted no calls. */
    private double heldAt = Double.NEGATIVE_INFINITY;

    HistoryDigest(Candidates candidates) {
        BreakerSettings baseline = candidates.baseline();
        this.slowBuckets = Arrays.stream(candidates.of(Parameter.SLOW_CALL_DURATION))
                .mapToInt(HistoryDigest::bucket)
                .toArray();
        this.width = SLOW + slowBuckets.length;
        this.leastRun = candidates.lowest(Parameter.FAILURE_THRESHOLD);
        this.leastShare = candidates.lowest(Parameter.ERROR_RATE_THRESHOLD);
        this.leastSlowShare = baseline.slowCallRateThreshold();
        double perMinute = baseline.minimumCalls() / (1 + candidates.highest(Parameter.WINDOW) / SECONDS);
        this.leastFailed = leastShare * perMinute;
        this.leastSlow = leastSlowShare * perMinute;
        this.rows = new double[FIRST_CAPACITY * width];
    }

    private static int bucket(double seconds) {
        return Latencies.bucket(Math.round(seconds * 1e9));
    }

    int size() {
        return size;
    }

    double get(int row, int field) {
        return rows[row * width + field];
    }

    /** Position of the counts of slow calls by this limit, or by the one next to it that was counted. */
    int slowField(double seconds) {
        int wanted = bucket(seconds);
        int best = 0;
        for (int i = 1; i < slowBuckets.length; i++) {
            best = Math.abs(slowBuckets[i] - wanted) < Math.abs(slowBuckets[best] - wanted) ? i : best;
        }
        return SLOW + best;
    }

    /** Slow calls in all rows by the limit at this position. */
    double slowCalls(int slowField) {
        double sum = 0;
        for (int i = 0; i < size; i++) {
            sum += get(i, slowField);
        }
        return sum;
    }

    boolean isCalm(int row) {
        return get(row, CALM) == 1;
    }

    /** Whether it follows the row before without a gap. */
    boolean follows(int row) {
        return row > 0 && get(row, START) == end(row - 1);
    }

    double end(int row) {
        return get(row, START) + get(row, MINUTES);
    }

    /** Calls in all rows. */
    double calls() {
        double sum = 0;
        for (int i = 0; i < size; i++) {
            sum += get(i, CALLS);
        }
        return sum;
    }

    /** Whether any candidate could have acted at all. */
    boolean isTroubled() {
        return calmRows < size;
    }

    double firstStart() {
        return size == 0 ? 0 : get(0, START);
    }

    double lastEnd() {
        return size == 0 ? 0 : end(size - 1);
    }

    /** Takes in a minute that is newer than all before; others, and those that are none, are left out. */
    void accept(CallMinute minute) {
        double start = minuteOf(minute.start());
        if (size > 0 && start < end(size - 1)) {
            return;
        }
        makeRoom();
        fill(size * width, start, minute);
        size++;
        calmRows = isCalm(size - 1) ? calmRows + 1 : 0;
        shorten();
    }

    /** The calm rows at the end become the first minutes, a long stretch, and the last minutes. */
    private void shorten() {
        int row = size - 1 - BEFORE;
        int nth = calmRows - 1 - BEFORE;
        if (nth >= 2 || (nth == 1 && end(row) - get(row - 1, START) <= AFTER)) {
            mergeCalm(row);
        }
    }

    static double minuteOf(Instant instant) {
        return Math.floorDiv(instant.getEpochSecond(), (long) SECONDS);
    }

    /** Leaves out what was earlier; of a stretch that began earlier, what is in proportion. */
    void forgetBefore(double minute) {
        int old = 0;
        while (old < size && end(old) <= minute) {
            old++;
        }
        drop(old);
        if (size > 0 && get(0, START) < minute) {
            shortenFirst(minute);
        }
    }

    private void shortenFirst(double start) {
        double left = end(0) - start;
        double share = left / rows[MINUTES];
        rows[START] = start;
        rows[MINUTES] = left;
        rows[CALLS] *= share;
        rows[FAILED] *= share;
        for (int i = SLOW; i < width; i++) {
            rows[i] *= share;
        }
    }

    private void drop(int old) {
        if (old > 0) {
            System.arraycopy(rows, old * width, rows, 0, (size - old) * width);
            size -= old;
            calmRows = Math.min(calmRows, size);
        }
    }

    private void makeRoom() {
        if (size == MOST_ROWS) {
            drop(MOST_ROWS / 10);
        }
        if ((size + 1) * width > rows.length) {
            rows = Arrays.copyOf(rows, Math.min(2 * rows.length, MOST_ROWS * width));
        }
    }

    private void fill(int at, double start, CallMinute minute) {
        double good = bounded((double) minute.succeeded());
        double failed = 0;
        for (long count : minute.failures().values()) {
            failed += bounded((double) count);
        }
        rows[at + START] = start;
        rows[at + MINUTES] = 1;
        rows[at + CALLS] = good + bounded(failed);
        rows[at + FAILED] = bounded(failed);
        rows[at + RUN] = bounded(minute.longestRun());
        rows[at + PROBES] = Math.min(bounded((double) minute.probes()), rows[at + CALLS]);
        rows[at + FAILED_PROBES] =
                Math.min(bounded((double) minute.failedProbes()), Math.min(rows[at + PROBES], rows[at + FAILED]));
        boolean held = isHeld(start, minute, failed);
        rows[at + REFUSED] = held ? 0 : bounded((double) minute.refused());
        rows[at + OPEN_SECONDS] = held ? 0 : Math.min(bounded(minute.openSeconds()), SECONDS);
        fillLatencies(at, minute.answers(), minute.failing());
        rows[at + CALM] = couldOpenNothing(at) ? 1 : 0;
    }

    private void fillLatencies(int at, Latencies answers, Latencies failing) {
        rows[at + GOOD_SECONDS] = CallLoss.meanSeconds(answers.counts());
        rows[at + GOOD_LOSS] = CallLoss.ofAnswers(answers.counts());
        rows[at + FAILED_SECONDS] = CallLoss.meanSeconds(failing.counts());
        rows[at + FAILED_LOSS] = CallLoss.ofFailures(failing.counts());
        for (int i = 0; i < slowBuckets.length; i++) {
            long limit = Latencies.upperNanos(slowBuckets[i]);
            double slow = (double) answers.longerThan(limit) + failing.longerThan(limit);
            rows[at + SLOW + i] = Math.min(bounded(slow), rows[at + CALLS]);
        }
    }

    /**
     * Whether its breaker was open because the provider said for how long it wants no calls. No setting that is tried would
     * have let calls through then.
     */
    private boolean isHeld(double start, CallMinute minute, double failed) {
        if (minute.refused() <= 0 && !(minute.openSeconds() > 0)) {
            return false;
        }
        Map<FailureCause, Long> ignored = minute.ignored();
        boolean told = ignored.containsKey(FailureCause.RATE_LIMIT)
                || ignored.containsKey(FailureCause.QUOTA)
                || ignored.containsKey(FailureCause.AUTHENTICATION);
        boolean held = failed == 0 && (told || heldAt == start - 1);
        heldAt = held ? start : heldAt;
        return held;
    }

    private boolean couldOpenNothing(int at) {
        double calls = rows[at + CALLS];
        double failed = rows[at + FAILED];
        double slow = rows[at + SLOW];
        return rows[at + REFUSED] == 0
                && rows[at + OPEN_SECONDS] == 0
                && rows[at + PROBES] == 0
                && rows[at + RUN] < leastRun
                && (failed < leastFailed || failed < leastShare * calls)
                && (slow < leastSlow || slow < leastSlowShare * calls);
    }

    /** Adds a row to the one before it. */
    private void mergeCalm(int row) {
        int into = (row - 1) * width;
        int from = row * width;
        double good = rows[into + CALLS] - rows[into + FAILED];
        double moreGood = rows[from + CALLS] - rows[from + FAILED];
        mean(into + GOOD_SECONDS, good, from + GOOD_SECONDS, moreGood);
        mean(into + GOOD_LOSS, good, from + GOOD_LOSS, moreGood);
        mean(into + FAILED_SECONDS, rows[into + FAILED], from + FAILED_SECONDS, rows[from + FAILED]);
        mean(into + FAILED_LOSS, rows[into + FAILED], from + FAILED_LOSS, rows[from + FAILED]);
        rows[into + MINUTES] = end(row) - rows[into + START];
        rows[into + CALLS] += rows[from + CALLS];
        rows[into + FAILED] += rows[from + FAILED];
        rows[into + RUN] = Math.max(rows[into + RUN], rows[from + RUN]);
        for (int i = SLOW; i < width; i++) {
            rows[into + i] += rows[from + i];
        }
        System.arraycopy(rows, from + width, rows, from, (size - 1 - row) * width);
        size--;
        calmRows--;
    }

    private void mean(int into, double weight, int from, double moreWeight) {
        double both = weight + moreWeight;
        rows[into] = both == 0 ? 0 : (rows[into] * weight + rows[from] * moreWeight) / both;
    }

    /** Whatever a store may hand out, neither negative nor without bounds. */
    private static double bounded(double count) {
        return count > 0 ? Math.min(count, MOST_CALLS) : 0;
    }
}
