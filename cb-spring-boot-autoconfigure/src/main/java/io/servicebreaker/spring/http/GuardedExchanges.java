package io.servicebreaker.spring.http;

import io.servicebreaker.call.CurrentCall;
import io.servicebreaker.call.OngoingCall;
import io.servicebreaker.spring.AnswerReader;
import io.servicebreaker.spring.Exchange;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFilterFunction;
import org.springframework.web.reactive.function.client.ExchangeFunction;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/**
 * Guards the requests of a {@code WebClient} whose address belongs to a service, and reports those inside a guarded call
 * to it. A bean, and part of the builders that Spring Boot offers; a client that is built in another way takes it as its
 * last filter. Safe for use by many threads; never blocks, and asks for no more of a body than the client does.
 *
 * <p>A refused request is not sent and ends with the error {@link io.servicebreaker.call.CallRejectedException}. The
 * model that is asked for is not known, since the request has not been written.
 */
public final class GuardedExchanges implements ExchangeFilterFunction {

    private final HttpExchanges exchanges;

    GuardedExchanges(HttpExchanges exchanges) {
        this.exchanges = exchanges;
    }

    @Override
    public Mono<ClientResponse> filter(ClientRequest request, ExchangeFunction next) {
        return Mono.deferContextual(context -> {
            Exchange exchange = exchanges.begin(request.url(), callIn(context), () -> "");
            return exchange == null ? next.exchange(request) : guarded(exchange, request, next);
        });
    }

    /** A subscription on the thread of the call, by code that knows nothing of contexts, finds it there. */
    private static @Nullable OngoingCall callIn(ContextView context) {
        OngoingCall call = context.getOrDefault(CurrentCall.KEY, null);
        return call == null ? CurrentCall.get() : call;
    }

    private Mono<ClientResponse> guarded(Exchange exchange, ClientRequest request, ExchangeFunction next) {
        AtomicReference<Runnable> abandoned = new AtomicReference<>(exchange::cancelled);
        return Mono.defer(() -> next.exchange(request))
                .map(response -> answered(exchange, response, abandoned))
                .doOnSuccess(response -> {
                    if (response == null) {
                        exchange.cancelled();
                    }
                })
                .doOnError(exchange::failed)
                .doOnCancel(() -> abandoned.get().run())
                .contextWrite(context -> context.put(CurrentCall.KEY, exchange.call()));
    }

    /** From then on its body tells how it ends, if somebody asks for that. */
    private ClientResponse answered(Exchange exchange, ClientResponse response, AtomicReference<Runnable> abandoned) {
        int status = response.statusCode().value();
        HttpHeaders headers = response.headers().asHttpHeaders();
        if (status < 400) {
            AnswerReader reader = exchanges.began(exchange, status, headers);
            abandoned.set(reader::closed);
            return readAlong(reader, response, () -> abandoned.set(GuardedExchanges::bodyTells));
        }
        ErrorBody error = new ErrorBody(exchanges, exchange, status, headers);
        abandoned.set(error::judge);
        return readAlong(error, response, () -> abandoned.set(GuardedExchanges::bodyTells));
    }

    /** Nothing more is to be done when the answer is abandoned. */
    private static void bodyTells() {}

    private static ClientResponse readAlong(AnswerReader reader, ClientResponse response, Runnable begun) {
        return response.mutate()
                .body(body -> seen(body, reader::read)
                        .doFirst(begun)
                        .doOnComplete(reader::completed)
                        .doOnError(reader::failed)
                        .doOnCancel(reader::closed))
                .build();
    }

    private static ClientResponse readAlong(ErrorBody error, ClientResponse response, Runnable begun) {
        return response.mutate()
                .body(body -> seen(body, error::add)
                        .doFirst(begun)
                        .doOnComplete(error::judge)
                        .doOnError(failure -> error.judge())
                        .doOnCancel(error::judge))
                .build();
    }

    private static Flux<DataBuffer> seen(Flux<DataBuffer> body, Consumer<ByteBuffer> reader) {
        return body.doOnNext(buffer -> {
            try (DataBuffer.ByteBufferIterator parts = buffer.readableByteBuffers()) {
                parts.forEachRemaining(reader);
            }
        });
    }
}
