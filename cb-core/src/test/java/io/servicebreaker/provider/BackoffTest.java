package io.servicebreaker.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class BackoffTest {

    private static final long SECOND = 1_000_000_000;

    private final Backoff backoff = new Backoff(Duration.ofSeconds(1), 2, Duration.ofSeconds(5));
    private long now = 100 * SECOND;

    @Test
    void growsWithEachStrikeUpToItsLongest() {
        assertThat(strikeAfterTheLast()).isEqualTo(1 * SECOND);
        assertThat(strikeAfterTheLast()).isEqualTo(2 * SECOND);
        assertThat(strikeAfterTheLast()).isEqualTo(4 * SECOND);
        assertThat(strikeAfterTheLast()).isEqualTo(5 * SECOND);
        assertThat(strikeAfterTheLast()).isEqualTo(5 * SECOND);
    }

    @Test
    void takesStrikesOfCallsThatWereUnderWayTogetherForOne() {
        backoff.strike(now);
        now += SECOND / 4;

        assertThat(backoff.strike(now)).isEqualTo(Duration.ofMillis(750));
        assertThat(backoff.strike(now)).isEqualTo(Duration.ofMillis(750));
    }

    @Test
    void beginsAnewAfterACalmOfTwiceTheLastTime() {
        strikeAfterTheLast();
        strikeAfterTheLast();
        now += 4 * SECOND - 1;
        assertThat(backoff.strike(now)).isEqualTo(Duration.ofSeconds(4));
        now += 4 * SECOND + 8 * SECOND;

        assertThat(backoff.strike(now)).isEqualTo(Duration.ofSeconds(1));
    }

    @Property
    void neverWaitsNotAtAllOrLongerThanItsLongest(
            @ForAll @Size(max = 50) List<@LongRange(min = 0, max = 20_000_000_000L) Long> pauses) {
        Backoff any = new Backoff(Duration.ofSeconds(1), 3, Duration.ofSeconds(7));
        long time = 0;
        for (long pause : pauses) {
            time += pause;
            assertThat(any.strike(time)).isPositive().isLessThanOrEqualTo(Duration.ofSeconds(7));
        }
    }

    private long strikeAfterTheLast() {
        long length = backoff.strike(now).toNanos();
        now += length;
        return length;
    }
}
