package io.servicebreaker.spring;

import io.servicebreaker.call.DegradationHints;
import io.servicebreaker.call.DegradationLevel;
import io.servicebreaker.call.DegradationSteps;
import io.servicebreaker.provider.ProviderProfile;
import io.servicebreaker.spring.ServiceBreakerProperties.Profile;
import java.util.EnumMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads how calls may ask for less. Names are the user's own, but for those that we know. */
final class StepResolver {

    private static final Pattern LEVEL = Pattern.compile("[1-" + DegradationLevel.CACHE_ONLY.step() + "]");
    private static final String STEPS = "steps.";

    private StepResolver() {}

    /**
     * The steps of a profile.
     *
     * @param path of the profile, with a dot at its end
     */
    static DegradationSteps resolve(String path, Map<String, Map<String, String>> configured) {
        Map<DegradationLevel, Map<String, String>> steps = new EnumMap<>(DegradationLevel.class);
        configured.forEach((level, values) -> {
            if (!LEVEL.matcher(level).matches()) {
                throw new InvalidPropertyException(
                        path + STEPS + level, null, "is not a degradation level", "Use 1 to 4.");
            }
            DegradationLevel resolved = DegradationLevel.ofStep(Integer.parseInt(level));
            DegradationHints hints = new DegradationHints(resolved, values);
            String most = values.get(DegradationHints.MAX_TOKENS);
            if (most != null && hints.maxTokens().orElse(0) < 1) {
                throw new InvalidPropertyException(
                        path + STEPS + level + "." + DegradationHints.MAX_TOKENS,
                        most,
                        "is out of range: allowed is a whole number of at least 1",
                        "Set it to a value in this range.");
            }
            steps.put(resolved, values);
        });
        return DegradationSteps.of(steps);
    }

    /** A model whose price nobody knows would go past the budgets just when there is trouble. */
    static void checkModels(ProviderProfile resolved, Profile profile, PriceResolver prices) {
        String path = ServiceBreakerProperties.PREFIX + ".profiles." + resolved.id() + ".";
        profile.steps().forEach((level, values) -> {
            String model = values.get(DegradationHints.MODEL);
            if (model != null && !prices.know(resolved, model)) {
                throw new InvalidPropertyException(
                        path + STEPS + level + "." + DegradationHints.MODEL,
                        model,
                        "is a model of which the profile has no price",
                        "Correct the name, or add " + path + "prices[" + model + "].");
            }
        });
    }
}
