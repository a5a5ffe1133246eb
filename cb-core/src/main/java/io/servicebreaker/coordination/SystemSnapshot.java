package io.servicebreaker.coordination;

import io.servicebreaker.call.DegradationLevel;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The system as a whole at one moment. Immutable.
 *
 * @param health mean health of the services, weighted with their criticality, 0 to 1
 * @param degradation how much of what matters is missing, 0 to 1
 * @param level how much work the calls of all services should ask for
 * @param levels of services that should ask for less than the others, by name
 * @param mode how the system is run
 * @param since when that began
 * @param factors health of the services that are not well, by name
 * @param emergency the emergency that there is, if any
 * @param load how short of resources this application is
 */
public record SystemSnapshot(
        double health,
        double degradation,
        DegradationLevel level,
        Map<String, DegradationLevel> levels,
        SystemMode mode,
        Instant since,
        Map<String, Double> factors,
        @Nullable Emergency emergency,
        LoadReading load) {

    public SystemSnapshot {
        levels = Map.copyOf(levels);
        factors = Map.copyOf(factors);
    }

    /** A system of which nothing bad is known. */
    static SystemSnapshot well(Instant since) {
        return new SystemSnapshot(
                HealthScore.WELL,
                0,
                DegradationLevel.FULL,
                Map.of(),
                SystemMode.NORMAL,
                since,
                Map.of(),
                null,
                LoadReading.CALM);
    }
}
