package io.servicebreaker.benchmarks.replay;

import java.util.Collection;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The cooldown of LiteLLM's router: a deployment rests for 5 s once it has failed too often in the current minute.
 *
 * <p>Source: LiteLLM's documentation, "Routing, load balancing: cooldowns".
 */
final class LiteLlmPolicy implements Policy {

    private static final double COOLDOWN = 5;
    private static final double MINUTE = 60;

    private final Rule rule;

    private LiteLlmPolicy(Rule rule) {
        this.rule = rule;
    }

    /** More than three failures a minute. */
    static LiteLlmPolicy allowedFails() {
        return new LiteLlmPolicy((calls, failures) -> failures > 3);
    }

    /** More than half of at least two calls a minute. */
    static LiteLlmPolicy half() {
        return new LiteLlmPolicy((calls, failures) -> calls > 1 && failures > 0.5 * calls);
    }

    @Override
    public Map<String, Gatekeeper> guard(String provider, Collection<String> services, VirtualClock clock) {
        return services.stream().collect(Collectors.toMap(Function.identity(), name -> new Deployment(rule, clock)));
    }

    @FunctionalInterface
    private interface Rule {
        boolean cools(int calls, int failures);
    }

    private static final class Deployment implements Gatekeeper {

        private final Rule rule;
        private final VirtualClock clock;
        private double coolUntil = Double.NEGATIVE_INFINITY;
        private long minute;
        private int calls;
        private int failures;

        Deployment(Rule rule, VirtualClock clock) {
            this.rule = rule;
            this.clock = clock;
        }

        @Override
        public @Nullable Attempt begin(Losses now) {
            return clock.seconds() < coolUntil ? null : this::ended;
        }

        private void ended(Answer answer, long retryAfterSeconds) {
            long current = (long) (clock.seconds() / MINUTE);
            if (current != minute) {
                minute = current;
                calls = 0;
                failures = 0;
            }
            calls++;
            failures += answer.isFailure() ? 1 : 0;
            if (answer.isFailure() && rule.cools(calls, failures)) {
                coolUntil = clock.seconds() + COOLDOWN;
            }
        }
    }
}
