package io.servicebreaker.adaptive;

/**
 * Why one setting of a service has another value than the configured one, and until when. Immutable.
 *
 * @param owner who wants it
 * @param parameter which setting
 * @param factor what the configured value is multiplied with, above 0
 * @param reason for people
 * @param sinceNanos when it began, as the clock counts
 * @param untilNanos when it ends unless its owner renews it, as the clock counts
 */
public record Overlay(
        Owner owner, Parameter parameter, double factor, String reason, long sinceNanos, long untilNanos) {

    /** Who may want another value than the configured one. */
    public enum Owner {
        /** What history recommends. */
        LEARNING,
        /** More or fewer calls than usual. */
        LOAD,
        /** More or fewer failures than usual. */
        TREND,
        /** Little of a budget is left. */
        BUDGET,
        /** A person, who wants what is configured. */
        OPERATOR
    }

    public Overlay {
        if (!(factor > 0) || Double.isInfinite(factor)) {
            throw new IllegalArgumentException("factor is " + factor + ", allowed is any above 0");
        }
    }

    /** The same with another end. */
    Overlay until(long nanos) {
        return new Overlay(owner, parameter, factor, reason, sinceNanos, nanos);
    }
}
