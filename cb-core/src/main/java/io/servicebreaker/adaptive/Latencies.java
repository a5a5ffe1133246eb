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
    private static final double NANOS_PER_MILLI = 1e6;

    private final long[] counts;

    /**
     * Creates them from counts.
     *
     * @param counts calls in each bucket, none negative; {@link #BUCKETS} of them
     */
    public Latencies(long[] counts) {
        if (counts.length != BUCKETS || Arrays.stream(counts).anyMatch(count -> count < 0)) {
            throw new IllegalArgumentException("latencies are " + BUCKETS + " counts, none of them negative");
        }
        this.counts = counts.clone();
    }

    /** Calls in each bucket. */
    public long[] counts() {
        return counts.clone();
    }

    /** The bucket of a call that took so long. */
    public static int bucket(long nanos) {
        double octaves = Math.log(nanos / NANOS_PER_MILLI) / Math.log(2);
        return nanos <= NANOS_PER_MILLI ? 0 : Math.min(BUCKETS - 1, (int) Math.ceil(octaves * PER_OCTAVE));
    }

    /** The longest time that falls into a bucket. */
    public static long upperNanos(int bucket) {
        return Math.round(NANOS_PER_MILLI * Math.pow(2, (double) bucket / PER_OCTAVE));
    }

    public long count() {
        return Arrays.stream(counts).sum();
    }

    /** Calls that took longer, counting whole buckets. */
    public long longerThan(long nanos) {
        return Arrays.stream(counts, bucket(nanos) + 1, BUCKETS).sum();
    }

    public Latencies plus(Latencies other) {
        long[] sums = counts.clone();
        Arrays.setAll(sums, i -> sums[i] + other.counts[i]);
        return new Latencies(sums);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Latencies that && Arrays.equals(counts, that.counts);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(counts);
    }

    @Override
    public String toString() {
        return count() + " latencies";
    }
}
