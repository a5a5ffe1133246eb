package io.servicebreaker.breaker;

/** What a result means to the state machine. */
enum Verdict {
    /** Works. */
    SUCCESS,
    /** Works, slowly. */
    SLOW,
    /** Does not work. */
    FAILURE,
    /** Nothing was learned. */
    NEUTRAL
}
