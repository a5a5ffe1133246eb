package io.servicebreaker.spring.actuate;

import io.servicebreaker.adaptive.Parameter;
import io.servicebreaker.adaptive.Recommendation;
import java.math.BigDecimal;

/**
 * A better value for a setting; see {@link Recommendation} for what the numbers are.
 *
 * @param parameter as it is called in the configuration of a service
 * @param currentValue what is configured, as it is written there: a number, or a time such as {@code "60s"}
 * @param recommendedValue likewise
 */
record RecommendationView(
        String service,
        String parameter,
        Object currentValue,
        Object recommendedValue,
        double confidence,
        String reasoning,
        double avoidedFailures,
        double avoidedRefusals,
        double dataQuality) {

    static RecommendationView of(Recommendation recommendation) {
        Parameter parameter = recommendation.parameter();
        return new RecommendationView(
                recommendation.service(),
                parameter.key(),
                written(parameter, recommendation.current()),
                written(parameter, recommendation.recommended()),
                BreakerView.rounded(recommendation.confidence()),
                recommendation.reason(),
                Math.rint(recommendation.avoidedFailures()),
                Math.rint(recommendation.avoidedRefusals()),
                BreakerView.rounded(recommendation.dataQuality()));
    }

    private static Object written(Parameter parameter, double value) {
        String text = parameter.written(value);
        return switch (parameter) {
            case FAILURE_THRESHOLD, ERROR_RATE_THRESHOLD -> new BigDecimal(text);
            case RECOVERY_TIMEOUT, SLOW_CALL_DURATION, WINDOW -> text;
        };
    }
}
