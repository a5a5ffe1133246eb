package io.servicebreaker.spring.ai;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.client.ChatClientRequest;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.openai.OpenAiChatOptions;

/** Whose model a question is for. By name, since Spring AI has a module for each. */
final class Provider {

    private static final String OPENAI = "org.springframework.ai.openai.OpenAiChatOptions";

    private static final Set<String> TELLING = Set.of(OPENAI, "org.springframework.ai.anthropic.AnthropicChatOptions");

    private Provider() {}

    /** Whether it is one that always says at the end of a stream why it stops. */
    static boolean tellsReasons(ChatClientRequest request) {
        ChatOptions options = request.prompt().getOptions();
        return options != null && TELLING.contains(options.getClass().getName());
    }

    /** As many tokens as an answer may have; 0 for no limit. */
    static int mostOutput(ChatOptions options) {
        boolean openAi = options.getClass().getName().equals(OPENAI);
        return orNone(openAi ? OpenAi.mostOutput(options) : options.getMaxTokens());
    }

    private static int orNone(@Nullable Integer limit) {
        return limit == null ? 0 : limit;
    }

    /** Apart from the rest, since its module may be absent. */
    private static final class OpenAi {

        /** Newer models want it under another name. */
        static @Nullable Integer mostOutput(ChatOptions options) {
            Integer limit = ((OpenAiChatOptions) options).getMaxCompletionTokens();
            return limit == null ? options.getMaxTokens() : limit;
        }
    }
}
