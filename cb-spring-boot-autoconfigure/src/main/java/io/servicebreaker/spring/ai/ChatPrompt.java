package io.servicebreaker.spring.ai;

import io.servicebreaker.spring.PromptText;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.content.MediaContent;
import org.springframework.ai.model.tool.ToolCallingChatOptions;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.definition.ToolDefinition;

/** What a question of Spring AI sends to a model. */
final class ChatPrompt {

    private ChatPrompt() {}

    static void add(Prompt prompt, PromptText text) {
        prompt.getInstructions().forEach(message -> add(message, text));
        ChatOptions options = prompt.getOptions();
        if (options != null) {
            text.mostOutput(Provider.mostOutput(options));
        }
        if (options instanceof ToolCallingChatOptions tools) {
            add(tools.getToolCallbacks(), text);
        }
    }

    private static void add(Message message, PromptText text) {
        text.message();
        if (message.getText() != null) {
            text.add(message.getText());
        }
        if (message instanceof MediaContent content) {
            content.getMedia().forEach(media -> text.image());
        }
        if (message instanceof AssistantMessage answer) {
            answer.getToolCalls().forEach(call -> text.add(call.name() + ' ' + call.arguments()));
        }
        if (message instanceof ToolResponseMessage results) {
            results.getResponses().forEach(result -> text.add(result.responseData()));
        }
    }

    /** Some models leave the list out where there are none. */
    private static void add(@Nullable List<ToolCallback> tools, PromptText text) {
        if (tools != null) {
            tools.forEach(tool -> add(tool.getToolDefinition(), text));
        }
    }

    private static void add(ToolDefinition tool, PromptText text) {
        text.add(tool.name());
        text.add(tool.description());
        text.add(tool.inputSchema());
    }
}
