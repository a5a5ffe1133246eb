package io.servicebreaker.spring.actuate;

import io.servicebreaker.breaker.Breaker;
import io.servicebreaker.breaker.BreakerSnapshot;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.coordination.FailureCorrelation;
import io.servicebreaker.spring.ConfiguredServices;
import io.servicebreaker.spring.ProviderKnowledge;
import io.servicebreaker.spring.ServiceCosts;
import io.servicebreaker.spring.ServiceSignals;
import io.servicebreaker.spring.actuate.OverviewView.Mode;
import io.servicebreaker.spring.actuate.OverviewView.SystemView;
import io.servicebreaker.time.TimeSource;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looks at the breakers for the endpoint. */
final class BreakerViews {

    private final Breakers breakers;
    private final ConfiguredServices services;
    private final ServiceSignals signals;
    private final ProviderKnowledge knowledge;
    private final ServiceCosts costs;
    private final FailureCorrelation correlation;
    private final TimeSource time;
    private final Instant started;

    BreakerViews(
            Breakers breakers,
            ConfiguredServices services,
            ServiceSignals signals,
            ProviderKnowledge knowledge,
            ServiceCosts costs,
            FailureCorrelation correlation,
            TimeSource time) {
        this.correlation = correlation;
        this.costs = costs;
        this.knowledge = knowledge;
        this.breakers = breakers;
        this.services = services;
        this.signals = signals;
        this.time = time;
        this.started = time.now();
    }

    OverviewView overview() {
        List<BreakerSnapshot> snapshots =
                breakers.all().stream().map(Breaker::snapshot).toList();
        Map<String, BreakerView> views = new LinkedHashMap<>();
        snapshots.forEach(seen -> views.put(seen.service(), view(seen, null)));
        return new OverviewView(system(snapshots), views, budgets(), CorrelationView.of(correlation.correlations()));
    }

    CorrelationView.Page correlations() {
        return new CorrelationView.Page(
                CorrelationView.of(correlation.correlations()), CorrelationView.of(correlation.bursts()));
    }

    BudgetsView budgets() {
        return BudgetsView.of(costs);
    }

    private SystemView system(List<BreakerSnapshot> snapshots) {
        Map<String, Double> factors = new LinkedHashMap<>();
        for (BreakerSnapshot seen : snapshots) {
            double score = BreakerView.rounded(HealthScore.of(seen, signals.of(seen.service())));
            if (score < 1) {
                factors.put(seen.service(), score);
            }
        }
        return new SystemView(
                BreakerView.rounded(HealthScore.of(snapshots, signals)), Mode.NORMAL, 0, 0, started, factors);
    }

    /** The breaker with its explanation. */
    BreakerView of(Breaker breaker) {
        BreakerSnapshot seen = breaker.snapshot();
        return view(seen, WhyView.of(seen, time.now()));
    }

    private BreakerView view(BreakerSnapshot seen, @Nullable WhyView why) {
        String name = seen.service();
        return BreakerView.of(
                seen,
                signals.of(name),
                breakers.scopes(name),
                services.service(name),
                knowledge,
                CostView.of(name, costs, why != null),
                time.now(),
                why);
    }

    Optional<Breaker> find(String service) {
        return breakers.all().stream()
                .filter(breaker -> breaker.service().equals(service))
                .findFirst();
    }

    List<String> names() {
        return breakers.all().stream().map(Breaker::service).toList();
    }
}
