package io.servicebreaker.sample.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LatencyModelTest {

    @Test
    void isTheMedianWithoutSpread() {
        assertThat(new LatencyModel(Duration.ofMillis(300), 0).next(new Random(7)))
                .isEqualTo(Duration.ofMillis(300));
    }

    @Test
    void liesBelowTheMedianHalfOfTheTimeAndFarAboveItSometimes() {
        LatencyModel model = new LatencyModel(Duration.ofMillis(300), 0.4);
        Random random = new Random(7);

        long[] millis = IntStream.range(0, 10_000)
                .mapToLong(i -> model.next(random).toMillis())
                .sorted()
                .toArray();

        assertThat(millis[5_000]).isBetween(290L, 310L);
        assertThat(millis[9_900]).isBetween(700L, 830L); // 300 ms * exp(0.4 * 2.33) = 762 ms
    }
}
