package io.servicebreaker.coordination;

/**
 * How short of resources this application is. Immutable.
 *
 * @param heap share of the heap in use after its last collection, 0 to 1; {@link Double#NaN} if not known
 * @param cpu share of the processors' time in use, smoothed, 0 to 1; {@link Double#NaN} if not known
 * @param share share of the calls to be refused for it, 0 to 1; those of the most important services are not among them
 *     while only the processors are busy
 * @param ofHeap the same for the heap alone, at most {@code share}
 * @param shedding whether calls are refused, or have been a moment ago
 * @param reason why, for people; empty if {@code shedding} is false
 */
public record LoadReading(double heap, double cpu, double share, double ofHeap, boolean shedding, String reason) {

    /** Short of nothing that is known. */
    public static final LoadReading CALM = new LoadReading(Double.NaN, Double.NaN, 0, 0, false, "");
}
