package io.servicebreaker.spring.ai;

import static org.assertj.core.api.Assertions.assertThat;

import com.anthropic.models.messages.MessageDeltaUsage;
import io.servicebreaker.call.Usage;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.metadata.DefaultUsage;

/** Tokens as Spring AI tells them, for models whose answers nobody hears below it. */
class ChatReportTest {

    private static final MessageDeltaUsage ANTHROPIC = MessageDeltaUsage.builder()
            .outputTokens(5)
            .inputTokens(50)
            .cacheReadInputTokens(40)
            .cacheCreationInputTokens(7)
            .outputTokensDetails(Optional.empty())
            .serverToolUse(Optional.empty())
            .build();

    @Test
    void addsWhatAnthropicReadsFromAndWritesToTheCache() {
        assertThat(usage(ANTHROPIC, 50, 40L, 7L)).isEqualTo(new Usage(97, 5, 40));
    }

    @Test
    void knowsThatThePromptOfOthersIncludesTheCache() {
        assertThat(usage(null, 50, 40L, null)).isEqualTo(new Usage(50, 5, 40));
    }

    @Test
    void addsMoreThanThePromptCouldInclude() {
        assertThat(usage(null, 50, 100_000L, null)).isEqualTo(new Usage(100_050, 5, 100_000));
    }

    @Test
    void staysAtTheLargestNumber() {
        assertThat(usage(ANTHROPIC, 50, Long.MAX_VALUE, 7L))
                .isEqualTo(new Usage(Integer.MAX_VALUE, 5, Integer.MAX_VALUE));
    }

    private static @Nullable Usage usage(
            @Nullable Object provider, int prompt, @Nullable Long read, @Nullable Long written) {
        return ChatReport.usage(new DefaultUsage(prompt, 5, prompt + 5, provider, read, written));
    }
}
