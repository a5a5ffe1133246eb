package io.servicebreaker.spring;

import io.servicebreaker.breaker.InvalidSettingException;
import io.servicebreaker.coordination.CoordinatedService;
import io.servicebreaker.coordination.CoordinationSettings;
import io.servicebreaker.coordination.InvalidDependencyException;
import io.servicebreaker.spring.ServiceBreakerProperties.Overall;
import java.util.List;
import java.util.Set;

/** Checks what one service means to the others. What cannot be used fails with the name of the property that holds it. */
final class CoordinationResolver {

    private static final String SYSTEM = ServiceBreakerProperties.PREFIX + ".system.";
    private static final Set<String> OF_SYSTEM = Set.of(
            "health-threshold",
            "cascade-failure-threshold",
            "emergency-recovery-timeout",
            "resource-exhaustion-threshold");

    private CoordinationResolver() {}

    static CoordinationSettings resolve(CoordinationProperties coordination, Overall system) {
        try {
            return new CoordinationSettings(
                    coordination.failureCascading(),
                    coordination.cascadeDelay(),
                    coordination.maxCascadeDepth(),
                    coordination.progressiveDegradation(),
                    coordination.degradationSteps(),
                    coordination.syncInterval(),
                    coordination.coordinationTimeout(),
                    system.healthThreshold(),
                    system.cascadeFailureThreshold(),
                    system.emergencyModeEnabled(),
                    system.emergencyRecoveryTimeout(),
                    system.resourceExhaustionThreshold());
        } catch (InvalidSettingException e) {
            String parent = OF_SYSTEM.contains(e.setting()) ? SYSTEM : CoordinationProperties.PREFIX;
            throw new InvalidPropertyException(
                    parent + e.setting(),
                    e.value(),
                    "is out of range: allowed is " + e.range(),
                    "Set it to a value in this range.");
        }
    }

    /** Where the dependency stands that cannot be. */
    static InvalidPropertyException invalid(InvalidDependencyException e, ConfiguredServices services) {
        List<String> names =
                services.all().stream().map(ConfiguredService::name).toList();
        boolean isUnknown = !names.contains(e.dependency());
        return new InvalidPropertyException(
                Layers.SERVICES + e.service() + ".depends-on",
                e.dependency(),
                e.problem(),
                isUnknown
                        ? NearestName.of(e.dependency(), names)
                                        .map(near -> "Did you mean " + near + "? ")
                                        .orElse("")
                                + "Configured are: " + String.join(", ", names) + "."
                        : "Remove one of these dependencies.");
    }

    /** Whether some services matter more than others, caches apart. */
    static boolean areRanked(ConfiguredServices services) {
        return services(services).stream()
                        .filter(service -> !service.spared())
                        .map(CoordinatedService::criticality)
                        .distinct()
                        .count()
                > 1;
    }

    /** The services as the others see them. */
    static List<CoordinatedService> services(ConfiguredServices services) {
        return services.all().stream().map(ConfiguredService::coordination).toList();
    }
}
