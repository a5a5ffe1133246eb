package io.servicebreaker.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallRequestTest {

    @Test
    void whatIsNotGivenIsEmpty() {
        CallRequest request = CallRequest.to("openai");

        assertThat(request.service()).isEqualTo("openai");
        assertThat(request.operation()).isEmpty();
        assertThat(request.model()).isEmpty();
        assertThat(request.category()).isEmpty();
        assertThat(request.inputTokens()).isZero();
        assertThat(request.outputTokens()).isZero();
        assertThat(request.isEssential()).isFalse();
        assertThat(request.deadline()).isEmpty();
    }

    @Test
    void eachPartKeepsTheOthers() {
        CallRequest request = CallRequest.to("openai")
                .deadline(Duration.ofSeconds(3))
                .essential()
                .category("research")
                .estimatedTokens(100, 50)
                .model("gpt-5")
                .operation("ask");

        assertThat(request.service()).isEqualTo("openai");
        assertThat(request.operation()).isEqualTo("ask");
        assertThat(request.model()).isEqualTo("gpt-5");
        assertThat(request.inputTokens()).isEqualTo(100);
        assertThat(request.outputTokens()).isEqualTo(50);
        assertThat(request.category()).isEqualTo("research");
        assertThat(request.isEssential()).isTrue();
        assertThat(request.deadline()).contains(Duration.ofSeconds(3));
    }

    @Test
    void losesNothingButItsPrompt() {
        CallRequest request = CallRequest.to("openai")
                .operation("ask")
                .model("gpt-5")
                .estimatedTokens(100, 50)
                .category("research")
                .credential("batch")
                .essential()
                .deadline(Duration.ofSeconds(3));

        CallRequest kept = request.prompt(new Prompt()).withoutPrompt();

        assertThat(kept.prompt()).isNull();
        assertThat(kept).usingRecursiveComparison().isEqualTo(request);
        assertThat(request.withoutPrompt()).isSameAs(request);
    }

    private record Prompt() implements PromptTokens {

        @Override
        public int input() {
            return 7;
        }

        @Override
        public int mostOutput() {
            return 7;
        }
    }

    @Test
    void isNotChangedByWhatIsMadeFromIt() {
        CallRequest request = CallRequest.to("openai");

        request.essential();
        request.model("gpt-5");

        assertThat(request.isEssential()).isFalse();
        assertThat(request.model()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"-1, 0", "0, -1"})
    void refusesNegativeTokens(int input, int output) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CallRequest.to("openai").estimatedTokens(input, output))
                .withMessage("tokens must not be negative: input " + input + ", output " + output);
    }

    @Test
    @SuppressWarnings("NullAway") // what is tested
    void needsAService() {
        assertThatNullPointerException().isThrownBy(() -> CallRequest.to(null)).withMessage("service");
    }

    @Test
    void showsItself() {
        assertThat(CallRequest.to("openai").operation("ask").model("gpt-5"))
                .hasToString("CallRequest[service=openai, operation=ask, model=gpt-5]");
    }
}
