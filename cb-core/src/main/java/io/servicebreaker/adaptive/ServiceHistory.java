package io.servicebreaker.adaptive;

import io.servicebreaker.breaker.Breaker;
import io.servicebreaker.breaker.BreakerSnapshot;
import io.servicebreaker.breaker.StateChanged;
import io.servicebreaker.call.CallListener;
import io.servicebreaker.cost.CallCosts;
import io.servicebreaker.cost.Money;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** What happened to one service since somebody last took it away: its calls, its breaker and its costs. */
final class ServiceHistory {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final Breaker breaker;
    private final ServiceCalls calls = new ServiceCalls();
    private final OpenTime openTime = new OpenTime();
    private final SpentByModel spent;
    private long probes;
    private long failedProbes;

    ServiceHistory(Breaker breaker, Supplier<List<CallCosts>> costs) {
        this.breaker = breaker;
        this.spent = new SpentByModel(costs);
    }

    CallListener calls() {
        return calls;
    }

    void heed(StateChanged change) {
        openTime.heed(change);
    }

    /** Takes it away, by model, of the service as that without a name. By one thread at a time. */
    Map<String, long[]> take(Instant from, Instant to) {
        BreakerSnapshot now = breaker.snapshot();
        Map<String, Money> costs = spent.take();
        Map<String, long[]> taken = calls.take(); // last: nothing is lost when one of the others throws
        takeBreaker(now, taken.getOrDefault("", new long[MinuteNumbers.ALL]), from, to);
        costs.forEach((model, money) -> {
            long[] numbers = taken.get(model);
            if (numbers != null) {
                numbers[MinuteNumbers.COST] = money.billionths();
            }
        });
        return taken;
    }

    private void takeBreaker(BreakerSnapshot now, long[] numbers, Instant from, Instant to) {
        OpenTime.Taken open = openTime.take(now, from, to);
        numbers[MinuteNumbers.OPENINGS] = open.openings();
        numbers[MinuteNumbers.OPEN_MILLIS] = Math.min(open.open().toMillis(), MINUTE.toMillis());
        numbers[MinuteNumbers.PROBES] = now.probes() - probes;
        numbers[MinuteNumbers.FAILED_PROBES] = now.failedProbes() - failedProbes;
        probes = now.probes();
        failedProbes = now.failedProbes();
    }
}
