package io.servicebreaker.breaker;

/**
 * The results in a window.
 *
 * @param calls all results
 * @param failed failures among them
 * @param slow slow calls among them
 * @param slowFailed slow failures among them
 * @param timedOut timeouts among them
 */
record WindowCounts(long calls, long failed, long slow, long slowFailed, long timedOut) {

    static final WindowCounts NONE = new WindowCounts(0, 0, 0, 0, 0);
}
