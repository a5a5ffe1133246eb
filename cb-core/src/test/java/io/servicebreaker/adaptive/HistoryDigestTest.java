package io.servicebreaker.adaptive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class HistoryDigestTest {

    private final Past past = new Past();
    private final HistoryDigest digest = new HistoryDigest(new Candidates(Past.BASELINE, 0.3));

    @Test
    void keepsOfACalmMonthWhatItCountedAndNoMinutes() {
        for (int i = 0; i < 43_200; i++) {
            take(past.minute(i).good(100).failed(i % 3).run(1));
        }

        assertThat(digest.size()).isEqualTo(4);
        assertThat(digest.calls()).isEqualTo(43_200 * 101.0);
        assertThat(digest.isTroubled()).isFalse();
        assertThat(digest.lastEnd() - digest.firstStart()).isEqualTo(43_200);
    }

    @Test
    void keepsAMinuteThatCouldMatterAndTheTrafficAroundIt() {
        for (int i = 0; i < 1_000; i++) {
            take(
                    i == 500
                            ? past.minute(i).good(90).failed(4).run(4)
                            : past.minute(i).good(i < 500 ? 10 : 20));
        }

        assertThat(digest.size()).isEqualTo(9);
        assertThat(digest.isCalm(4)).isFalse();
        assertThat(digest.get(4, HistoryDigest.FAILED)).isEqualTo(4);
        assertThat(digest.get(3, HistoryDigest.MINUTES)).isEqualTo(1);
        assertThat(digest.get(5, HistoryDigest.MINUTES)).isEqualTo(HistoryDigest.AFTER);
        assertThat(digest.get(5, HistoryDigest.CALLS)).isEqualTo(200);
    }

    @Test
    void keepsAShareThatACandidateCouldOpenAt() {
        take(past.minute(0).good(60).failed(40).run(1));
        take(past.minute(1).good(80).failed(20).run(1));

        assertThat(digest.isCalm(0)).isFalse();
        assertThat(digest.isCalm(1)).isTrue();
    }

    @Test
    void keepsSlowMinutes() {
        take(past.minute(0).good(90, Duration.ofSeconds(20)).good(10));

        assertThat(digest.isCalm(0)).isFalse();
        assertThat(digest.get(0, digest.slowField(15))).isEqualTo(90);
    }

    @Test
    void keepsTheNewestWhereAllIsTrouble() {
        for (int i = 0; i < 5_000; i++) {
            take(past.minute(i).failed(10).run(10));
        }

        assertThat(digest.size()).isBetween(HistoryDigest.MOST_ROWS * 9 / 10, HistoryDigest.MOST_ROWS);
        assertThat(digest.lastEnd())
                .isEqualTo(HistoryDigest.minuteOf(past.minute(5_000).build().start()));
    }

    @Test
    void doesNotBlameARefusalThatTheProviderAskedFor() {
        take(past.minute(0).good(50).throttled(1).open(30, 20));
        take(past.minute(1).open(60, 50));
        take(past.minute(2).good(50).open(10, 10));

        assertThat(digest.isTroubled()).isFalse();
        assertThat(digest.get(0, HistoryDigest.REFUSED)).isZero();
    }

    @Test
    void leavesOutWhatIsNotNewer() {
        take(past.minute(5).good(10));
        take(past.minute(5).good(10));
        take(past.minute(3).good(10));

        assertThat(digest.calls()).isEqualTo(10);
    }

    @Test
    void forgets() {
        for (int i = 0; i < 100; i++) {
            take(past.minute(i).failed(10).run(10));
        }

        digest.forgetBefore(HistoryDigest.minuteOf(past.minute(90).build().start()));

        assertThat(digest.calls()).isEqualTo(100);
    }

    @Test
    void forgetsOfALongStretchWhatIsOld() {
        for (int i = 0; i < 40_000; i++) {
            take(past.minute(i).good(99).failed(1).run(1));
        }
        take(past.minute(40_000).failed(10).run(10));

        digest.forgetBefore(HistoryDigest.minuteOf(past.minute(30_000).build().start()));

        assertThat(digest.calls()).isCloseTo(10_000 * 100 + 10, within(1e-3));
        assertThat(digest.lastEnd() - digest.firstStart()).isEqualTo(10_001);
        assertThat(digest.get(0, HistoryDigest.FAILED) / digest.get(0, HistoryDigest.CALLS))
                .isCloseTo(0.01, within(1e-9));
    }

    @Test
    void knowsWhatCallsCost() {
        take(past.minute(0)
                .failed(10, Duration.ofSeconds(15))
                .good(10, Duration.ofSeconds(50))
                .run(10));
        take(past.minute(1).failed(10, Duration.ofHours(2)).run(20));

        assertThat(digest.get(0, HistoryDigest.FAILED_LOSS)).isCloseTo(1.0, within(0.05));
        assertThat(digest.get(0, HistoryDigest.GOOD_LOSS)).isCloseTo(1.0, within(0.15));
        assertThat(digest.get(1, HistoryDigest.FAILED_LOSS)).isEqualTo(2.5);
    }

    private void take(Minutes minute) {
        digest.accept(minute.build());
    }
}
