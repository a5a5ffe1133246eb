package io.servicebreaker.coordination;

import io.servicebreaker.breaker.InvalidSettingException;
import java.util.List;

/**
 * A service as the others see it.
 *
 * @param criticality how much its trouble weighs against that of the others, and how late its calls are refused when this
 *     application is short of resources; above 0 and at most 100
 * @param spared whether it is never degraded nor refused for the sake of the whole, as a cache
 * @param dependsOn services that it needs
 * @param whenDependencyIsDown what becomes of its calls while one of those is down
 */
public record CoordinatedService(
        String name, double criticality, boolean spared, List<String> dependsOn, Dependence whenDependencyIsDown) {

    private static final double MOST = 100;

    public CoordinatedService {
        dependsOn = List.copyOf(dependsOn);
        if (!(criticality > 0 && criticality <= MOST)) {
            throw new InvalidSettingException("criticality", criticality, "above 0 and at most 100");
        }
    }

    /** A service like any other, which needs none. */
    public static CoordinatedService of(String name) {
        return new CoordinatedService(name, 1, false, List.of(), Dependence.DEGRADE);
    }

    /** What becomes of a service's calls while one that it needs is down. */
    public enum Dependence {
        /** They should ask for less work. */
        DEGRADE,
        /** They are refused, unless they are essential. */
        REFUSE
    }
}
