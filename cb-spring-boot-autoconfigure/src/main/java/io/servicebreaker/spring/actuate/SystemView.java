package io.servicebreaker.spring.actuate;

import io.servicebreaker.call.DegradationLevel;
import io.servicebreaker.coordination.Emergency;
import io.servicebreaker.coordination.LoadReading;
import io.servicebreaker.coordination.SystemHealth;
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
 * @param load how short of resources this application is
 */
record SystemView(
        double health,
        SystemMode mode,
        int degradationLevel,
        double degradation,
        Instant since,
        Map<String, Double> factors,
        Map<String, DegradationLevel> services,
        @Nullable Emergency emergency,
        Load load)
        implements OperationResponseBody {

    /**
     * The load of this application.
     *
     * @param heap share of the heap in use after its last collection; null if not known
     * @param cpu share of the processors in use of late; null if not known
     * @param shedShare share of the calls that is refused for it
     * @param callsShed how many have been since the start
     */
    record Load(@Nullable Double heap, @Nullable Double cpu, double shedShare, long callsShed) {

        private static Load of(LoadReading load, long callsShed) {
            return new Load(known(load.heap()), known(load.cpu()), BreakerView.rounded(load.share()), callsShed);
        }
    }

    /** JSON has no word for what is not a number. */
    static @Nullable Double known(double share) {
        return Double.isNaN(share) ? null : (Double) BreakerView.rounded(share);
    }

    static SystemView of(SystemHealth system) {
        SystemSnapshot seen = system.snapshot();
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
                seen.emergency(),
                Load.of(seen.load(), system.callsShed()));
    }
}
