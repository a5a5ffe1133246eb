package io.servicebreaker.adaptive;

/** The probes of a half-open breaker in a replay. Times are seconds. Not safe for use by many threads. */
final class ReplayedProbes {

    private static final double NEVER = Double.POSITIVE_INFINITY;

    private final int places;
    private final double lease;

    /** When those end that succeed and are under way, in the order in which they were made. */
    private final double[] ends;

    private int first;
    private int underWay;
    private int failed;
    private int hung;
    private int succeeded;
    private double leasesEnd;
    private double lastSuccess;
    private double reopensAt;

    ReplayedProbes(int places, double lease) {
        this.places = places;
        this.lease = lease;
        this.ends = new double[places];
    }

    void begin() {
        underWay = 0;
        failed = 0;
        hung = 0;
        succeeded = 0;
        leasesEnd = 0;
        lastSuccess = 0;
        reopensAt = NEVER;
    }

    /** When one has failed, or infinity. */
    double reopensAt() {
        return reopensAt;
    }

    /** When enough have succeeded, or infinity. */
    double closesAt() {
        return succeeded >= places ? lastSuccess : NEVER;
    }

    /** The first time from then on at which another one may be made, if nothing is decided before. */
    double freeAt(double at) {
        while (underWay > 0 && ends[first] <= at) {
            first = (first + 1) % places;
            underWay--;
        }
        hung = leasesEnd <= at ? 0 : hung;
        if (underWay + failed + hung < places) {
            return at;
        }
        double success = underWay > 0 ? ends[first] : NEVER;
        return hung > 0 ? Math.min(success, leasesEnd) : success;
    }

    /** Makes one, for which there is a place. One that takes longer than its lease holds its place and says nothing. */
    void make(double at, double takes, boolean fails) {
        if (takes > lease) {
            hung++;
            leasesEnd = Math.max(leasesEnd, at + lease);
        } else if (fails) {
            failed++;
            reopensAt = Math.min(reopensAt, at + takes);
        } else {
            ends[(first + underWay) % places] = at + takes;
            underWay++;
            succeeded++;
            lastSuccess = succeeded <= places ? Math.max(lastSuccess, at + takes) : lastSuccess;
        }
    }
}
