package io.servicebreaker.adaptive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.servicebreaker.breaker.BreakerSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HistoryReplayTest {

    private final Past past = new Past();

    @Test
    void letsAllThroughWhileNothingHappens() {
        past.healthy(0, 100, 60);

        HistoryReplay replay = replay(Past.BASELINE);

        assertThat(replay.failures()).isZero();
        assertThat(replay.refusals()).isZero();
        assertThat(replay.loss()).isZero();
    }

    /** One call a second: of thirty that would fail, five do; sixty seconds of refusals follow, and three probes. */
    @Test
    void refusesTheRestOfTheMinuteAndTheNextUntilItProbes() {
        past.healthy(0, 10, 60)
                .add(past.minute(10).good(30).failed(30).run(30).opened().open(0, 0))
                .add(past.minute(11).good(60))
                .healthy(12, 30, 60);

        HistoryReplay replay = replay(Past.BASELINE);

        assertThat(replay.failures()).isCloseTo(5, within(0.3));
        assertThat(replay.refusals()).isCloseTo(35, within(2.0));
    }

    @Test
    void waitsLongerAfterEachFailedProbe() {
        past.healthy(0, 10, 60);
        for (int i = 10; i < 25; i++) {
            past.add(past.minute(i).failed(60).run(60 * (i - 9)));
        }
        past.healthy(25, 60, 60);

        HistoryReplay replay = replay(Past.BASELINE);

        // opens at 5 s; probes at about 65, 185, 425 and 905 s, the last when all is well
        assertThat(replay.failures()).isCloseTo(5 + 3, within(1.1));
        assertThat(replay.refusals()).isCloseTo(5, within(5.0));
    }

    @Test
    void opensByTheShareInTheWindow() {
        past.healthy(0, 10, 60);
        for (int i = 10; i < 20; i++) {
            past.add(past.minute(i).good(24).failed(36).run(4));
        }

        assertThat(replay(Past.BASELINE).refusals()).isPositive();
        assertThat(replay(Parameter.ERROR_RATE_THRESHOLD.with(Past.BASELINE, 0.65))
                        .refusals())
                .isZero();
    }

    @Test
    void opensWhereCallsAreSlow() {
        past.healthy(0, 10, 60);
        for (int i = 10; i < 20; i++) {
            past.add(past.minute(i).good(60, Duration.ofSeconds(17)));
        }

        assertThat(replay(Past.BASELINE).refusals()).isPositive();
        assertThat(replay(Parameter.SLOW_CALL_DURATION.with(Past.BASELINE, 19)).refusals())
                .isZero();
    }

    @Test
    void breaksARowByASilenceOfAWindow() {
        for (int i = 0; i < 60; i += 2) {
            past.add(past.minute(i).failed(1).run(i / 2 + 1));
        }

        assertThat(replay(Past.BASELINE).failures()).isEqualTo(30);
        assertThat(replay(Past.BASELINE.toBuilder()
                                .window(Duration.ofMinutes(5))
                                .build())
                        .failures())
                .isLessThan(30);
    }

    /**
     * The real breaker, asked call by call in sixty hours with a trouble in each, and the replay of what the history has
     * of them. Single troubles differ, by where in the minute they began; together they agree to a fifth where all calls fail,
     * and to two fifths where some do, since of these only the longest run in a minute is known.
     */
    @ParameterizedTest(name = "{0} calls/s, failing in {1} s for {2} s with {3}")
    @CsvSource({
        "0.1, 0.2,  200, 1.0, 0.2",
        "0.1, 8.0,  200, 1.0, 0.2",
        "0.1, 8.0,   60, 1.0, 0.2",
        "1,   0.2,   10, 1.0, 0.2",
        "1,   0.2,   60, 1.0, 0.2",
        "1,   8.0,  200, 1.0, 0.2",
        "1,   0.2,  200, 1.0, 0.2",
        "5,   0.2,   60, 1.0, 0.2",
        "5,   8.0,   60, 1.0, 0.2",
        "0.1, 0.2,  200, 0.6, 0.4",
        "1,   0.2,  200, 0.6, 0.4",
        "1,   8.0,  200, 0.6, 0.4",
        "1,   8.0,  200, 0.3, 0.4"
    })
    void agreesWithTheRealBreaker(double rate, double seconds, double lasting, double share, double tolerance) {
        GuardedStream stream = stream(rate, seconds, lasting, share);
        past.append(stream.history(Instant.parse("2026-01-01T00:00:00Z")));

        for (BreakerSettings settings :
                new BreakerSettings[] {Past.BASELINE, Parameter.FAILURE_THRESHOLD.with(Past.BASELINE, 6)}) {
            GuardedStream.Result real = stream.guardedBy(settings);
            HistoryReplay replay = replay(settings);

            assertThat(replay.loss()).isCloseTo(real.loss(), within(tolerance * real.loss()));
            assertThat(replay.failures()).isCloseTo(real.failures(), within(tolerance * real.failures()));
        }
    }

    /** A trouble in each hour, as long as chance says. */
    private static GuardedStream stream(double rate, double seconds, double lasting, double share) {
        GuardedStream stream = new GuardedStream();
        Random random = new Random(5);
        for (int hour = 0; hour < 60; hour++) {
            double begin = 600 + 1200 * random.nextDouble();
            double end = begin + Math.min(3000, -Math.log(1 - random.nextDouble()) * lasting);
            for (double at = wait(random, rate); at < 3600; at += wait(random, rate)) {
                boolean fails = random.nextDouble() < (at >= begin && at < end ? share : 0.005);
                stream.call(3600 * hour + at, fails ? seconds : 1 + random.nextDouble(), fails);
            }
        }
        return stream;
    }

    private static double wait(Random random, double rate) {
        return -Math.log(1 - random.nextDouble()) / rate;
    }

    private HistoryReplay replay(BreakerSettings settings) {
        HistoryDigest digest = new HistoryDigest(new Candidates(Past.BASELINE, 0.3));
        past.minutes.forEach(digest::accept);
        return HistoryReplay.of(TimelineBuilder.of(digest), settings);
    }
}
