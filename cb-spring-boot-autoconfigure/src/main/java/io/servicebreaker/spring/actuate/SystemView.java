package io.servicebreaker.spring.actuate;

import io.servicebreaker.call.DegradationLevel;
import io.servicebreaker.coordination.Emergency;
import io.servicebreaker.coordination.SystemMode;
import io.servicebreaker.coordination.SystemSnapshot;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * The system as a whole.
 *
 * @param health mean of the services' health scores, weighted with their criticality
 * @param degradationLevel 0 to 4
 * @param degradation 0 to 1
 * @param since when the mode began
 * @param factors health scores of the services that are not well
 * @param services levels of the services whose calls should ask for less work than the others'
 * @param emergency the one that there is
 */
record SystemView(
        double health,
        SystemMode mode,
        int degradationLevel,
        double degradation,
        Instant since,
        Map<String, Double> factors,
        Map<String, DegradationLevel> services,
        @Nullable Emergency emergency)
        implements OperationResponseBody {

    static SystemView of(SystemSnapshot seen) {
        Map<String, Double> factors = new TreeMap<>();
        seen.factors().forEach((service, health) -> factors.put(service, BreakerView.rounded(health)));
        return new SystemView(
                BreakerView.rounded(seen.health()),
                seen.mode(),
                seen.level().step(),
                BreakerView.rounded(seen.degradation()),
                seen.since(),
                factors,
                new TreeMap<>(seen.levels()),
                seen.emergency());
    }
}
