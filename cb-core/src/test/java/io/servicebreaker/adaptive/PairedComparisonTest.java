package io.servicebreaker.adaptive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PairedComparisonTest {

    @Test
    void isNotSureAtAllWhereOneTroubleMakesUpForTheOther() {
        assertThat(gains(3, -3, 7, -7, 1, -1).pValue()).isEqualTo(1);
        assertThat(gains(3, -3, 7, -7, 1, -1).confidence(1)).isZero();
    }

    @Test
    void isNotSureAtAllWhereNothingDiffers() {
        assertThat(gains(0, 0, 0).confidence(1)).isZero();
        assertThat(gains().confidence(1)).isZero();
    }

    /** One in 2^5 and 2^10, counted by hand. */
    @Test
    void countsTheChanceOfAllBeingBetter() {
        assertThat(gains(1, 2, 3, 4, 5).pValue()).isCloseTo(1.0 / 32, within(1e-9));
        assertThat(gains(1, 2, 3, 4, 5, 6, 7, 8, 9, 10).pValue()).isCloseTo(1.0 / 1024, within(1e-9));
    }

    @Test
    void countsBetterAndWorseWithoutWhatIsTheSame() {
        PairedComparison seen = gains(1, -2, 0, 3);

        assertThat(seen.better()).isEqualTo(2);
        assertThat(seen.worse()).isEqualTo(1);
    }

    @Test
    void isNotConvincedByOneLargeTrouble() {
        assertThat(gains(1e9, -1, -2, -3, -4).confidence(1)).isLessThan(0.5);
    }

    @Test
    void isLessSureOfTheBestOfMany() {
        PairedComparison seen = gains(1, 2, 3, 4, 5);

        assertThat(seen.confidence(1)).isCloseTo(31.0 / 32, within(1e-9));
        assertThat(seen.confidence(6)).isCloseTo(26.0 / 32, within(1e-9));
        assertThat(seen.confidence(40)).isZero();
    }

    /** Of settings that differ by chance alone, no more than a twentieth look better by so much. */
    @Test
    void keepsItsWordWhereThereIsNothingToFind() {
        Random random = new Random(1);
        int convinced = 0;
        int rounds = 2_000;
        for (int i = 0; i < rounds; i++) {
            double[] gains = random.doubles(8 + i % 30, -1, 1).toArray();
            convinced += gains(gains).confidence(1) > 0.95 ? 1 : 0;
        }

        assertThat(convinced).isLessThan((int) (0.065 * rounds));
    }

    private static PairedComparison gains(double... gains) {
        double[] second = new double[gains.length];
        Arrays.fill(second, 5);
        return PairedComparison.of(Arrays.stream(gains).map(gain -> gain + 5).toArray(), second);
    }
}
