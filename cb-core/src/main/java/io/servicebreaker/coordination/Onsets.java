package io.servicebreaker.coordination;

/**
 * When the last episodes of a service's failures began: failures after at least {@value #QUIET_SECONDS} quiet seconds. At most
 * {@value #CAPACITY}, none older than an hour. Of one thread.
 */
final class Onsets {

    static final int CAPACITY = 128;
    static final double QUIET_SECONDS = 10;

    private static final double HORIZON = 3600;

    private final double[] ring = new double[CAPACITY];
    private int first;
    private int count;
    private double lastFailure = Double.NEGATIVE_INFINITY;

    void failedAt(double at) {
        if (at - lastFailure >= QUIET_SECONDS) {
            if (count == CAPACITY) {
                first = (first + 1) % CAPACITY;
                count--;
            }
            ring[(first + count++) % CAPACITY] = at;
        }
        lastFailure = at;
    }

    void expire(double now) {
        while (count > 0 && get(0) < now - HORIZON) {
            first = (first + 1) % CAPACITY;
            count--;
        }
    }

    int count() {
        return count;
    }

    /** The oldest is the first. */
    double get(int index) {
        return ring[(first + index) % CAPACITY];
    }

    double last() {
        return count == 0 ? Double.NEGATIVE_INFINITY : get(count - 1);
    }
}
