package io.servicebreaker.coordination;

/**
 * How one service fails over time: how often it usually does, whether it does far more often now (a burst), and when it began
 * to. Of one thread.
 *
 * <p>A burst is found by a cumulative sum of log-likelihood ratios between the usual and a raised rate of failures (E. S.
 * Page, Continuous Inspection Schemes, Biometrika 41, 1954); where the sum last left zero, the burst began. The threshold is
 * that of one false alarm in at least a hundred hours (G. Lorden, Procedures for Reacting to a Change in Distribution, Annals
 * of Mathematical Statistics 42, 1971). It ends by the same sum the other way round.
 */
final class FailureTrack {

    /** Failures below which nothing is a burst. */
    static final int LEAST_FAILURES = 3;

    /** At most. */
    static final double FALSE_ALARMS_PER_HOUR = 0.01;

    /** Of one false alarm in so many looks, one a second. */
    private static final double ALARM = Math.log(3600 / FALSE_ALARMS_PER_HOUR);

    private static final double OVER = Math.log(150);
    private static final double HOUR = 3600;
    private static final double RECENT = 300;

    /** In a burst so much more slowly: what goes on for half a day becomes usual. */
    private static final double SLOWLY = 1.0 / 12;

    private static final double LEAST_TIMES_USUAL = 3;
    private static final double LEAST_MORE_PER_SECOND = 0.1;

    /** Seconds of one failure that are assumed to have been seen before the first look. */
    private static final double ASSUMED_SECONDS = 60;

    private final CorrelatedService service;
    private final FailureCounts counts = new FailureCounts();
    private final Onsets onsets = new Onsets();
    private final BurstRate burstRate = new BurstRate();

    private long unreached;
    private long answered;
    private double usualFailures;
    private double usualSeconds;
    private double recentUnreached;
    private double recentFailures;
    private long now;

    private double evidence;
    private double recovery;
    private boolean inBurst;
    private double from;
    private double to;
    private long burstFailures;
    private double lift;

    /** Whether a correlation explains the burst. */
    private boolean claimed;

    /** Whether a burst is not counted yet, since a correlation may explain it. */
    private boolean unexplained;

    private long correlated;

    FailureTrack(CorrelatedService service) {
        this.service = service;
    }

    /**
     * Takes down what failed since the last look.
     *
     * @param before the last look, in seconds
     * @param at this look
     * @param judges whether bursts are looked for yet
     * @return whether a burst was found
     */
    boolean look(double before, double at, boolean judges) {
        long unreachedNow = counts.unreached();
        long answeredNow = counts.answered();
        long lost = unreachedNow - unreached;
        now = lost + answeredNow - answered;
        unreached = unreachedNow;
        answered = answeredNow;
        double seconds = at - before;
        remember(lost, seconds);
        if (judges) {
            burstRate.age(seconds);
        }
        if (now > 0) {
            onsets.failedAt(at);
        }
        if (at - to > JointBursts.LONGEST_SPAN) {
            countUnexplained();
        }
        if (inBurst) {
            goOn(seconds);
            return false;
        }
        return judges && suspect(before, at);
    }

    private void remember(long lost, double seconds) {
        double recent = Math.exp(-seconds / RECENT);
        recentUnreached = recentUnreached * recent + lost;
        recentFailures = recentFailures * recent + now;
        double weight = inBurst ? SLOWLY : 1;
        double usual = Math.exp(-seconds * weight / HOUR);
        usualFailures = usualFailures * usual + now * weight;
        usualSeconds = usualSeconds * usual + seconds * weight;
    }

    private double usual() {
        return (usualFailures + 1) / (usualSeconds + ASSUMED_SECONDS);
    }

    private static double raised(double usual) {
        return Math.max(LEAST_TIMES_USUAL * usual, usual + LEAST_MORE_PER_SECOND);
    }

    private boolean suspect(double before, double at) {
        if (now == 0 && evidence == 0) {
            return false;
        }
        if (evidence == 0) {
            countUnexplained();
            from = before;
            to = at;
            burstFailures = 0;
        }
        double usual = usual();
        double raised = raised(usual);
        burstFailures += now;
        evidence = Math.max(0, evidence + now * Math.log(raised / usual) - (raised - usual) * (at - before));
        if (evidence < ALARM || burstFailures < LEAST_FAILURES) {
            return false;
        }
        begin(at);
        return true;
    }

    private void begin(double at) {
        inBurst = true;
        claimed = false;
        unexplained = true;
        recovery = 0;
        usualFailures = Math.max(0, usualFailures - burstFailures);
        usualSeconds = Math.max(1, usualSeconds - (at - from));
        lift = burstFailures / Math.max(1e-9, usual() * (at - from));
    }

    private void goOn(double seconds) {
        double usual = usual();
        double raised = raised(usual);
        burstFailures += now;
        recovery = Math.max(0, recovery + (raised - usual) * seconds - now * Math.log(raised / usual));
        if (recovery >= OVER) {
            inBurst = false;
            evidence = 0;
        }
    }

    /** A burst is explained soon or never. */
    private void countUnexplained() {
        if (unexplained) {
            unexplained = false;
            burstRate.count();
        }
    }

    CorrelatedService service() {
        return service;
    }

    String name() {
        return service.name();
    }

    FailureCounts counts() {
        return counts;
    }

    Onsets onsets() {
        return onsets;
    }

    BurstRate burstRate() {
        return burstRate;
    }

    boolean inBurst() {
        return inBurst;
    }

    /** The burst began after this second. */
    double from() {
        return from;
    }

    /** The burst began at this second at the latest. */
    double to() {
        return to;
    }

    long burstFailures() {
        return burstFailures;
    }

    double lift() {
        return lift;
    }

    /** Failures of the last second. */
    long failuresNow() {
        return now;
    }

    /** Share of the last minutes' failures that got no answer. */
    double unreachedShare() {
        return recentFailures == 0 ? 0 : recentUnreached / recentFailures;
    }

    /** Whether it began to burst before a time, which is not counted yet. */
    boolean isUnexplainedBefore(double time) {
        return unexplained && from < time;
    }

    boolean isClaimed() {
        return claimed;
    }

    void claim() {
        claimed = true;
        unexplained = false;
    }

    /** Counts failures as ones that belong to a correlation. */
    void correlate(long failures) {
        correlated += failures;
    }

    long correlated() {
        return correlated;
    }
}
