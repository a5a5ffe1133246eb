package io.servicebreaker.spring.ai;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.client.ChatClientResponse;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.AssistantMessage.ToolCall;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;

class ChatContentTest {

    private final ChatContent content = new ChatContent();

    @Test
    void isAPieceWithTextOrATool() {
        AssistantMessage tool = AssistantMessage.builder()
                .content("")
                .toolCalls(List.of(new ToolCall("1", "function", "weather", "{}")))
                .build();

        assertThat(content.isContent(saying("Par"))).isTrue();
        assertThat(content.isContent(new ChatClientResponse(saying("Par"), Map.of())))
                .isTrue();
        assertThat(content.isContent(new ChatResponse(List.of(new Generation(tool)))))
                .isTrue();
    }

    @Test
    void isNoPieceWithoutThem() {
        assertThat(content.isContent(saying(""))).isFalse();
        assertThat(content.isContent(new ChatResponse(List.of()))).isFalse();
        assertThat(content.isContent(new ChatClientResponse(null, Map.of()))).isFalse();
    }

    @Test
    void isWhatOthersKnow() {
        assertThat(content.isContent("")).isTrue();
    }

    private static ChatResponse saying(String text) {
        return new ChatResponse(List.of(new Generation(new AssistantMessage(text))));
    }
}
