package io.servicebreaker.spring.openai;

import com.openai.core.RequestOptions;
import com.openai.core.http.HttpClient;
import com.openai.core.http.HttpRequest;
import com.openai.core.http.HttpResponse;
import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.CurrentCall;
import io.servicebreaker.call.OngoingCall;
import io.servicebreaker.spring.Exchange;
import io.servicebreaker.spring.ExchangeSource;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Makes each request an exchange. It stands below the SDK's client that retries, and so sees every attempt.
 *
 * <p>The SDK sends on a thread of a pool what it is asked for asynchronously, so that the call around is to be known
 * beforehand.
 */
final class GuardedHttpClient implements HttpClient {

    private final HttpClient delegate;
    private final ExchangeSource<HttpRequest> exchanges;
    private final Hearing hearing;
    private final @Nullable OngoingCall around;

    GuardedHttpClient(
            HttpClient delegate, ExchangeSource<HttpRequest> exchanges, Hearing hearing, @Nullable OngoingCall around) {
        this.delegate = delegate;
        this.exchanges = exchanges;
        this.hearing = hearing;
        this.around = around;
    }

    /** The same for what is sent within a call. */
    GuardedHttpClient within(OngoingCall call) {
        return new GuardedHttpClient(delegate, exchanges, hearing, call);
    }

    @Override
    public HttpResponse execute(HttpRequest request, RequestOptions options) {
        Exchange exchange = exchanges.begin(request, around == null ? CurrentCall.get() : around);
        if (exchange == null) {
            return delegate.execute(request, options);
        }
        OngoingCall outer = CurrentCall.enter(exchange.call());
        HttpResponse response;
        try {
            response = delegate.execute(request, options);
        } catch (Throwable e) {
            exchange.failed(e);
            throw e;
        } finally {
            CurrentCall.leave(outer);
        }
        return hearing.heard(response, exchange);
    }

    @Override
    public CompletableFuture<HttpResponse> executeAsync(HttpRequest request, RequestOptions options) {
        Exchange exchange;
        try {
            exchange = exchanges.begin(request, around);
        } catch (CallRejectedException e) {
            return CompletableFuture.failedFuture(e);
        }
        if (exchange == null) {
            return delegate.executeAsync(request, options);
        }
        OngoingCall outer = CurrentCall.enter(exchange.call());
        try {
            return heard(delegate.executeAsync(request, options), exchange);
        } catch (Throwable e) {
            exchange.failed(e);
            throw e;
        } finally {
            CurrentCall.leave(outer);
        }
    }

    private CompletableFuture<HttpResponse> heard(CompletableFuture<HttpResponse> answer, Exchange exchange) {
        CompletableFuture<HttpResponse> heard = answer.whenComplete((response, error) -> {
                    if (error != null) {
                        exchange.failed(error);
                    }
                })
                .thenApply(response -> hearing.heard(response, exchange));
        var unused = heard.whenComplete((response, error) -> {
            if (error instanceof CancellationException) {
                exchange.cancelled();
                answer.cancel(true);
            }
        });
        return heard;
    }

    /** Does nothing: it is closed when it is no longer used, and then its delegate may still be. */
    @Override
    public void close() {}
}
