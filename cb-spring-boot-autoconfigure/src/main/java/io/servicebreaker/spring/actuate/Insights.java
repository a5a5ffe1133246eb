package io.servicebreaker.spring.actuate;

import io.servicebreaker.adaptive.AdaptiveSettings;
import io.servicebreaker.adaptive.CallMinute;
import io.servicebreaker.adaptive.HistoryStore;
import io.servicebreaker.adaptive.ThresholdAdjuster;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.spring.ConfiguredService;
import io.servicebreaker.spring.ConfiguredServices;
import io.servicebreaker.spring.ServiceCosts;
import io.servicebreaker.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/** Looks at the history for the endpoint. */
final class Insights {

    /** Up to so many hours, minutes are read one by one; for more, their sums by the hour, which is much faster. */
    private static final int MOST_HOURS_OF_MINUTES = 24;

    private static final int USUAL_HOURS = 1;

    private final AdaptiveSettings settings;
    private final HistoryStore store;
    private final ThresholdAdjuster adjuster;
    private final ConfiguredServices services;
    private final ServiceCosts costs;
    private final TimeSource time;
    private final InternalFaults faults;

    Insights(
            AdaptiveSettings settings,
            HistoryStore store,
            ThresholdAdjuster adjuster,
            ConfiguredServices services,
            ServiceCosts costs,
            TimeSource time,
            InternalFaults faults) {
        this.settings = settings;
        this.store = HistoryStore.spared(store, time);
        this.adjuster = adjuster;
        this.services = services;
        this.costs = costs;
        this.time = time;
        this.faults = faults;
    }

    /** The answer for the last hours, one if none are named; or what is wrong with them. */
    WebEndpointResponse<?> answer(@Nullable Integer hours) {
        long most = settings.learningWindow().toHours();
        int wanted = hours == null ? USUAL_HOURS : hours;
        return wanted < 1 || wanted > most
                ? ProblemView.badRequest("hours is " + wanted, List.of("1 to " + most))
                : new WebEndpointResponse<>(of(wanted));
    }

    private InsightsView of(int hours) {
        Instant now = time.now();
        Instant since = now.minus(Duration.ofHours(hours));
        boolean areMinutes = hours <= MOST_HOURS_OF_MINUTES;
        Map<String, @Nullable CallsView> byService = new LinkedHashMap<>();
        List<CallMinute> all = new ArrayList<>();
        for (ConfiguredService service : services.all()) {
            List<CallMinute> own = new ArrayList<>();
            boolean isKnown = read(service.name(), since, areMinutes, own);
            byService.put(service.name(), isKnown ? CallsView.of(own, areMinutes) : null);
            all.addAll(isKnown ? own : List.of());
        }
        long called = byService.values().stream()
                .filter(calls -> calls != null && calls.calls() + calls.refused() > 0)
                .count();
        var system = new InsightsView.SystemInsightView(
                byService.size(), called, costs.currency().getCurrencyCode(), CallsView.of(all, areMinutes));
        return new InsightsView(now, hours, byService, system, recommendations());
    }

    /** Whether it could be read. That of one service says nothing about the others. */
    private boolean read(String service, Instant since, boolean areMinutes, List<CallMinute> found) {
        Consumer<CallMinute> reader = minute -> {
            if (minute.model().isEmpty()) {
                found.add(minute);
            }
        };
        try {
            if (areMinutes) {
                store.read(service, since, reader);
            } else {
                store.readHours(service, since, reader);
            }
            return true;
        } catch (RuntimeException | Error e) {
            faults.record("insights", "what became of calls to " + service + " is not shown", e);
            return false;
        }
    }

    private List<RecommendationView> recommendations() {
        return services.all().stream()
                .flatMap(service -> adjuster.recommendations(service.name()).stream())
                .map(RecommendationView::of)
                .toList();
    }
}
