package io.servicebreaker.spring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PromptTextTest {

    private final PromptText prompt = new PromptText();

    @Test
    void aLongTextGoesOnAsItBegins() {
        prompt.add("x".repeat(PromptText.COUNTED * 100));

        int tokens = prompt.input(beginning -> {
            assertThat(beginning.length()).isLessThanOrEqualTo(PromptText.COUNTED + 1);
            return 1000;
        });

        assertThat(tokens).isBetween(99_900, 100_000);
    }

    @Test
    void aTextThatIsLongerThanAnyNumberIsAsLongAsANumberCanBe() {
        String million = "x".repeat(1_000_000);
        for (int i = 0; i < 3000; i++) {
            prompt.add(million);
        }

        assertThat(prompt.input(text -> text.length())).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void nothingHasNoTokens() {
        prompt.add("");

        assertThat(prompt.input(text -> 7)).isZero();
    }

    @Test
    void fourBytesAreATokenWhereNothingBetterIsKnown() {
        assertThat(TokenCounter.BY_BYTES.count("abcde")).isEqualTo(2);
        assertThat(TokenCounter.BY_BYTES.count("Grüße")).isEqualTo(2);
        assertThat(TokenCounter.BY_BYTES.count("你好世界")).isEqualTo(3);
        assertThat(TokenCounter.BY_BYTES.count("😀")).isEqualTo(1);
        assertThat(TokenCounter.BY_BYTES.count("")).isZero();
    }
}
