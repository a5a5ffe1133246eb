package io.servicebreaker.spring.actuate;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * What became of the calls in the last hours, and what could be better.
 *
 * @param breakerInsights by name of the service; also of those that were not called; null of those of which the history could
 *     not be read
 */
@JsonInclude(Include.ALWAYS)
record InsightsView(
        Instant timestamp,
        int timeWindowHours,
        Map<String, @Nullable CallsView> breakerInsights,
        SystemInsightView systemInsights,
        List<RecommendationView> recommendations)
        implements OperationResponseBody {

    /**
     * All services together.
     *
     * @param services that are configured
     * @param called those among them that were called
     * @param currency of the costs
     */
    record SystemInsightView(int services, long called, String currency, CallsView total) {}
}
