package io.servicebreaker.spring.ai;

import java.util.Set;
import org.springframework.ai.chat.client.ChatClientRequest;
import org.springframework.ai.chat.prompt.ChatOptions;

/** Whose model a question is for. By name, since Spring AI has a module for each. */
final class Provider {

    private static final Set<String> TELLING = Set.of(
            "org.springframework.ai.openai.OpenAiChatOptions", "org.springframework.ai.anthropic.AnthropicChatOptions");

    private Provider() {}

    /** Whether it is one that always says at the end of a stream why it stops. */
    static boolean tellsReasons(ChatClientRequest request) {
        ChatOptions options = request.prompt().getOptions();
        return options != null && TELLING.contains(options.getClass().getName());
    }
}
