package io.servicebreaker.time;

import static java.time.temporal.ChronoUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PreciseTimeTest {

    private final TimeSource time = TimeSource.precise();

    @Test
    void neverRunsBackwards() {
        long before = time.nanos();
        for (int i = 0; i < 10_000; i++) {
            long now = time.nanos();
            assertThat(now).isGreaterThanOrEqualTo(before);
            before = now;
        }
    }

    @Test
    void countsFromTheStartOfTheProcess() {
        assertThat(time.nanos()).isBetween(0L, TimeUnit.DAYS.toNanos(1));
    }

    @Test
    void knowsTheWallClockTime() {
        assertThat(time.now()).isCloseTo(Instant.now(), within(60, SECONDS));
    }

    @Test
    void tellsWhenAReadingWas() {
        assertThat(time.at(time.nanos())).isCloseTo(Instant.now(), within(60, SECONDS));
    }

    @Test
    void tellsWhenPastAndFutureReadingsAre() {
        long now = time.nanos();
        long hour = Duration.ofHours(1).toNanos();

        assertThat(time.at(now - hour)).isCloseTo(Instant.now().minusSeconds(3600), within(60, SECONDS));
        assertThat(time.at(now + hour)).isCloseTo(Instant.now().plusSeconds(3600), within(60, SECONDS));
    }

    @Test
    void tellsReadingsCloseToEachOther() {
        long now = time.nanos();
        time.at(now);

        assertThat(Duration.between(time.at(now), time.at(now + 5))).isCloseTo(Duration.ZERO, Duration.ofSeconds(60));
    }

    @Test
    void tellsReadingsFromItsOwnOriginFromTheFirstOn() throws Exception {
        URL classes = PreciseTime.class.getProtectionDomain().getCodeSource().getLocation();
        try (URLClassLoader fresh = new URLClassLoader(new URL[] {classes}, ClassLoader.getPlatformClassLoader())) {
            Class<?> type = fresh.loadClass(TimeSource.class.getName());
            Object clock = type.getMethod("precise").invoke(null);
            long reading = System.nanoTime();

            Object at = type.getMethod("at", long.class).invoke(clock, reading);

            assertThat((Instant) at).isCloseTo(Instant.now().plusNanos(reading), within(60, SECONDS));
        }
    }

    @Test
    void isOneClock() {
        assertThat(TimeSource.precise()).isSameAs(time);
    }

    @Test
    void aClockOfTheUsersOwnTellsWhenAReadingWas() {
        TimeSource own = new TimeSource() {
            @Override
            public long nanos() {
                return 1_000;
            }

            @Override
            public Instant now() {
                return Instant.EPOCH;
            }
        };

        assertThat(own.at(1_500)).isEqualTo(Instant.EPOCH.plusNanos(500));
    }
}
