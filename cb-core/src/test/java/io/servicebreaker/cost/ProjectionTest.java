package io.servicebreaker.cost;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ProjectionTest {

    private static final Instant BEGIN = Instant.parse("2027-03-01T00:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);

    @Test
    void saysWhatTheSumOfTheHoursThatAreLeftWillBe() {
        Projection projection = after(4, 10, 14, 12, 12);

        // 48 + 20 × 12; t = 1.638, s = 1.633, √(20 + 20²/4) = 10.954
        assertThat(projection.projected()).isEqualTo(new Money(288));
        assertThat(projection.low()).isEqualTo(new Money(288 - 29));
        assertThat(projection.high()).isEqualTo(new Money(288 + 29));
    }

    @Test
    void isNeverBelowWhatIsSpent() {
        assertThat(after(3, 0, 0, 90).low()).isEqualTo(new Money(90));
    }

    @Test
    void saysNothingByLessThanThreeSamples() {
        Projection projection = after(2, 10, 14);

        assertThat(projection.projected()).isEqualTo(new Money(288));
        assertThat(projection.low()).isNull();
        assertThat(projection.high()).isNull();
    }

    @Test
    void hasNoWidthWhereAllHoursAreEqual() {
        Projection projection = after(5, 7, 7, 7, 7, 7);

        assertThat(projection.low()).isEqualTo(projection.projected()).isEqualTo(projection.high());
    }

    /** Hours that are independent and alike, over days that are not the ones it was made for. */
    @Test
    void fourOfFiveDaysEndInTheInterval() {
        Random random = new Random(4711);
        int days = 4000;
        int inside = 0;
        for (int day = 0; day < days; day++) {
            int hours = 6 + random.nextInt(14);
            long[] samples =
                    random.doubles(24, 0, 1_000_000).mapToLong(x -> (long) x).toArray();
            long end = sum(samples, 24);
            Projection projection = after(hours, Arrays.copyOf(samples, hours));
            boolean fits = new Money(end).compareTo(Objects.requireNonNull(projection.low())) >= 0
                    && new Money(end).compareTo(Objects.requireNonNull(projection.high())) <= 0;
            inside += fits ? 1 : 0;
        }

        assertThat((double) inside / days).isBetween(0.77, 0.83);
    }

    @Property
    void isAnIntervalAroundWhatIsProjectedWhateverWasSpent(
            @ForAll @Size(max = 40) List<@LongRange(min = 0) Long> amounts,
            @ForAll @IntRange(max = 30) int hours,
            @ForAll @IntRange(max = 3599) int seconds) {
        long[] samples = amounts.stream().mapToLong(Long::longValue).toArray();
        Instant now = BEGIN.plus(Duration.ofHours(hours)).plusSeconds(seconds);
        BudgetView budget = budget(samples);

        Projection projection = Projection.of(budget, now, samples, HOUR, null);

        Money projected = projection.projected();
        Money low = projection.low();
        Money high = projection.high();
        assertThat(low == null).isEqualTo(projected == null || samples.length < 3);
        assertThat(high == null).isEqualTo(low == null);
        if (projected != null && low != null && high != null) {
            assertThat(budget.spent()).isLessThanOrEqualTo(low);
            assertThat(low).isLessThanOrEqualTo(projected);
            assertThat(projected).isLessThanOrEqualTo(high);
        }
    }

    private static Projection after(int hours, long... samples) {
        return Projection.of(budget(samples), BEGIN.plus(Duration.ofHours(hours)), samples, HOUR, null);
    }

    private static BudgetView budget(long[] samples) {
        return new BudgetView(
                null, new Money(sum(samples, samples.length)), Money.ZERO, BEGIN, BEGIN.plus(Duration.ofDays(1)));
    }

    private static long sum(long[] amounts, int count) {
        long sum = 0;
        for (int i = 0; i < count; i++) {
            sum = Money.sum(sum, amounts[i]);
        }
        return sum;
    }
}
