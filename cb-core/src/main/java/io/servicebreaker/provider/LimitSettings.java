package io.servicebreaker.provider;

import io.servicebreaker.breaker.InvalidSettingException;

/**
 * How close to a provider's rate limit calls may come.
 *
 * @param approachingLimitFloor requests kept in reserve for essential calls, 0 or more; never more than a tenth of the
 *     limit
 */
public record LimitSettings(int approachingLimitFloor) {

    /** What holds where neither the configuration nor a profile says otherwise. */
    public static final LimitSettings DEFAULTS = new LimitSettings(0);

    public LimitSettings {
        if (approachingLimitFloor < 0) {
            throw new InvalidSettingException("approaching-limit-floor", approachingLimitFloor, "0 or more");
        }
    }
}
