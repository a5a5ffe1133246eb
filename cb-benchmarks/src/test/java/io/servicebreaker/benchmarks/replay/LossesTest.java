package io.servicebreaker.benchmarks.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.servicebreaker.benchmarks.replay.Stretch.Kind;
import io.servicebreaker.benchmarks.replay.Stretch.Mix;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected costs, against the costs of calls as they are drawn. */
class LossesTest {

    private static final int CALLS = 400_000;

    @ParameterizedTest
    @CsvSource({
        "0.013, 0.25, 0.4, 0.2, 3.48, 0.774, 1.0",
        "0.62, 0.2, 0.15, 0.45, 6.59, 0.774, 0.6",
        "0.33, 0, 0.2, 0.1, 9.12, 0.774, 10",
        "0.0, 0, 1, 0, 30, 0.774, 1",
        "1.0, 1, 0, 0, 3, 0.774, 0.2"
    })
    void areThoseOfTheCallsThatAreDrawn(
            double error,
            double limited,
            double broken,
            double overloaded,
            double median,
            double sigma,
            double failing) {
        Stretch stretch = new Stretch(
                0, 60, Kind.INCIDENT, error, new Mix(limited, broken, overloaded), median, sigma, failing, null);

        Losses losses = Losses.in(stretch);

        assertThat(losses.allowing()).isCloseTo(mean(stretch, LossesTest::loss), within(0.01));
        assertThat(losses.refusing()).isCloseTo(mean(stretch, answer -> answer.isFailure() ? 0 : 1), within(0.005));
    }

    private static double loss(Answer answer) {
        return answer.isFailure() ? 0.5 + answer.seconds() / 30 : Math.max(0, answer.seconds() - 20) / 30;
    }

    private static double mean(Stretch stretch, ToDoubleFunction<Answer> loss) {
        Random luck = new Random(1);
        double sum = 0;
        for (int i = 0; i < CALLS; i++) {
            sum += loss.applyAsDouble(
                    stretch.answer(new Stretch.Draw(luck.nextDouble(), luck.nextDouble(), luck.nextGaussian())));
        }
        return sum / CALLS;
    }
}
