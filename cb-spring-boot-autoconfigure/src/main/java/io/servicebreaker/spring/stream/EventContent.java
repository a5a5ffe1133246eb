package io.servicebreaker.spring.stream;

import io.servicebreaker.provider.StreamContent;
import java.util.Set;
import org.springframework.http.codec.ServerSentEvent;

/** Events that bring data; not comments, and not what providers send so that nobody closes the connection. */
final class EventContent implements StreamContent {

    /** As Anthropic and OpenAI name theirs, which have data. */
    private static final Set<String> KEEP_ALIVES = Set.of("ping", "keepalive");

    @Override
    public boolean isContent(Object element) {
        if (!(element instanceof ServerSentEvent<?> event)) {
            return true;
        }
        Object data = event.data();
        boolean empty = data == null || (data instanceof CharSequence text && text.isEmpty());
        return !empty && (event.event() == null || !KEEP_ALIVES.contains(event.event()));
    }
}
