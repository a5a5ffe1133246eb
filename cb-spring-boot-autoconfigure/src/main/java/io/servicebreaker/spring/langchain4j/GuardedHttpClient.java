package io.servicebreaker.spring.langchain4j;

import dev.langchain4j.exception.NonRetriableException;
import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.CurrentCall;
import io.servicebreaker.call.OngoingCall;
import io.servicebreaker.spring.Exchange;
import io.servicebreaker.spring.ExchangeSource;

/** Makes each request an exchange. It stands below the models' retries, and so sees every attempt. */
final class GuardedHttpClient implements HttpClient {

    private final HttpClient delegate;
    private final ExchangeSource<HttpRequest> exchanges;
    private final Hearing hearing;

    GuardedHttpClient(HttpClient delegate, ExchangeSource<HttpRequest> exchanges, Hearing hearing) {
        this.delegate = delegate;
        this.exchanges = exchanges;
        this.hearing = hearing;
    }

    @Override
    public SuccessfulHttpResponse execute(HttpRequest request) {
        Exchange exchange;
        try {
            exchange = exchanges.begin(request, CurrentCall.get());
        } catch (CallRejectedException e) {
            throw new NonRetriableException(e); // any other is asked for three times
        }
        if (exchange == null) {
            return delegate.execute(request);
        }
        SuccessfulHttpResponse response;
        ErrorHead head = new ErrorHead();
        OngoingCall around = CurrentCall.enter(exchange.call());
        ErrorHead outer = head.enter();
        try {
            response = delegate.execute(request);
        } catch (Throwable e) {
            hearing.failed(e, head, exchange);
            throw e;
        } finally {
            ErrorHead.leave(outer);
            CurrentCall.leave(around);
        }
        hearing.answered(response, exchange);
        return response;
    }

    @Override
    public void execute(HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
        Exchange exchange;
        try {
            exchange = exchanges.begin(request, CurrentCall.get());
        } catch (CallRejectedException e) {
            listener.onError(e);
            return;
        }
        if (exchange == null) {
            delegate.execute(request, parser, listener);
            return;
        }
        ErrorHead head = new ErrorHead();
        HeardEvents heard = new HeardEvents(listener, parser, exchange, head, hearing);
        OngoingCall around = CurrentCall.enter(exchange.call());
        ErrorHead outer = head.enter();
        try {
            delegate.execute(request, heard, heard);
        } catch (Throwable e) {
            hearing.failed(e, head, exchange);
            throw e;
        } finally {
            ErrorHead.leave(outer);
            CurrentCall.leave(around);
        }
    }
}
