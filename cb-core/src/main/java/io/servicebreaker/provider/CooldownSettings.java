package io.servicebreaker.provider;

import io.servicebreaker.breaker.InvalidSettingException;
import io.servicebreaker.call.Cooldown;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long a service is left alone where the provider does not say.
 *
 * @param quotaExceededCooldown after a quota is used up, at least; above 0 and at most {@link Cooldown#LONGEST}
 * @param rateLimitBackoffMultiplier growth from one second with each throttled call that names no time, 1 to 100; null for 2,
 *     and no longer than it takes to see that it was a stray one
 * @param authenticationFailureEscalation whether a refused credential opens at once and for longer each time, instead of
 *     counting as any failure does
 */
public record CooldownSettings(
        Duration quotaExceededCooldown,
        @Nullable Double rateLimitBackoffMultiplier,
        boolean authenticationFailureEscalation) {

    private static final double USUAL_MULTIPLIER = 2;

    public CooldownSettings {
        if (!Cooldown.makesSense(quotaExceededCooldown)) {
            throw new InvalidSettingException(
                    "quota-exceeded-cooldown", quotaExceededCooldown, "above 0 and at most " + Cooldown.LONGEST);
        }
        if (rateLimitBackoffMultiplier != null
                && !(rateLimitBackoffMultiplier >= 1 && rateLimitBackoffMultiplier <= 100)) {
            throw new InvalidSettingException("rate-limit-backoff-multiplier", rateLimitBackoffMultiplier, "1 to 100");
        }
    }

    /** What holds where the configuration does not say otherwise. */
    public static final CooldownSettings DEFAULTS = new CooldownSettings(Duration.ofMinutes(15), null, true);

    /** Growth of the wait after throttled calls that name no time. */
    double multiplier() {
        return rateLimitBackoffMultiplier == null ? USUAL_MULTIPLIER : rateLimitBackoffMultiplier;
    }

    /** Whether that wait is nobody's wish. */
    boolean isGuess() {
        return rateLimitBackoffMultiplier == null;
    }
}
