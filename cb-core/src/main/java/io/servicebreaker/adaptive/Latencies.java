package io.servicebreaker.adaptive;

import java.util.Arrays;

/**
 * How long calls took, counted in buckets that grow by a factor of the fourth root of two: a quantile is exact to a tenth.
 * Immutable.
 */
public final class Latencies {

    /** From one millisecond to twelve days. */
    public static final int BUCKETS = 121;

    public static final Latencies NONE = new Latencies(new long[BUCKETS]);

    private static final int PER_OCTAVE = 4;
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long[] UPPER_NANOS = new long[BUCKETS];

    static {
        Arrays.setAll(UPPER_NANOS, bucket -> Math.round(NANOS_PER_MILLI * Math.pow(2, (double) bucket / PER_OCTAVE)));
    }

    /** Bucket of the first count, 0 if there is none. Calls of a service lie close together: the rest would be zeros. */
    private final int first;

    /** Begins and ends with a count that is not 0. */
    private final long[] counts;

    /**
     * Creates them from counts.
     *
     * @param counts calls in each bucket, none negative; {@link #BUCKETS} of them
     */
    public Latencies(long[] counts) {
        this(counts, 0);
        if (counts.length != BUCKETS || Arrays.stream(counts).anyMatch(count -> count < 0)) {
            throw new IllegalArgumentException("latencies are " + BUCKETS + " counts, none of them negative");
        }
    }

    /** Creates them from counts that begin somewhere in an array. */
    private Latencies(long[] counts, int at) {
        int from = at;
        int to = Math.min(counts.length, at + BUCKETS);
        while (from < to && counts[from] == 0) {
            from++;
        }
        while (to > from && counts[to - 1] == 0) {
            to--;
        }
        this.first = from == to ? 0 : from - at;
        this.counts = Arrays.copyOfRange(counts, from, to);
    }

    /** Those whose counts begin there in an array. */
    static Latencies ofPart(long[] numbers, int at) {
        Latencies found = new Latencies(numbers, at);
        return found.counts.length == 0 ? NONE : found;
    }

    /** Calls in each bucket. */
    public long[] counts() {
        long[] all = new long[BUCKETS];
        System.arraycopy(counts, 0, all, first, counts.length);
        return all;
    }

    /** Lowest bucket with a call, 0 if there is none. */
    int lowest() {
        return first;
    }

    /** Buckets from the lowest to the highest with a call, both included; 0 if there is none. */
    int width() {
        return counts.length;
    }

    /** Calls in a bucket. */
    long in(int bucket) {
        int place = bucket - first;
        return place >= 0 && place < counts.length ? counts[place] : 0;
    }

    /** The bucket of a call that took so long. */
    public static int bucket(long nanos) {
        if (nanos > UPPER_NANOS[BUCKETS - 1]) {
            return BUCKETS - 1;
        }
        int octave = Long.SIZE - 1 - Long.numberOfLeadingZeros(Math.max(nanos, NANOS_PER_MILLI) / NANOS_PER_MILLI);
        int bucket = octave * PER_OCTAVE;
        while (nanos > UPPER_NANOS[bucket]) { // at most four times, which takes less than a logarithm
            bucket++;
        }
        return bucket;
    }

    /** The longest time that falls into a bucket. */
    public static long upperNanos(int bucket) {
        return UPPER_NANOS[bucket];
    }

    public long count() {
        return Arrays.stream(counts).sum();
    }

    /** Calls that took longer, counting whole buckets. */
    public long longerThan(long nanos) {
        int from = Math.max(0, bucket(nanos) + 1 - first);
        long sum = 0;
        for (int i = from; i < counts.length; i++) {
            sum += counts[i];
        }
        return sum;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Latencies that && first == that.first && Arrays.equals(counts, that.counts);
    }

    @Override
    public int hashCode() {
        return 31 * first + Arrays.hashCode(counts);
    }

    @Override
    public String toString() {
        return count() + " latencies";
    }
}
