package io.servicebreaker.adaptive;

/**
 * What a closed breaker remembers in a replay: calls, failed and slow ones as sums over time, which grow evenly between the
 * times that are known. So what is in the window at any time is a difference of two sums, and when a share is reached is the
 * root of a linear equation. Not safe for use by many threads.
 */
final class ReplayedWindow {

    private static final double NEVER = Double.POSITIVE_INFINITY;
    private static final double ROUNDING = 1e-9;
    private static final int FIRST_CAPACITY = 64;

    private final double seconds;
    private final double leastCalls;
    private final double failureShare;
    private final double slowShare;

    private double[] times = new double[FIRST_CAPACITY];

    private final Sum calls = new Sum();
    private final Sum failed = new Sum();
    private final Sum slow = new Sum();
    private int size;

    /** The last of the times that has left the window, or -1. */
    private int left = -1;

    ReplayedWindow(double seconds, double leastCalls, double failureShare, double slowShare) {
        this.seconds = seconds;
        this.leastCalls = leastCalls;
        this.failureShare = failureShare;
        this.slowShare = slowShare;
    }

    void clear() {
        size = 0;
        left = -1;
    }

    /** Adds calls that come evenly, so many a second of each kind. */
    void add(double start, double end, double rate, double failureRate, double slowRate) {
        makeRoom();
        if (size == 0) {
            begin(start);
        } else if (times[size - 1] < start) {
            goOn(start, 0, 0, 0);
        }
        goOn(end, rate, failureRate, slowRate);
    }

    /** When a share is first reached within the calls that were added last, or infinity if it is not. */
    double opensAt(double start, double end) {
        return Math.min(opensAt(failed, failureShare, start, end), opensAt(slow, slowShare, start, end));
    }

    private void begin(double start) {
        calls.until[0] = 0;
        failed.until[0] = 0;
        slow.until[0] = 0;
        times[0] = start;
        size = 1;
    }

    private void goOn(double until, double rate, double failureRate, double slowRate) {
        calls.goOn(rate, size, until - times[size - 1]);
        failed.goOn(failureRate, size, until - times[size - 1]);
        slow.goOn(slowRate, size, until - times[size - 1]);
        times[size++] = until;
    }

    /** For two times more: what has left the window goes first. */
    private void makeRoom() {
        if (size + 2 <= times.length) {
            return;
        }
        int gone = Math.max(0, left);
        int capacity = size - gone + 2 > times.length / 2 ? 2 * times.length : times.length;
        times = shifted(times, gone, capacity);
        calls.shift(gone, capacity);
        failed.shift(gone, capacity);
        slow.shift(gone, capacity);
        size -= gone;
        left -= gone;
    }

    private static double[] shifted(double[] values, int gone, int capacity) {
        double[] rest = capacity == values.length ? values : new double[capacity];
        System.arraycopy(values, gone, rest, 0, values.length - gone);
        return rest;
    }

    private double opensAt(Sum bad, double share, double start, double end) {
        moveTo(start);
        double coming = bad.rates[size - 2] * Math.min(seconds, end - start);
        if (inWindow(bad, start) + coming < share * leastCalls - ROUNDING) {
            return NEVER; // before anything is computed exactly
        }
        int before = left;
        double opens = firstReached(bad, share, start, end);
        left = before;
        return opens;
    }

    private double firstReached(Sum bad, double share, double start, double end) {
        double at = start;
        while (at < end) {
            moveTo(at);
            double next = Math.min(end, left + 1 < size ? times[left + 1] + seconds : end);
            double wait = wait(bad, share, at, next);
            if (wait <= next - at) {
                return at + wait;
            }
            at = next;
        }
        return NEVER;
    }

    /** Compares the same sums as {@link #firstReached}, or rounding could hold that up for ever. */
    private void moveTo(double at) {
        while (left + 1 < size && times[left + 1] + seconds <= at) {
            left++;
        }
    }

    /** How long until there are calls enough and so large a share of them is bad. */
    private double wait(Sum bad, double share, double at, double next) {
        double all = inWindow(calls, at);
        double allGrowth = growth(calls);
        double surplus = inWindow(bad, at) - share * all;
        double surplusGrowth = growth(bad) - share * allGrowth;
        if (surplus < -ROUNDING && surplus + surplusGrowth * (next - at) < -ROUNDING) {
            return NEVER;
        }
        double latest = Math.min(until(all - leastCalls, allGrowth), until(surplus, surplusGrowth));
        double earliest = Math.max(since(all - leastCalls, allGrowth), since(surplus, surplusGrowth));
        return earliest <= Math.min(latest, next - at) ? earliest : NEVER;
    }

    /** From when on {@code value} is not negative, if it grows so fast. */
    private static double since(double value, double growth) {
        if (value >= -ROUNDING) {
            return 0;
        }
        return growth > 0 ? -value / growth : NEVER;
    }

    /** Until when {@code value} is not negative. */
    private static double until(double value, double growth) {
        if (growth >= 0) {
            return NEVER;
        }
        return value >= -ROUNDING ? Math.max(0, -value / growth) : -1;
    }

    /** Growth a second, of what comes less what leaves. */
    private double growth(Sum sum) {
        double coming = sum.rates[size - 2];
        return left < 0 || left + 1 >= size ? coming : coming - sum.rates[left];
    }

    /** What is in the window at a time within the last calls that were added. */
    private double inWindow(Sum sum, double at) {
        double come = sum.until[size - 2] + sum.rates[size - 2] * (at - times[size - 2]);
        if (left < 0) {
            return come;
        }
        double leaving = left + 1 >= size ? 0 : sum.rates[left] * (at - seconds - times[left]);
        return come - sum.until[left] - leaving;
    }

    /** One kind of calls. */
    private static final class Sum {

        /** Calls until each of the times. */
        private double[] until = new double[FIRST_CAPACITY];

        /** Calls a second from each of the times to the next. */
        private double[] rates = new double[FIRST_CAPACITY];

        /** Continues from the last of so many times. */
        void goOn(double rate, int times, double length) {
            rates[times - 1] = rate;
            until[times] = until[times - 1] + rate * length;
        }

        void shift(int gone, int capacity) {
            until = shifted(until, gone, capacity);
            rates = shifted(rates, gone, capacity);
        }
    }
}
