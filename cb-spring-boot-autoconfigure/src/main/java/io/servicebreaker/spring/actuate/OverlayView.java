package io.servicebreaker.spring.actuate;

import io.servicebreaker.adaptive.AdjustedSettings;
import io.servicebreaker.adaptive.Overlay;
import io.servicebreaker.adaptive.Overlay.Owner;
import io.servicebreaker.adaptive.ThresholdAdjuster;
import java.time.Instant;
import java.util.List;

/**
 * Why a threshold is not as configured.
 *
 * @param owner on whose account
 * @param parameter its key in the configuration
 * @param factor what the configured value is multiplied with
 * @param value what it would be if nothing else lay over it: a count, a share, or seconds
 * @param until when it ends unless it is renewed
 */
record OverlayView(
        Owner owner, String parameter, double factor, double value, String reason, Instant since, Instant until) {

    static List<OverlayView> of(String service, ThresholdAdjuster adjuster) {
        return adjuster.settings(service)
                .map(settings -> settings.overlays().stream()
                        .map(overlay -> of(overlay, settings, adjuster))
                        .toList())
                .orElse(List.of());
    }

    private static OverlayView of(Overlay overlay, AdjustedSettings settings, ThresholdAdjuster adjuster) {
        return new OverlayView(
                overlay.owner(),
                overlay.parameter().key(),
                overlay.factor(),
                settings.value(overlay),
                overlay.reason(),
                adjuster.begin(overlay),
                adjuster.end(overlay));
    }
}
