package io.servicebreaker.adaptive;

/**
 * The history of a service as segments: in each, calls come evenly, and as large a share of them fails. What all candidates
 * are replayed on; made by {@link TimelineBuilder}.
 */
final class Timeline {

    final HistoryDigest digest;

    /** Troubles that are independent of each other. */
    final int episodes;

    private int size;
    private final double[] from;
    private final double[] to;
    private final double[] calls;
    private final double[] rate;
    private final double[] spacing;
    private final double[] failureShare;
    private final double[] failedSeconds;
    private final double[] failedLoss;
    private final double[] goodSeconds;
    private final double[] goodLoss;
    private final double[] run;
    private final double[] carried;
    private final int[] row;
    private final int[] episode;

    Timeline(HistoryDigest digest, int episodes, int capacity) {
        this.digest = digest;
        this.episodes = episodes;
        from = new double[capacity];
        to = new double[capacity];
        calls = new double[capacity];
        rate = new double[capacity];
        spacing = new double[capacity];
        failureShare = new double[capacity];
        failedSeconds = new double[capacity];
        failedLoss = new double[capacity];
        goodSeconds = new double[capacity];
        goodLoss = new double[capacity];
        run = new double[capacity];
        carried = new double[capacity];
        row = new int[capacity];
        episode = new int[capacity];
    }

    /**
     * Adds a segment, unless it has no length or no calls.
     *
     * @param start in seconds
     * @param bad those of all calls that fail
     * @param inARow most failures in a row that there can be
     * @param before failures in a row before it that are in no segment
     * @param like row of the digest from which latencies and slow calls are taken
     */
    void add(double start, double end, double all, double bad, double inARow, double before, int like, int trouble) {
        if (!(end > start) || all == 0) {
            return;
        }
        from[size] = start;
        to[size] = end;
        calls[size] = all;
        rate[size] = all / (end - start);
        spacing[size] = (end - start) / all;
        failureShare[size] = bad / all;
        failedSeconds[size] = digest.get(like, HistoryDigest.FAILED_SECONDS);
        failedLoss[size] = digest.get(like, HistoryDigest.FAILED_LOSS);
        goodSeconds[size] = digest.get(like, HistoryDigest.GOOD_SECONDS);
        goodLoss[size] = digest.get(like, HistoryDigest.GOOD_LOSS);
        run[size] = bad >= all ? all : Math.min(inARow, Math.ceil(bad / (all - bad + 1)));
        carried[size] = before;
        row[size] = like;
        episode[size] = trouble;
        size++;
    }

    /** The segment at a time, from one on that begins earlier; the next one if there is none then. */
    int at(int first, double time) {
        int segment = first;
        while (segment < size - 1 && to[segment] < time) {
            segment++;
        }
        return segment;
    }

    int size() {
        return size;
    }

    /** Seconds since the history begins. */
    double from(int segment) {
        return from[segment];
    }

    double to(int segment) {
        return to[segment];
    }

    double calls(int segment) {
        return calls[segment];
    }

    /** Calls a second. */
    double rate(int segment) {
        return rate[segment];
    }

    /** Seconds from one call to the next. */
    double spacing(int segment) {
        return spacing[segment];
    }

    double failureShare(int segment) {
        return failureShare[segment];
    }

    /** Most failures in a row; all calls where all fail. */
    double run(int segment) {
        return run[segment];
    }

    /** Failures in a row before it that are in no segment. */
    double carried(int segment) {
        return carried[segment];
    }

    int episode(int segment) {
        return episode[segment];
    }

    boolean isCalm(int segment) {
        return digest.isCalm(row[segment]);
    }

    int row(int segment) {
        return row[segment];
    }

    /** Mean latency of a failed call. */
    double failedSeconds(int segment) {
        return failedSeconds[segment];
    }

    /** Mean loss by a failed call. */
    double failedLoss(int segment) {
        return failedLoss[segment];
    }

    /** Mean latency of an answer. */
    double goodSeconds(int segment) {
        return goodSeconds[segment];
    }

    /** Mean loss by an answer. */
    double goodLoss(int segment) {
        return goodLoss[segment];
    }

    /** Share of slow calls by the limit at this position of the digest. */
    double slowShare(int segment, int slowField) {
        return digest.get(row[segment], slowField) / digest.get(row[segment], HistoryDigest.CALLS);
    }
}
