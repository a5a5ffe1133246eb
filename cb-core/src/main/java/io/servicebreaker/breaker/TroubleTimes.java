package io.servicebreaker.breaker;

/**
 * How long trouble lasts: it is a blip that is over soon, or an incident that lasts the longer the longer it has lasted. How
 * long the incidents of this service last is learned from those that it had. Used by one thread at a time.
 *
 * <p>Blips are distributed exponentially; incidents as a Lomax distribution with shape 1, half of which are over after its
 * scale. Source of the mixture and of its prior: figures on public incidents of AI services until 2023. Source of the
 * distribution: K. S. Lomax, <i>Business Failures</i>, Journal of the American Statistical Association 49, 1954.
 */
final class TroubleTimes {

    private static final double BLIPS = 0.9;
    private static final double BLIP_SECONDS = 10;
    private static final double INCIDENT_SECONDS = 1500;

    /** So many incidents of its own weigh as much as what is known of others. */
    private static final double PRIOR_INCIDENTS = 10;

    private static final double SHORTEST_SCALE = 60;
    private static final double LONGEST_SCALE = 6 * 3600;

    private double incidents = PRIOR_INCIDENTS;
    private double logSum = PRIOR_INCIDENTS * Math.log(INCIDENT_SECONDS);
    private double scale = INCIDENT_SECONDS;

    /** Chance a second that trouble ends which has lasted for so many seconds. */
    double hazard(double age) {
        double blip = blipsLeft(age);
        double incident = incidentsLeft(age);
        return (blip / BLIP_SECONDS + incident / (scale + age)) / (blip + incident);
    }

    /** Seconds after which trouble of this age is over with a chance of one half. */
    double remaining(double age) {
        double half = left(age) / 2;
        double below = age;
        double above = age + scale + BLIP_SECONDS + age; // where the incidents alone are half as many
        for (int i = 0; i < 50; i++) {
            double middle = (below + above) / 2;
            if (left(middle) > half) {
                below = middle;
            } else {
                above = middle;
            }
        }
        return above - age;
    }

    /**
     * Trouble has ended. It counts as an incident as far as it is too long for a blip. For shape 1 the logarithm of the scale is the
     * mean of the logarithms of the lengths, so that of what was seen is taken for it (the method of moments).
     */
    void ended(double seconds) {
        double length = Math.max(1, seconds);
        double blip = BLIPS / BLIP_SECONDS * Math.exp(-length / BLIP_SECONDS);
        double incident = (1 - BLIPS) * scale / ((scale + length) * (scale + length));
        double share = incident / (incident + blip);
        incidents += share;
        logSum += share * Math.log(length);
        scale = Math.min(LONGEST_SCALE, Math.max(SHORTEST_SCALE, Math.exp(logSum / incidents)));
    }

    private double left(double age) {
        return blipsLeft(age) + incidentsLeft(age);
    }

    private static double blipsLeft(double age) {
        return BLIPS * Math.exp(-age / BLIP_SECONDS);
    }

    private double incidentsLeft(double age) {
        return (1 - BLIPS) * scale / (scale + age);
    }
}
