package io.servicebreaker.sample.simulator;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the property {@code replay} asks for: {@code openai@60} or {@code openai@60:<episode>}.
 *
 * @param text as it was written
 * @param provider the simulated provider to drive
 * @param speed how many times faster than recorded
 * @param episode the one to repeat, or null for all of the provider
 */
record ReplaySettings(
        String text,
        String provider,
        double speed,
        @Nullable String episode) {

    private static final Pattern FORM = Pattern.compile("([^@:]+)@(\\d+(?:\\.\\d+)?)(?::(\\w+))?");
    private static final double MAX_SPEED = 10_000;

    static ReplaySettings parse(String value) {
        Matcher matcher = FORM.matcher(value.strip());
        if (!matcher.matches()) {
            throw new InvalidReplayException(value, "it is not of the form <provider>@<speed>[:<episode>]");
        }
        String provider = matcher.group(1);
        if (!Simulator.PROVIDERS.contains(provider)) {
            throw new InvalidReplayException(
                    value, "there is no provider '" + provider + "', only " + String.join(", ", Simulator.PROVIDERS));
        }
        double speed = Double.parseDouble(matcher.group(2));
        if (speed <= 0 || speed > MAX_SPEED) {
            throw new InvalidReplayException(value, "the speed must be above 0 and at most 10000");
        }
        return new ReplaySettings(value, provider, speed, matcher.group(3));
    }

    /** The episodes to play, out of all that are recorded. */
    List<Episode> select(List<Episode> recorded) {
        if (episode == null) {
            return recorded.stream()
                    .filter(candidate -> candidate.source().equals(usualSource()))
                    .toList();
        }
        List<Episode> chosen = recorded.stream()
                .filter(candidate -> candidate.id().equals(episode))
                .toList();
        if (chosen.isEmpty()) {
            List<String> known = recorded.stream().map(Episode::id).toList();
            throw new InvalidReplayException(
                    text, "there is no episode '" + episode + "', only " + String.join(", ", known));
        }
        return chosen;
    }

    /** Nobody has recorded the other two, so services of their kind stand in. */
    private String usualSource() {
        return switch (provider) {
            case "perplexity" -> "anthropic api.anthropic.com";
            case "lightrag" -> "character Character.AI";
            default -> "openai API";
        };
    }
}
