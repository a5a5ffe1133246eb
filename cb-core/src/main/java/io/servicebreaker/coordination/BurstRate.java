package io.servicebreaker.coordination;

/**
 * How often bursts of one service begin that nothing explains: over a day, and over the last hour if that is worse. Of one
 * thread.
 */
final class BurstRate {

    private static final double HOUR = 3600;
    private static final double DAY = 24 * HOUR;

    /** Services without a burst would else seem rarer than they are, and rare ones are looked for. */
    private static final double LIKE_OTHERS = 3;

    private double ofDay;
    private double daySeconds;
    private double ofHour;

    /** Bursts could have been found for some seconds more. */
    void age(double seconds) {
        double day = Math.exp(-seconds / DAY);
        ofDay *= day;
        daySeconds = daySeconds * day + seconds;
        ofHour *= Math.exp(-seconds / HOUR);
    }

    void count() {
        ofDay++;
        ofHour++;
    }

    double bursts() {
        return ofDay;
    }

    double seconds() {
        return daySeconds;
    }

    /**
     * Bursts in an hour.
     *
     * @param pooled the mean of all services, which counts as much as a few bursts of this one
     */
    double perHour(double pooled) {
        return Math.max((ofDay + LIKE_OTHERS) / (daySeconds / HOUR + LIKE_OTHERS / pooled), ofHour);
    }
}
