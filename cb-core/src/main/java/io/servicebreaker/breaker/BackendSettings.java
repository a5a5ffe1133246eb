package io.servicebreaker.breaker;

import io.servicebreaker.call.Backend;

/**
 * One of several deployments of a service.
 *
 * @param backend which one
 * @param weight share of the calls relative to the others, all else being equal; above 0 and at most 1000
 * @param costFactor price of a call relative to the others; above 0 and at most 1000
 */
public record BackendSettings(Backend backend, double weight, double costFactor) {

    private static final double MOST = 1_000;

    public BackendSettings {
        check("weight", weight);
        check("cost-factor", costFactor);
    }

    private static void check(String setting, double value) {
        if (!(value > 0 && value <= MOST)) {
            throw new InvalidSettingException(setting, value, "above 0 and at most 1000");
        }
    }
}
