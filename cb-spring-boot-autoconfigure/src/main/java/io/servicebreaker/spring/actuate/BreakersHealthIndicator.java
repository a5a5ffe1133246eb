package io.servicebreaker.spring.actuate;

import io.servicebreaker.breaker.Breaker;
import io.servicebreaker.breaker.BreakerSnapshot;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.coordination.HealthScore;
import io.servicebreaker.spring.ServiceSignals;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Shows each breaker as a detail, and whether it can be kept what calls cost. Always {@code UP}: an open breaker says that a
 * provider is ill and that this application copes; taking the application away or restarting it would help nobody.
 */
final class BreakersHealthIndicator extends AbstractHealthIndicator {

    private final Breakers breakers;
    private final ServiceSignals signals;
    private final @Nullable LedgerView ledger;

    BreakersHealthIndicator(Breakers breakers, ServiceSignals signals, @Nullable LedgerView ledger) {
        super("The breakers cannot be read");
        this.breakers = breakers;
        this.signals = signals;
        this.ledger = ledger;
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        health.up();
        if (ledger != null) {
            health.withDetail("ledger", ledger.detail()); // before a service that may have this name
        }
        for (Breaker breaker : breakers.all()) {
            health.withDetail(breaker.service(), detail(breaker.snapshot()));
        }
    }

    private Map<String, Object> detail(BreakerSnapshot seen) {
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put("state", seen.state().name());
        detail.put("since", seen.since().toString());
        detail.put("reason", seen.reason().sentence());
        detail.put(
                "healthScore",
                BreakerView.rounded(
                        HealthScore.of(seen) * signals.of(seen.service()).health()));
        if (seen.retryAfter() != null) {
            detail.put("retryAfter", seen.retryAfter().toString());
        }
        return detail;
    }
}
