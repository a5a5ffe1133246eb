package io.servicebreaker.adaptive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class DataQualityTest {

    private static final double DAY = 24 * 60;

    private final Past past = new Past();

    @Test
    void isGoodAfterWeeksWithManyTroubles() {
        past.troubles(100, 1, 60, (minute, i, j) -> minute.good(50).failed(10).run(10));

        DataQuality quality = quality(100 * 180);

        assertThat(quality.amount()).isGreaterThan(0.99);
        assertThat(quality.coverage()).isCloseTo(100 * 180 / (30 * DAY), within(0.01));
        assertThat(quality.recency()).isGreaterThan(0.99);
        assertThat(quality.episodes()).isEqualTo(100.0 / 105);
        assertThat(quality.seen()).isEqualTo(1);
        assertThat(quality.score()).isBetween(0.8, 1.0);
    }

    @Test
    void fallsWithAge() {
        past.troubles(8, 1, 60, (minute, i, j) -> minute.good(50).failed(10).run(10));

        assertThat(quality(16 * DAY).recency()).isCloseTo(0.5, within(0.02));
        assertThat(quality(16 * DAY).score()).isLessThan(quality(DAY).score());
        assertThat(quality(100 * DAY).score()).isZero();
    }

    @Test
    void fallsWhereTheBreakerWasOpen() {
        past.troubles(
                20, 2, 60, (minute, i, j) -> minute.good(10).failed(5).run(5).open(45, 45));

        assertThat(quality(29 * DAY).seen()).isEqualTo(0.25);
    }

    @Test
    void fallsWhereAllIsTrouble() {
        for (int i = 0; i < 29 * DAY; i++) {
            past.add(past.minute(i).failed(60).run(60));
        }

        assertThat(quality(29 * DAY).coverage()).isLessThan(0.03);
    }

    @Test
    void isPoorAfterAnHour() {
        past.troubles(1, 1, 1, (minute, i, j) -> minute.failed(10).run(10));

        assertThat(quality(120).score()).isLessThan(0.2);
    }

    private DataQuality quality(double nowMinute) {
        HistoryDigest digest = new HistoryDigest(new Candidates(Past.BASELINE, 0.3));
        past.minutes.forEach(digest::accept);
        double begin = HistoryDigest.minuteOf(past.minute(0).build().start());
        return DataQuality.of(TimelineBuilder.of(digest), AdaptiveSettings.DEFAULTS, begin + nowMinute);
    }
}
