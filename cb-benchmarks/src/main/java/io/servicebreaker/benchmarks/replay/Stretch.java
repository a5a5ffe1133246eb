package io.servicebreaker.benchmarks.replay;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of time in which a service behaves in one way. Times are seconds since its episode began.
 *
 * @param errorShare probability that a call fails
 * @param mix what a failure is
 * @param okMedian seconds that half of the calls take that do not fail; their latency is lognormal
 * @param okSigma of the logarithm of that latency
 * @param errorMedian seconds that half of the failures take that are no timeouts
 * @param hintEnd until when the server says that it refuses calls, or null
 */
record Stretch(
        double from,
        double to,
        Kind kind,
        double errorShare,
        Mix mix,
        double okMedian,
        double okSigma,
        double errorMedian,
        @Nullable Double hintEnd) {

    /** What is the matter. */
    enum Kind {
        HEALTHY,
        BLIP,
        RATE_LIMIT,
        SLOW,
        INCIDENT,
        /** A lull inside an incident. */
        GAP,
        /** What an incident leaves behind. */
        RESIDUAL;

        static Kind named(String name) {
            return valueOf(name.toUpperCase(Locale.ROOT));
        }

        boolean isPartOfIncident() {
            return this == INCIDENT || this == GAP;
        }

        /** Whether it is a disturbance that is not worth the name of an incident. */
        boolean isDisturbance() {
            return this == BLIP || this == RATE_LIMIT || this == SLOW;
        }
    }

    /** Shares of failures by kind; the rest of them are timeouts. */
    record Mix(double rateLimited, double broken, double overloaded) {

        Answer.Kind at(double point) {
            if (point < rateLimited) {
                return Answer.Kind.RATE_LIMITED;
            }
            if (point < rateLimited + broken) {
                return Answer.Kind.BROKEN;
            }
            return point < rateLimited + broken + overloaded ? Answer.Kind.OVERLOADED : Answer.Kind.TIMEOUT;
        }

        double timedOut() {
            return Math.max(0, 1 - rateLimited - broken - overloaded);
        }
    }

    /** What becomes of a call that is let through. */
    Answer answer(Draw draw) {
        if (draw.fate() >= errorShare) {
            double latency = okMedian * Math.exp(okSigma * draw.normal());
            return latency < Losses.TIMEOUT
                    ? new Answer(Answer.Kind.OK, latency)
                    : new Answer(Answer.Kind.TIMEOUT, Losses.TIMEOUT);
        }
        Answer.Kind failure = mix.at(draw.kind());
        double latency = failure == Answer.Kind.TIMEOUT
                ? Losses.TIMEOUT
                : Math.min(Losses.TIMEOUT, errorMedian * Math.exp(Losses.ERROR_SIGMA * draw.normal()));
        return new Answer(failure, latency);
    }

    /** Chance that decides about one call, the same for each policy. */
    record Draw(double fate, double kind, double normal) {}
}
