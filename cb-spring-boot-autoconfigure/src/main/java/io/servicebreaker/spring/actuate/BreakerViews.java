package io.servicebreaker.spring.actuate;

import io.servicebreaker.adaptive.ThresholdAdjuster;
import io.servicebreaker.breaker.Breaker;
import io.servicebreaker.breaker.BreakerSnapshot;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.coordination.FailureCorrelation;
import io.servicebreaker.coordination.SystemHealth;
import io.servicebreaker.spring.ConfiguredServices;
import io.servicebreaker.spring.ProviderKnowledge;
import io.servicebreaker.spring.ServiceBackends;
import io.servicebreaker.spring.ServiceCosts;
import io.servicebreaker.spring.ServiceSignals;
import io.servicebreaker.time.TimeSource;
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
    private final SystemHealth system;
    private final ServiceBackends backends;
    private final ThresholdAdjuster adjuster;

    BreakerViews(
            Breakers breakers,
            ConfiguredServices services,
            ServiceSignals signals,
            ProviderKnowledge knowledge,
            ServiceCosts costs,
            FailureCorrelation correlation,
            SystemHealth system,
            ServiceBackends backends,
            ThresholdAdjuster adjuster,
            TimeSource time) {
        this.adjuster = adjuster;
        this.correlation = correlation;
        this.costs = costs;
        this.knowledge = knowledge;
        this.breakers = breakers;
        this.services = services;
        this.signals = signals;
        this.time = time;
        this.system = system;
        this.backends = backends;
    }

    OverviewView overview() {
        List<BreakerSnapshot> snapshots =
                breakers.all().stream().map(Breaker::snapshot).toList();
        Map<String, BreakerView> views = new LinkedHashMap<>();
        snapshots.forEach(seen -> views.put(seen.service(), view(seen, null)));
        return new OverviewView(system(), views, budgets(), CorrelationView.of(correlation.correlations()));
    }

    CorrelationView.Page correlations() {
        return new CorrelationView.Page(
                CorrelationView.of(correlation.correlations()), CorrelationView.of(correlation.bursts()));
    }

    /**
     * Steps of adjustments, newest first.
     *
     * @param service whose; of all if null
     */
    AdjustmentView.AdjustmentPage adjustments(@Nullable String service, int limit) {
        return new AdjustmentView.AdjustmentPage(
                adjuster.newest(limit, step -> service == null || step.service().equals(service)).stream()
                        .map(AdjustmentView::of)
                        .toList());
    }

    BudgetsView budgets() {
        return BudgetsView.of(costs);
    }

    /** As it is now, which may be later than calls know it. */
    SystemView system() {
        system.update();
        return SystemView.of(system);
    }

    /** The breaker with its explanation. */
    BreakerView of(Breaker breaker) {
        BreakerSnapshot seen = breaker.snapshot();
        return view(seen, WhyView.of(breaker, seen, services.service(seen.service()), adjuster, time.now()));
    }

    private BreakerView view(BreakerSnapshot seen, @Nullable WhyView why) {
        String name = seen.service();
        return BreakerView.of(
                seen,
                signals.of(name),
                breakers.scopes(name),
                services.service(name),
                knowledge,
                backends.snapshot(name),
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
