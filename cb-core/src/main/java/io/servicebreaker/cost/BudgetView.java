package io.servicebreaker.cost;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A budget at one moment.
 *
 * @param limit what may be spent in the period; null for any amount
 * @param spent what the calls that have ended cost
 * @param reserved what those that are under way are expected to cost
 * @param beginsAt when the period began
 * @param endsAt when the period ends
 */
public record BudgetView(@Nullable Money limit, Money spent, Money reserved, Instant beginsAt, Instant endsAt) {

    /** Too early to say how the period will go on. */
    private static final int SHARE_UNJUDGED = 100;

    /** What is left for further calls, 0 if it has been overspent; null if there is no limit. */
    public @Nullable Money remaining() {
        return limit == null
                ? null
                : new Money(Math.max(0, limit.minus(spent.plus(reserved)).billionths()));
    }

    /** Share of the limit that is spent or reserved, more than 1 if it has been overspent; {@code NaN} if there is no limit. */
    public double used() {
        if (limit == null) {
            return Double.NaN;
        }
        double all = limit.toDecimal().doubleValue();
        return all == 0 ? 1 : spent.plus(reserved).toDecimal().doubleValue() / all;
    }

    /**
     * What will have been spent at the end if it goes on as it has so far; null in the first hundredth of the period.
     *
     * @param now the time of the view, in the period
     */
    public @Nullable Money projected(Instant now) {
        BigDecimal whole = nanos(Duration.between(beginsAt, endsAt));
        BigDecimal elapsed = nanos(Duration.between(beginsAt, now)).min(whole);
        if (elapsed.multiply(BigDecimal.valueOf(SHARE_UNJUDGED)).compareTo(whole) < 0) {
            return null;
        }
        BigDecimal billionths =
                BigDecimal.valueOf(spent.billionths()).multiply(whole).divide(elapsed, RoundingMode.HALF_UP);
        return new Money(billionths.min(BigDecimal.valueOf(Long.MAX_VALUE)).longValue());
    }

    private static BigDecimal nanos(Duration duration) {
        return BigDecimal.valueOf(duration.toSeconds(), -9).add(BigDecimal.valueOf(duration.toNanosPart()));
    }
}
