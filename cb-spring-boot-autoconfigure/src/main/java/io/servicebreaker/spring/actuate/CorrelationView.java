package io.servicebreaker.spring.actuate;

import io.servicebreaker.coordination.Correlation;
import io.servicebreaker.coordination.SharedCause;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/** Failures that come together, as the endpoint shows them; see {@link Correlation} for what the numbers are. */
record CorrelationView(
        Correlation.Kind kind,
        List<String> services,
        Instant since,
        @Nullable Instant resolvedAt,
        long support,
        double lift,
        double pValue,
        Duration lag,
        SharedCause cause,
        double confidence,
        String sentence) {

    private static final int DIGITS = 3;

    /**
     * All of them.
     *
     * @param bursts services that fail far more often than usual alone
     */
    record Page(List<CorrelationView> correlations, List<CorrelationView> bursts) implements OperationResponseBody {}

    static List<CorrelationView> of(List<Correlation> correlations) {
        return correlations.stream().map(CorrelationView::of).toList();
    }

    static CorrelationView of(Correlation correlation) {
        return new CorrelationView(
                correlation.kind(),
                correlation.services(),
                correlation.since(),
                correlation.resolvedAt(),
                correlation.support(),
                shortened(correlation.lift()),
                shortened(correlation.pValue()),
                correlation.lag(),
                correlation.cause(),
                BreakerView.rounded(correlation.confidence()),
                correlation.sentence());
    }

    private static double shortened(double number) {
        return new BigDecimal(number).round(new MathContext(DIGITS)).doubleValue();
    }
}
