package io.servicebreaker.adaptive;

import io.servicebreaker.breaker.Breaker;
import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Permit;
import io.servicebreaker.event.Events;
import io.servicebreaker.time.TimeSource;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * A breaker that decides nothing and hears how calls ended, with what its decisions would have cost. For one thread.
 *
 * <p>The unit is one call that would have succeeded and is refused; what one costs that is let through says {@link CallLoss}.
 */
final class Shadow {

    /** Those of the other services are under way elsewhere. */
    private static final int MANY_PROBES = 1_000;

    private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

    /** The same luck for all, so that those with the same settings decide the same. */
    private static final long SEED = 1;

    private final Breaker breaker;
    private final CallRequest request;

    /** Creates a closed one that publishes to these, which should have been closed. */
    Shadow(String service, BreakerSettings settings, TimeSource time, Events nobody) {
        SplittableRandom luck = new SplittableRandom(SEED);
        this.breaker = new Breakers(
                        Map.of(service, settings), Map.of(), time, nobody, MANY_PROBES, () -> luck.nextDouble())
                .breaker(service);
        this.request = CallRequest.to(service);
    }

    /**
     * A call has ended.
     *
     * @param at when it did, as the clock counts
     * @return what it costs that it would have been let through, or would not
     */
    double hear(Outcome outcome, long durationNanos, long at) {
        if (breaker.admit(request, at) instanceof Permit permit) {
            permit.finish(outcome, at - durationNanos, durationNanos, at);
            return lossOfLetting(outcome, durationNanos / NANOS);
        }
        return outcome.kind() == Outcome.Kind.SUCCESS ? 1 : 0;
    }

    private static double lossOfLetting(Outcome outcome, double seconds) {
        return switch (outcome.kind()) {
            case FAILURE -> CallLoss.ofFailure(seconds);
            case SUCCESS -> CallLoss.ofAnswer(seconds);
            case IGNORED, NOT_RUN -> 0;
        };
    }
}
