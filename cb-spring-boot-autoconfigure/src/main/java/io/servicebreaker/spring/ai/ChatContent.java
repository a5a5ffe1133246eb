package io.servicebreaker.spring.ai;

import io.servicebreaker.provider.StreamContent;
import org.springframework.ai.chat.client.ChatClientResponse;
import org.springframework.ai.chat.model.ChatResponse;

/** Knows the pieces of a streamed answer that are empty: the first often is, and the last, which tells the tokens. */
final class ChatContent implements StreamContent {

    @Override
    public boolean isContent(Object element) {
        if (element instanceof ChatClientResponse piece) {
            return ChatReport.hasContent(piece);
        }
        return !(element instanceof ChatResponse piece) || ChatReport.hasContent(piece);
    }
}
