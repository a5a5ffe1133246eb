package io.servicebreaker.cost;

import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Usage;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What one call cost. Immutable. Names that are not known are empty. They are cut to {@link #LONGEST_NAME} characters, and
 * what no store can keep is replaced: one record that cannot be written would hold up all that follow.
 *
 * @param bookedAt a moment of the day and the month whose budgets paid for it: at most a minute before it began
 * @param endedAt when it ended
 * @param model the one that answered, else the one that was asked for
 * @param correlation what other records of the same request are found by
 * @param outcome how it ended
 * @param cause why, unless it is a success
 * @param usage its tokens; null if nobody told
 * @param estimated what was reserved for it
 * @param cost what it did cost; as estimated, if nobody told
 */
public record SpendRecord(
        Instant bookedAt,
        Instant endedAt,
        String service,
        String model,
        String operation,
        String category,
        String correlation,
        Outcome.Kind outcome,
        @Nullable FailureCause cause,
        @Nullable Usage usage,
        Money estimated,
        Money cost) {

    /** In characters. */
    public static final int LONGEST_NAME = 255;

    /** Control characters, and halves of characters without the other half. */
    private static final Pattern UNWRITABLE = Pattern.compile("[\\p{Cc}\\p{Cs}]");

    public SpendRecord {
        service = cut(service);
        model = cut(model);
        operation = cut(operation);
        category = cut(category);
        correlation = cut(correlation);
    }

    private static String cut(String name) {
        String beginning = name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME);
        return UNWRITABLE.matcher(beginning).replaceAll("?");
    }
}
