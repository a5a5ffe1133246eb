package io.servicebreaker.adaptive;

import io.servicebreaker.adaptive.Overlay.Owner;
import java.util.Locale;

/**
 * The circumstances of a service at one moment. What is not known is {@code NaN}, and changes nothing.
 *
 * <p>What they mean is what the design document says of its DynamicThresholdAdjuster, without its steps: with twice the usual
 * calls 0.7 of the failures in a row open the breaker, with half of them 1.4 times as many; when the error rate has doubled
 * 0.84 of the share opens it, and likewise the other way round; and when a budget is used up it is not probed again for 1.5
 * times as long. None of it counts beyond the largest adjustment.
 *
 * @param callsPerSecond how often it is called now
 * @param usualCallsPerSecond how often it usually is
 * @param errorRate share of the calls that fail now, 0 to 1
 * @param usualErrorRate share of them that usually fail, 0 to 1
 * @param budgetUsed share of the budget for its calls that is used, of several that of which most is used
 */
public record Conditions(
        double callsPerSecond, double usualCallsPerSecond, double errorRate, double usualErrorRate, double budgetUsed) {

    /** Nothing is known. */
    public static final Conditions UNKNOWN = new Conditions(Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN);

    /** Below such a share of failed calls, another one is no trend. */
    private static final double NO_TREND = 0.01;

    /** Share of a budget that is used when it begins to matter. */
    private static final double TENSE = 0.8;

    private static final double GROWTH_WITHOUT_BUDGET = 0.5;

    /** A condition that may lay something over a setting. */
    enum Kind {
        LOAD(Owner.LOAD, Parameter.FAILURE_THRESHOLD),
        TREND(Owner.TREND, Parameter.ERROR_RATE_THRESHOLD),
        BUDGET(Owner.BUDGET, Parameter.RECOVERY_TIMEOUT);

        private final Owner owner;
        private final Parameter parameter;

        Kind(Owner owner, Parameter parameter) {
            this.owner = owner;
            this.parameter = parameter;
        }

        Owner owner() {
            return owner;
        }

        Parameter parameter() {
            return parameter;
        }
    }

    /** What the configured value is multiplied with, 1 if nothing is known. */
    double factor(Kind kind) {
        double factor = switch (kind) {
            case LOAD -> 1 / Math.sqrt(callsPerSecond / usualCallsPerSecond);
            case TREND -> 1 / Math.sqrt(Math.sqrt((errorRate + NO_TREND) / (usualErrorRate + NO_TREND)));
            case BUDGET -> 1 + GROWTH_WITHOUT_BUDGET * pressure();
        };
        return factor > 0 && factor < Double.POSITIVE_INFINITY ? factor : 1;
    }

    private double pressure() {
        return Math.max(0, Math.min(1, (budgetUsed - TENSE) / (1 - TENSE)));
    }

    /** Why, for people. */
    String reason(Kind kind) {
        return switch (kind) {
            case LOAD -> said("%.2f calls a second, usually %.2f", callsPerSecond, usualCallsPerSecond);
            case TREND -> said("%.1f %% of calls fail, usually %.1f %%", 100 * errorRate, 100 * usualErrorRate);
            case BUDGET -> said("%.0f %% of the budget is used", 100 * budgetUsed);
        };
    }

    private static String said(String format, Object... numbers) {
        return String.format(Locale.ROOT, format, numbers);
    }
}
