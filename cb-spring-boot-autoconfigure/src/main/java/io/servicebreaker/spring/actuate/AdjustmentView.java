package io.servicebreaker.spring.actuate;

import io.servicebreaker.adaptive.Overlay.Owner;
import io.servicebreaker.adaptive.ThresholdsAdjusted;
import io.servicebreaker.adaptive.ThresholdsAdjusted.Step;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/** A step of an adjustment as the endpoint shows it; see {@link ThresholdsAdjusted} for what the values are. */
record AdjustmentView(
        String type,
        Instant at,
        String service,
        String parameter,
        double from,
        double to,
        Owner owner,
        Step step,
        @Nullable Double confidence,
        String reason)
        implements EventView {

    /** Steps, newest first. */
    record AdjustmentPage(List<AdjustmentView> adjustments) implements OperationResponseBody {}

    static AdjustmentView of(ThresholdsAdjusted event) {
        return new AdjustmentView(
                event.getClass().getSimpleName(),
                event.at(),
                event.service(),
                event.parameter().key(),
                event.from(),
                event.to(),
                event.owner(),
                event.step(),
                event.confidence(),
                event.reason());
    }
}
