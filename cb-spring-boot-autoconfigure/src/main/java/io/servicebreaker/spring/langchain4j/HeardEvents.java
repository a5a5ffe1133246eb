package io.servicebreaker.spring.langchain4j;

import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEvent;
import dev.langchain4j.http.client.sse.ServerSentEventContext;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import io.servicebreaker.spring.AnswerReader;
import io.servicebreaker.spring.AnswerStream;
import io.servicebreaker.spring.Exchange;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Tells an exchange of a streamed answer, on the answer's way to its parser and its listener. */
final class HeardEvents implements ServerSentEventListener, ServerSentEventParser {

    private final ServerSentEventListener listener;
    private final ServerSentEventParser parser;
    private final Exchange exchange;
    private final ErrorHead head;
    private final Hearing hearing;
    private volatile @Nullable AnswerReader reader;

    HeardEvents(
            ServerSentEventListener listener,
            ServerSentEventParser parser,
            Exchange exchange,
            ErrorHead head,
            Hearing hearing) {
        this.listener = listener;
        this.parser = parser;
        this.exchange = exchange;
        this.head = head;
        this.hearing = hearing;
    }

    @Override
    public void onOpen(SuccessfulHttpResponse response) {
        reader = hearing.begun(response, exchange);
        listener.onOpen(response);
    }

    @Override
    public void parse(InputStream body, ServerSentEventListener events) {
        AnswerReader known = reader;
        parser.parse(known == null ? body : new AnswerStream(body, known), events);
    }

    @Override
    public void onEvent(ServerSentEvent event) {
        listener.onEvent(event);
    }

    @Override
    public void onEvent(ServerSentEvent event, ServerSentEventContext context) {
        listener.onEvent(event, context);
    }

    @Override
    public void onError(Throwable error) {
        AnswerReader known = reader;
        if (known == null) {
            hearing.failed(error, head, exchange);
        } else {
            known.failed(error);
        }
        listener.onError(error);
    }

    @Override
    public void onClose() {
        AnswerReader known = reader;
        if (known == null) {
            exchange.completed();
        } else {
            known.completed();
        }
        listener.onClose();
    }
}
