package io.servicebreaker.adaptive;

import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.time.TimeSource;
import java.util.List;
import java.util.Map;

/**
 * Finds better values for the settings of each service by replaying what became of its calls. Safe for use by many threads;
 * never used on the way of a call.
 */
public final class ThresholdAdvisor {

    /**
     * Creates one that knows nothing yet.
     *
     * @param baselines what is configured, by name of the service
     */
    public ThresholdAdvisor(
            Map<String, BreakerSettings> baselines, AdaptiveSettings settings, HistoryStore store, TimeSource time) {}

    /** Reads what is new in the store: at first all of it, which takes a while. May wait. */
    public void refresh() {}

    /**
     * At most one recommendation for each parameter, from what was read. Each is meant for itself, with the others as they
     * are; each lies within {@link AdaptiveSettings#maxAdjustment()} of what is configured.
     *
     * @param current what the service is judged by now
     * @throws io.servicebreaker.call.UnknownServiceException if the service is not configured
     */
    public List<Recommendation> advise(String service, BreakerSettings current) {
        return List.of();
    }
}
