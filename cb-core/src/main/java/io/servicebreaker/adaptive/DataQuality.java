package io.servicebreaker.adaptive;

import java.time.Duration;

/**
 * How much a history can be trusted, from five shares between 0 and 1.
 *
 * @param amount of calls: n / (n + k) with k = {@link AdaptiveSettings#minDataPoints()}; the credibility factor of
 *     H. Bühlmann, Experience rating and credibility, ASTIN Bulletin 4 (1967)
 * @param coverage share of the learning window between its first and its last minute
 * @param recency 1 if it reaches until now, 0 if it ended a learning window ago
 * @param episodes independent troubles, e / (e + 5) by the same formula: about five that agree convince
 * @param seen share of the troubled time in which calls were let through
 */
record DataQuality(double amount, double coverage, double recency, double episodes, double seen) {

    private static final double FEW_EPISODES = 5;
    private static final double SECONDS = 60;

    static DataQuality of(Timeline line, AdaptiveSettings settings, double nowMinute) {
        HistoryDigest digest = line.digest;
        double window = minutes(settings.learningWindow());
        double calls = digest.calls();
        double covered = digest.lastEnd() - digest.firstStart();
        double open = 0;
        double troubled = 0;
        for (int i = 0; i < digest.size(); i++) {
            if (!digest.isCalm(i)) {
                troubled += SECONDS;
                open += digest.get(i, HistoryDigest.OPEN_SECONDS);
            }
        }
        return new DataQuality(
                calls / (calls + settings.minDataPoints()),
                share(covered / window),
                1 - share((nowMinute - digest.lastEnd()) / window),
                line.episodes / (line.episodes + FEW_EPISODES),
                troubled == 0 ? 1 : 1 - share(open / troubled));
    }

    private static double minutes(Duration duration) {
        return duration.toSeconds() / SECONDS;
    }

    private static double share(double value) {
        return Math.max(0, Math.min(1, value));
    }

    /**
     * All of them in one: the geometric mean, so that one that is bad is not made up for by the others.
     *
     * <p>Source: the Human Development Index, UNDP, Human Development Report 2010, technical note 1.
     */
    double score() {
        return Math.pow(amount * coverage * recency * episodes * seen, 1.0 / 5);
    }
}
