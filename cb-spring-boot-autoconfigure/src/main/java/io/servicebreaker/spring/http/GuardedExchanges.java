package io.servicebreaker.spring.http;

import io.servicebreaker.call.CurrentCall;
import io.servicebreaker.call.OngoingCall;
import io.servicebreaker.spring.AnswerReader;
import io.servicebreaker.spring.ErrorReport;
import io.servicebreaker.spring.Exchange;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
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
        AtomicBoolean answered = new AtomicBoolean();
        return Mono.defer(() -> next.exchange(request))
                .map(response -> {
                    answered.set(true);
                    return answered(exchange, response);
                })
                .doOnError(exchange::failed)
                .doOnCancel(() -> {
                    if (!answered.get()) {
                        exchange.cancelled();
                    }
                })
                .contextWrite(context -> context.put(CurrentCall.KEY, exchange.call()));
    }

    private ClientResponse answered(Exchange exchange, ClientResponse response) {
        int status = response.statusCode().value();
        HttpHeaders headers = response.headers().asHttpHeaders();
        return status < 400
                ? readAlong(exchanges.began(exchange, status, headers), response)
                : refused(exchange, status, headers, response);
    }

    private static ClientResponse readAlong(AnswerReader reader, ClientResponse response) {
        return response.mutate()
                .body(body -> seen(body, reader::read)
                        .doOnComplete(reader::completed)
                        .doOnError(reader::failed)
                        .doOnCancel(reader::closed))
                .build();
    }

    /** Judged when the client has read what the error says, so that it need not be kept for it. */
    private ClientResponse refused(Exchange exchange, int status, HttpHeaders headers, ClientResponse response) {
        ErrorBytes bytes = new ErrorBytes();
        Runnable judge = () -> {
            if (bytes.close()) {
                exchanges.refused(exchange, status, headers, bytes.toByteArray());
            }
        };
        return response.mutate()
                .body(body -> seen(body, bytes::add)
                        .doOnComplete(judge)
                        .doOnError(error -> judge.run())
                        .doOnCancel(judge))
                .build();
    }

    private static Flux<DataBuffer> seen(Flux<DataBuffer> body, Consumer<ByteBuffer> reader) {
        return body.doOnNext(buffer -> {
            try (DataBuffer.ByteBufferIterator parts = buffer.readableByteBuffers()) {
                parts.forEachRemaining(reader);
            }
        });
    }

    /** The beginning of an error's body. */
    private static final class ErrorBytes {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final AtomicBoolean closed = new AtomicBoolean();

        synchronized void add(ByteBuffer part) {
            byte[] copy = new byte[Math.min(part.remaining(), ErrorReport.LONGEST_BODY + 1 - bytes.size())];
            part.duplicate().get(copy);
            bytes.writeBytes(copy);
        }

        /** Whether this was the first time. */
        boolean close() {
            return closed.compareAndSet(false, true);
        }

        synchronized byte[] toByteArray() {
            return bytes.toByteArray();
        }
    }
}
