package io.servicebreaker.spring;

import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.breaker.InvalidSettingException;
import io.servicebreaker.provider.StreamSettings;
import java.time.Duration;

/** Settings that are each in their range, but of which one makes nonsense of the other. */
final class Contradictions {

    private Contradictions() {}

    /**
     * Judges only what somebody has set: a provider's profile may know better.
     *
     * @throws InvalidSettingException if two settings contradict each other
     */
    static void check(BreakerSettings settings, Layers layers) {
        Duration timeout = settings.timeoutThreshold();
        boolean leaseIsShort = settings.probeTimeout().compareTo(timeout) < 0;
        if (leaseIsShort && (layers.isSet("probe-timeout") || layers.isSet("timeout-threshold"))) {
            // A probe that takes its time, and then succeeds, would count for nothing.
            throw new InvalidSettingException(
                    "probe-timeout", settings.probeTimeout(), "at least timeout-threshold, which is " + timeout);
        }
        boolean neverSlow = settings.slowCallDuration().compareTo(timeout) >= 0;
        if (neverSlow && layers.isSet("slow-call-duration-threshold") && layers.isSet("timeout-threshold")) {
            throw new InvalidSettingException(
                    "slow-call-duration-threshold",
                    settings.slowCallDuration(),
                    "below timeout-threshold, which is " + timeout);
        }
    }

    /**
     * Whoever waits longer for the first token than for an answer would get answers that count as failures.
     *
     * @throws InvalidSettingException if the settings of streams contradict the others
     */
    static void check(StreamSettings streams, BreakerSettings settings) {
        Duration wait = streams.firstTokenTimeout();
        if (wait != null && wait.compareTo(settings.timeoutThreshold()) > 0) {
            throw new InvalidSettingException(
                    "stream.first-token-timeout",
                    wait,
                    "at most timeout-threshold, which is " + settings.timeoutThreshold());
        }
    }
}
