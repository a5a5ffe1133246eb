package io.servicebreaker.sample.simulator;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of recorded time in which a service behaves in one statistical way.
 *
 * @param fromSecond since the episode began, as {@code toSecond} and {@code hintEndSecond}
 * @param shares what a failure is, by kind; the shares add up to 1
 * @param hintEndSecond end of a rate-limit window if the server tells it
 */
record Stretch(
        double fromSecond,
        double toSecond,
        Type type,
        double errorProbability,
        Map<Fault, Double> shares,
        double okMedianSeconds,
        double okSigma,
        double errorMedianSeconds,
        @Nullable Double hintEndSecond) {

    enum Type {
        HEALTHY,
        BLIP,
        RATE_LIMIT,
        SLOW,
        INCIDENT,
        GAP,
        RESIDUAL
    }
}
