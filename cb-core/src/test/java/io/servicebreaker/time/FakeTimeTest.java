package io.servicebreaker.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class FakeTimeTest {

    private final FakeTime time = new FakeTime();

    @Test
    void standsStill() {
        assertThat(time.nanos()).isEqualTo(time.nanos());
        assertThat(time.now()).isEqualTo(time.now());
    }

    @Test
    void movesBothClocksTogether() {
        long nanos = time.nanos();
        Instant now = time.now();

        time.advance(Duration.ofMillis(1500));

        assertThat(time.nanos() - nanos).isEqualTo(1_500_000_000);
        assertThat(Duration.between(now, time.now())).isEqualTo(Duration.ofMillis(1500));
        assertThat(time.at(nanos)).isEqualTo(now);
    }
}
