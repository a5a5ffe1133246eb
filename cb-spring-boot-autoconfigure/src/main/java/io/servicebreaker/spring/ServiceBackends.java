package io.servicebreaker.spring;

import io.servicebreaker.breaker.BackendSignals;
import io.servicebreaker.breaker.BackendSnapshot;
import io.servicebreaker.breaker.Backends;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.breaker.Instances;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.Gate;
import io.servicebreaker.provider.LimitHeaders;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The deployments of the services that have several, be they configured or found by a load balancer. Immutable but for what
 * is seen of them; safe for many threads.
 */
public final class ServiceBackends {

    private final Map<String, Backends> byService = new LinkedHashMap<>();

    private final Map<String, Instances> instances = new LinkedHashMap<>();

    /**
     * Creates those of all services.
     *
     * @param balanced whether a load balancer may find instances of those without configured ones
     */
    ServiceBackends(
            ConfiguredServices services,
            Breakers breakers,
            ServiceCosts costs,
            ProviderKnowledge knowledge,
            boolean balanced) {
        for (ConfiguredService service : services.all()) {
            if (!service.backends().isEmpty()) {
                BackendSignals signals = new Signals(service, costs, knowledge);
                byService.put(service.name(), breakers.backends(service.name(), service.backends(), signals));
            } else if (balanced) {
                instances.put(service.name(), breakers.instances(service.name()));
            }
        }
    }

    /** Those of a service, if any are configured. */
    public Optional<Backends> of(String service) {
        return Optional.ofNullable(byService.get(service));
    }

    /** Those that a load balancer finds, if it is to be kept from some. */
    public Optional<Instances> instancesOf(String service) {
        return Optional.ofNullable(instances.get(service));
    }

    /** Each of a service as it is now; empty if it has none. */
    public List<BackendSnapshot> snapshot(String service) {
        return of(service)
                .map(Backends::snapshot)
                .or(() -> instancesOf(service).map(Instances::snapshot))
                .orElse(List.of());
    }

    boolean isEmpty() {
        return byService.isEmpty();
    }

    void update() {
        byService.values().forEach(Backends::update);
    }

    /** What the provider tells of its limits, and how far budgets are used. */
    private record Signals(ConfiguredService service, ServiceCosts costs, ProviderKnowledge knowledge)
            implements BackendSignals {

        /** Share of a budget that is used from which its price counts for more. */
        private static final double TENSE = 0.75;

        @Override
        public double quotaLeft(CallReport report) {
            double least = Double.NaN;
            for (LimitHeaders limit : service.provider().limits()) {
                double share = number(report, limit.remaining()) / number(report, limit.limit());
                boolean isShare = share >= 0 && share <= 1;
                least = isShare && !(share >= least) ? share : least;
            }
            return least;
        }

        private static double number(CallReport report, @Nullable String header) {
            try {
                return header == null
                        ? Double.NaN
                        : report.header(header).map(Double::parseDouble).orElse(Double.NaN);
            } catch (NumberFormatException e) {
                return Double.NaN;
            }
        }

        @Override
        public Gate limits(String backend) {
            return knowledge
                    .gate(service.name(), backend)
                    .<Gate>map(Function.identity())
                    .orElse(BackendSignals.super.limits(backend));
        }

        @Override
        public void takeAnyway(String backend, CallRequest request, long nowNanos) {
            knowledge.gate(service.name(), backend).ifPresent(limits -> limits.takeAnyway(request, nowNanos));
        }

        @Override
        public double budgetPressure() {
            double most = costs.budgetUsed(service.name());
            return Math.max(0, Math.min(1, (most - TENSE) / (1 - TENSE)));
        }
    }
}
