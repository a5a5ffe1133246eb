package io.servicebreaker.call;

/**
 * How much work a call should ask of its service: less while there is trouble, so that more of what matters gets done.
 * It never shortens the time that the same work may take.
 *
 * <p>There is one level for each step of {@code service-breaker.coordination.degradation-steps}.
 */
public enum DegradationLevel {
    /** All that is useful. */
    FULL(0),
    /** A little less: a smaller model, fewer results. */
    REDUCED(1),
    /** Clearly less: shorter prompts and answers as well. */
    LIMITED(2),
    /** As little as makes an answer worth giving. */
    MINIMAL(3),
    /** What is known already, if anything is. */
    CACHE_ONLY(4);

    private static final DegradationLevel[] LEVELS = values();

    private final int step;

    DegradationLevel(int step) {
        this.step = step;
    }

    /** Number of the step, 0 for none to 4. */
    public int step() {
        return step;
    }

    /** Whether less than all is to be asked for. */
    public boolean isDegraded() {
        return this != FULL;
    }

    /** Whether as little as at the other level is to be asked for, or less. */
    public boolean isAtLeast(DegradationLevel other) {
        return compareTo(other) >= 0;
    }

    /** The lower level of service of the two. */
    public DegradationLevel or(DegradationLevel other) {
        return isAtLeast(other) ? this : other;
    }

    /**
     * The level of a step.
     *
     * @param step 0 to 4
     */
    public static DegradationLevel ofStep(int step) {
        return LEVELS[step];
    }
}
