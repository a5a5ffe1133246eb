package io.servicebreaker.adaptive;

import io.servicebreaker.adaptive.Overlay.Owner;
import io.servicebreaker.breaker.BreakerSettings;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The configured settings of a service, and what has been laid over them. Immutable.
 *
 * <p>The settings in force are worked out from the configured ones each time, so nothing adds up: without overlays they are
 * the configured ones, whatever was laid over them before. However many overlays there are, no value goes further from the
 * configured one than the largest adjustment, nor out of its legal range.
 */
public final class AdjustedSettings {

    /** The order in which factors are multiplied: the last digit of a product depends on it. */
    private static final Comparator<Overlay> ORDER =
            Comparator.comparing(Overlay::parameter).thenComparing(Overlay::owner);

    private final BreakerSettings baseline;
    private final double maxAdjustment;
    private final List<Overlay> overlays;
    private final BreakerSettings effective;

    /**
     * Creates settings that are as configured.
     *
     * @param maxAdjustment largest relative distance of a value from the configured one, above 0 and below 1
     */
    AdjustedSettings(BreakerSettings baseline, double maxAdjustment) {
        this(baseline, maxAdjustment, List.of());
    }

    private AdjustedSettings(BreakerSettings baseline, double maxAdjustment, List<Overlay> overlays) {
        this.baseline = baseline;
        this.maxAdjustment = maxAdjustment;
        this.overlays = overlays;
        this.effective = settings(overlay -> true);
    }

    /** What is configured. */
    public BreakerSettings baseline() {
        return baseline;
    }

    /** What is in force. */
    public BreakerSettings effective() {
        return effective;
    }

    /** What is laid over the configured values, in a fixed order. */
    public List<Overlay> overlays() {
        return overlays;
    }

    /** What would be in force without the conditions of the moment. */
    BreakerSettings learned() {
        return settings(overlay -> overlay.owner() == Owner.LEARNING);
    }

    /** The value that a setting would have with this overlay alone. */
    public double value(Overlay overlay) {
        return bounded(overlay.parameter(), overlay.factor());
    }

    Optional<Overlay> overlay(Owner owner, Parameter parameter) {
        return overlays.stream()
                .filter(overlay -> isOf(overlay, owner, parameter))
                .findFirst();
    }

    /** Takes the place of what its owner has laid over the same setting before. */
    AdjustedSettings with(Overlay overlay) {
        List<Overlay> all = new ArrayList<>(overlays);
        all.removeIf(other -> isOf(other, overlay.owner(), overlay.parameter()));
        all.add(overlay);
        all.sort(ORDER);
        return new AdjustedSettings(baseline, maxAdjustment, List.copyOf(all));
    }

    AdjustedSettings without(Overlay ended) {
        return new AdjustedSettings(
                baseline,
                maxAdjustment,
                overlays.stream().filter(overlay -> !overlay.equals(ended)).toList());
    }

    /** The value that is allowed and nearest to the configured one times this. */
    double bounded(Parameter parameter, double factor) {
        return parameter.bounded(baseline, parameter.of(baseline) * factor, maxAdjustment);
    }

    private BreakerSettings settings(Predicate<Overlay> counted) {
        BreakerSettings settings = baseline;
        for (Parameter parameter : Parameter.values()) {
            List<Overlay> own = overlays.stream()
                    .filter(overlay -> overlay.parameter() == parameter)
                    .filter(counted)
                    .toList();
            if (!own.isEmpty()) {
                double factor = own.stream().mapToDouble(Overlay::factor).reduce(1, (a, b) -> a * b);
                settings = parameter.with(settings, bounded(parameter, factor));
            }
        }
        return settings;
    }

    private static boolean isOf(Overlay overlay, Owner owner, Parameter parameter) {
        return overlay.owner() == owner && overlay.parameter() == parameter;
    }
}
