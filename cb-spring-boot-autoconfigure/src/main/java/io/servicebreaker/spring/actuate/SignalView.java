package io.servicebreaker.spring.actuate;

import io.servicebreaker.provider.HealthSignals;
import io.servicebreaker.provider.SignalReading;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A health signal as the endpoint shows it.
 *
 * @param value share of good observations, bad ones in a row, or the last number; absent while nothing is known
 * @param threshold what the value should not pass
 * @param observations how many observations it rests on
 */
record SignalView(String name, @Nullable Double value, double threshold, int observations, boolean tripped) {

    static List<SignalView> of(HealthSignals signals) {
        return signals.readings().stream().map(SignalView::of).toList();
    }

    private static SignalView of(SignalReading reading) {
        Double value = reading.value();
        return new SignalView(
                reading.name(),
                value == null ? null : BreakerView.rounded(value),
                reading.threshold(),
                reading.observations(),
                reading.tripped());
    }
}
