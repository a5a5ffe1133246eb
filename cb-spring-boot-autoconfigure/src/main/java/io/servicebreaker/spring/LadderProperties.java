package io.servicebreaker.spring;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Fallbacks that follow each other.
 *
 * @param maxDepth Most fallbacks that are asked within each other, 1 to 100.
 * @param decisionsKept Time for which decisions about fallbacks are kept in the database, 1h or more.
 */
public record LadderProperties(
        @DefaultValue("8") int maxDepth,
        @DefaultValue("30d") Duration decisionsKept) {

    /** Full name of the bound on their number. */
    public static final String MAX_DEPTH = ServiceBreakerProperties.PREFIX + ".ladder.max-depth";

    private static final int DEEPEST = 100;
    private static final Duration SHORTEST = Duration.ofHours(1);
    private static final String FIX = "Set it to a value in this range.";

    /** These, if they are in range. */
    LadderProperties checked() {
        if (maxDepth < 1 || maxDepth > DEEPEST) {
            throw new InvalidPropertyException(
                    MAX_DEPTH, Integer.toString(maxDepth), "is out of range: allowed is 1 to " + DEEPEST, FIX);
        }
        if (decisionsKept.compareTo(SHORTEST) < 0) {
            throw new InvalidPropertyException(
                    ServiceBreakerProperties.PREFIX + ".ladder.decisions-kept",
                    decisionsKept.toString(),
                    "is out of range: allowed is 1h or more",
                    FIX);
        }
        return this;
    }
}
