package io.servicebreaker.adaptive;

/**
 * A better value for a setting, as far as the history of the service tells.
 *
 * @param service name of the service
 * @param parameter which setting
 * @param current its value now
 * @param recommended the better value, within the range of the setting
 * @param confidence how sure it is that the recommended value is the better one, 0 to 1
 * @param avoidedFailures calls in the history that failed and would not have been made; negative if more would have been
 * @param avoidedRefusals calls in the history that were refused although they would have succeeded, and would have been made;
 *     negative if more would have been refused
 * @param dataQuality how much the history can be trusted, 0 to 1
 * @param reason for people
 */
public record Recommendation(
        String service,
        Parameter parameter,
        double current,
        double recommended,
        double confidence,
        double avoidedFailures,
        double avoidedRefusals,
        double dataQuality,
        String reason) {}
