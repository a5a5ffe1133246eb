package io.servicebreaker.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenEstimateTest {

    @Test
    void isAValue() {
        assertThat(new TokenEstimate(3, 0)).isEqualTo(new TokenEstimate(3, 0)).isNotEqualTo(new TokenEstimate(0, 3));
    }

    @ParameterizedTest
    @CsvSource({"-1, 0", "0, -1"})
    void refusesNegativeTokens(int input, int output) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TokenEstimate(input, output))
                .withMessage("tokens must not be negative: input " + input + ", output " + output);
    }
}
