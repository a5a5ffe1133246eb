package io.servicebreaker.provider;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class RateLimitTest {

    private static final long SECOND = 1_000_000_000;
    private static final long NOW = 5 * SECOND;
    private static final long TWO_DAYS = 172_800 * SECOND;

    private final RateLimit half = new RateLimit(60, 30, NOW, NOW + 30 * SECOND);

    @Test
    void hasWhatRemainedAtFirst() {
        assertThat(half.available(NOW)).isEqualTo(30);
    }

    @Test
    void refillsEvenlyUntilTheReset() {
        assertThat(half.available(NOW + SECOND)).isEqualTo(31);
        assertThat(half.available(NOW + 2 * SECOND - 10_000_000)).isEqualTo(31);
        assertThat(half.available(NOW + 15 * SECOND)).isEqualTo(45);
        assertThat(half.available(NOW + 30 * SECOND)).isEqualTo(60);
    }

    @Test
    void saysWhenSoMuchWillBeThere() {
        assertThat(half.nanosUntil(30, NOW)).isZero();
        assertThat(half.nanosUntil(31, NOW)).isEqualTo(SECOND);
        assertThat(half.nanosUntil(40, NOW + 4 * SECOND)).isEqualTo(6 * SECOND);
    }

    @Test
    void waitsForWhatIsMoreThanTheLimitNoLongerThanUntilTheReset() {
        assertThat(half.nanosUntil(1_000, NOW + SECOND)).isEqualTo(29 * SECOND);
        assertThat(half.nanosUntil(1_000, NOW + 30 * SECOND)).isZero();
    }

    @Test
    void getsNothingBackBeforeTheResetOfAnUnknownLimit() {
        RateLimit unknown = new RateLimit(RateLimit.UNKNOWN, 3, NOW, NOW + 10 * SECOND);

        assertThat(unknown.available(NOW + 9 * SECOND)).isEqualTo(3);
        assertThat(unknown.nanosUntil(3, NOW)).isZero();
        assertThat(unknown.nanosUntil(4, NOW + 9 * SECOND)).isEqualTo(SECOND);
        assertThat(unknown.nanosUntil(4, NOW + 10 * SECOND)).isZero();
    }

    @Test
    void hasNoLessThanRemainedIfTheClockGoesBack() {
        assertThat(half.available(NOW - SECOND)).isEqualTo(30);
    }

    @Property
    void isThereWhenItSaysSoAndNeverLaterThanTheReset(
            @ForAll @LongRange(min = 1, max = 999_999_999_999L) long limit,
            @ForAll @LongRange(min = 0, max = 1_000) long share,
            @ForAll @LongRange(min = 0, max = TWO_DAYS) long reset,
            @ForAll @LongRange(min = 0, max = TWO_DAYS) long later,
            @ForAll @LongRange(min = 1, max = 999_999_999_999L) long wanted) {
        RateLimit any = new RateLimit(limit, limit / 1_000 * share, NOW, NOW + reset);
        long now = NOW + later;

        long wait = any.nanosUntil(wanted, now);

        assertThat(wait).isBetween(0L, Math.max(0, reset - later));
        assertThat(any.nanosUntil(wanted, now + wait)).isZero();
    }

    @Property
    void neverShrinksAndNeverExceedsItsLimit(
            @ForAll @LongRange(min = 1, max = 1_000_000) long limit,
            @ForAll @LongRange(min = 0, max = 1_000_000) long remaining,
            @ForAll @LongRange(min = 1, max = TWO_DAYS) long reset,
            @ForAll @LongRange(min = 0, max = TWO_DAYS) long earlier,
            @ForAll @LongRange(min = 0, max = TWO_DAYS) long later) {
        Assume.that(remaining <= limit);
        RateLimit any = new RateLimit(limit, remaining, NOW, NOW + reset);

        long before = any.available(NOW + Math.min(earlier, later));
        long after = any.available(NOW + Math.max(earlier, later));

        assertThat(before).isBetween(remaining, limit);
        assertThat(after).isBetween(before, limit);
    }
}
