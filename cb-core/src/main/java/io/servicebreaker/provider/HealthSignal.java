package io.servicebreaker.provider;

import io.servicebreaker.breaker.InvalidSettingException;
import org.jspecify.annotations.Nullable;

/**
 * Something besides errors and slowness by which one can tell how well a kind of service does. Immutable.
 *
 * <p>It is one of three: a <em>ratio</em>, the share of good observations among the last ones ({@code atLeast}); a
 * <em>run</em>, bad observations without a good one between them ({@code inARow}); or a <em>level</em>, a number that
 * somebody reads now and then ({@code atMost}).
 *
 * @param name what it is called
 * @param bad which calls it takes for bad; of a run {@code RULE} or {@code FAILURE}, of a ratio another than
 *     {@code RULE}, and null for a level
 * @param atLeast of a ratio: the smallest share that is well, above 0 and at most 1
 * @param over of a ratio: how many observations are remembered, 1 to 1000
 * @param minimum of a ratio: observations below which it says nothing, 1 to {@code over}
 * @param inARow of a run: the longest that is well, 0 to 65534
 * @param opens of a run: whether a longer one closes the service off
 * @param atMost of a level: the highest that is well, above 0
 */
public record HealthSignal(
        String name,
        @Nullable Bad bad,
        @Nullable Double atLeast,
        int over,
        int minimum,
        @Nullable Integer inARow,
        boolean opens,
        @Nullable Double atMost) {

    private static final int MOST_OBSERVATIONS = 1000;
    private static final int USUAL_OBSERVATIONS = 20;
    private static final int USUAL_MINIMUM = 10;

    /** Which calls are bad observations. */
    public enum Bad {
        /** Failures whose rule names the signal. They are counted there, and apart from the others. */
        RULE,
        /** Every failure that counts. */
        FAILURE,
        /** Answers that are not good enough. */
        QUALITY,
        /** Look-ups of what was not there. */
        MISS
    }

    public HealthSignal {
        require(!name.isBlank(), "name", name, "a name");
        require(kinds(atLeast, inARow, atMost) == 1, "name", name, "with one of at-least, in-a-row and at-most");
        require(inARow != null || !opens, "opens", opens, "false without in-a-row");
        if (atLeast != null) {
            require(bad != null && bad != Bad.RULE, "bad", String.valueOf(bad), "quality, miss or failure of a ratio");
            require(atLeast > 0 && atLeast <= 1, "at-least", atLeast, "above 0 and at most 1");
            require(over >= 1 && over <= MOST_OBSERVATIONS, "over", over, "1 to " + MOST_OBSERVATIONS);
            require(minimum >= 1 && minimum <= over, "minimum", minimum, "1 to over, which is " + over);
        } else if (inARow != null) {
            require(bad == Bad.RULE || bad == Bad.FAILURE, "bad", String.valueOf(bad), "rule or failure of a run");
            require(inARow >= 0 && inARow < SignalRun.LONGEST, "in-a-row", inARow, "0 to " + (SignalRun.LONGEST - 1));
        } else if (atMost != null) {
            require(bad == null, "bad", String.valueOf(bad), "nothing: it is no call that this signal observes");
            require(atMost > 0, "at-most", atMost, "above 0");
        }
    }

    /**
     * A signal, with what suits its kind where the configuration is silent.
     *
     * @param numbers the configured ones
     * @throws InvalidSettingException if it is none
     */
    public static HealthSignal of(@Nullable String name, @Nullable Bad bad, Numbers numbers, @Nullable Boolean opens) {
        int over = numbers.over() == null ? USUAL_OBSERVATIONS : numbers.over();
        int minimum = numbers.minimum() == null ? Math.min(USUAL_MINIMUM, over) : numbers.minimum();
        Bad usual = numbers.inARow() != null ? Bad.RULE : numbers.atLeast() != null ? Bad.QUALITY : null;
        return new HealthSignal(
                name == null ? "" : name,
                bad == null ? usual : bad,
                numbers.atLeast(),
                over,
                minimum,
                numbers.inARow(),
                opens != null && opens,
                numbers.atMost());
    }

    /** The numbers of a signal as they are configured; null for what is not. */
    public record Numbers(
            @Nullable Double atLeast,
            @Nullable Integer over,
            @Nullable Integer minimum,
            @Nullable Integer inARow,
            @Nullable Double atMost) {}

    /** Whether rules can name it. */
    public boolean takesRules() {
        return bad == Bad.RULE;
    }

    private static int kinds(@Nullable Object... given) {
        int kinds = 0;
        for (Object each : given) {
            kinds += each == null ? 0 : 1;
        }
        return kinds;
    }

    private static void require(boolean valid, String setting, Object value, String range) {
        if (!valid) {
            throw new InvalidSettingException(setting, value, range);
        }
    }
}
