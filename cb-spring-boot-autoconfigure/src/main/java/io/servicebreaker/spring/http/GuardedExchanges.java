package io.servicebreaker.spring.http;

import io.servicebreaker.call.AnswerPath;
import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.CurrentCall;
import io.servicebreaker.call.OngoingCall;
import io.servicebreaker.call.StreamTimeoutException;
import io.servicebreaker.spring.AnswerReader;
import io.servicebreaker.spring.BodyReader;
import io.servicebreaker.spring.Exchange;
import io.servicebreaker.spring.JsonRequest;
import io.servicebreaker.spring.TimedFlux;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.util.MultiValueMap;
import org.springframework.web.reactive.function.BodyExtractors;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFilterFunction;
import org.springframework.web.reactive.function.client.ExchangeFunction;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/**
 * Guards the requests of a {@code WebClient} whose address belongs to a service, and reports those inside a guarded call
 * to it. A bean, and part of the builders that Spring Boot offers; a client that is built in another way takes it as its
 * last filter. Safe for use by many threads; never blocks, and asks for no more of a body than the client does.
 *
 * <p>A refused request is not sent and ends with the error {@link io.servicebreaker.call.CallRejectedException}. The
 * model that is asked for and the prompt are not known, since the request has not been written.
 */
public final class GuardedExchanges implements ExchangeFilterFunction {

    private final HttpExchanges exchanges;

    GuardedExchanges(HttpExchanges exchanges) {
        this.exchanges = exchanges;
    }

    @Override
    public Mono<ClientResponse> filter(ClientRequest request, ExchangeFunction next) {
        return Mono.deferContextual(context -> {
            Exchange exchange = begin(request, context);
            return exchange == null ? next.exchange(request) : guarded(exchange, request, next);
        });
    }

    /** On the path that the subscriber is on, if its context names one. */
    private @Nullable Exchange begin(ClientRequest request, ContextView context) {
        AnswerPath named = context.getOrDefault(AnswerPath.KEY, null);
        AnswerPath around = AnswerPath.enter(named == null ? AnswerPath.current() : named);
        try {
            return exchanges.begin(request.url(), callAround(context, request), () -> JsonRequest.UNKNOWN);
        } finally {
            AnswerPath.leave(around);
        }
    }

    /**
     * Lets a request know the call in which it is made. What repeats it may do so on another thread, and only the context
     * of a reactive method goes along.
     */
    static void remember(WebClient.RequestHeadersSpec<?> request) {
        OngoingCall call = CurrentCall.get();
        if (call != null) {
            request.attribute(CurrentCall.KEY, call);
        }
    }

    /** A subscription on the thread of the call, by code that knows nothing of contexts, finds it there. */
    private static @Nullable OngoingCall callAround(ContextView context, ClientRequest request) {
        OngoingCall call = context.getOrDefault(CurrentCall.KEY, null);
        if (call == null) {
            call = CurrentCall.get();
        }
        return call == null ? remembered(request) : call;
    }

    /** One that has ended is not around any more. */
    private static @Nullable OngoingCall remembered(ClientRequest request) {
        return request.attributes().get(CurrentCall.KEY) instanceof OngoingCall call && !call.isOver() ? call : null;
    }

    private Mono<ClientResponse> guarded(Exchange exchange, ClientRequest request, ExchangeFunction next) {
        AtomicReference<Runnable> abandoned = new AtomicReference<>(exchange::cancelled);
        ClientRequest sent = addressed(exchange, request);
        Mono<ClientResponse> answer = inTime(Mono.defer(() -> next.exchange(sent)), request, exchange);
        Mono<ClientResponse> attended = exchange.mayGoOn()
                ? onLadder(exchange, answer, abandoned, other -> guarded(other, request, next))
                : answer.map(response -> answered(exchange, response, abandoned))
                        .doOnError(exchange::failed);
        return attended.doOnSuccess(response -> {
                    if (response == null) {
                        exchange.cancelled();
                    }
                })
                .doOnCancel(() -> abandoned.get().run())
                .contextWrite(context -> context.put(CurrentCall.KEY, exchange.call()));
    }

    /**
     * What the client gets: the answer, or that of the service that is asked instead.
     *
     * @param others makes the exchange with that
     */
    private Mono<ClientResponse> onLadder(
            Exchange exchange,
            Mono<ClientResponse> answer,
            AtomicReference<Runnable> abandoned,
            Function<Exchange, Mono<ClientResponse>> others) {
        return answer.map(response -> response.statusCode().value() < 400
                        ? Mono.just(answered(exchange, response, abandoned))
                        : judged(exchange, response, abandoned, others))
                .onErrorResume(error -> Mono.just(Mono.defer(() -> failed(exchange, error, others))))
                .flatMap(Function.identity());
    }

    private static Mono<ClientResponse> failed(
            Exchange exchange, Throwable error, Function<Exchange, Mono<ClientResponse>> others) {
        exchange.failed(error);
        Exchange other = exchange.instead(error);
        return other == null ? Mono.error(error) : others.apply(other);
    }

    /** Reads what the error says before the client does; who does not wait for that leaves an error nevertheless. */
    private Mono<ClientResponse> judged(
            Exchange exchange,
            ClientResponse response,
            AtomicReference<Runnable> abandoned,
            Function<Exchange, Mono<ClientResponse>> others) {
        int status = response.statusCode().value();
        HttpHeaders headers = response.headers().asHttpHeaders();
        abandoned.set(() -> {
            exchanges.refused(exchange, status, headers, new byte[0]);
            exchange.cancelled();
        });
        return ErrorHead.of(response.body(BodyExtractors.toDataBuffers())).flatMap(head -> {
            abandoned.set(exchange::cancelled);
            exchanges.refused(exchange, status, headers, head.beginning());
            Exchange other;
            try {
                other = exchange.instead(null);
            } catch (CallRejectedException refusal) {
                head.release();
                return Mono.error(refusal);
            }
            if (other != null) {
                head.release();
                return others.apply(other);
            }
            return Mono.just(response.mutate().body(body -> head.body()).build());
        });
    }

    /** The address that the application knows stands for all deployments of the service, and for its fallbacks. */
    private ClientRequest addressed(Exchange exchange, ClientRequest request) {
        URI address = exchange.address(request.url());
        boolean elsewhere = exchange.isElsewhere(); // which may be at the same address, with another account
        if (!elsewhere && address.equals(request.url())) {
            return request;
        }
        ClientRequest.Builder there = ClientRequest.from(request).url(address);
        if (elsewhere) {
            there.cookies(MultiValueMap::clear).headers(headers -> exchanges.prepare(exchange, headers));
        }
        return there.build();
    }

    /** Only who asks for a stream may expect a head before the whole answer is ready. */
    private static Mono<ClientResponse> inTime(Mono<ClientResponse> answer, ClientRequest request, Exchange exchange) {
        Duration limit = exchange.limits().waiting().firstTokenTimeout();
        boolean streamed =
                request.headers().getAccept().stream().anyMatch(type -> AnswerReader.isStream(type.toString()));
        return limit == null || !streamed
                ? answer
                : answer.timeout(
                        limit,
                        Mono.error(() -> StreamTimeoutException.firstToken(
                                exchange.limits().service(), limit)));
    }

    /** From then on its body tells how it ends, if somebody asks for that. */
    private ClientResponse answered(Exchange exchange, ClientResponse response, AtomicReference<Runnable> abandoned) {
        int status = response.statusCode().value();
        HttpHeaders headers = response.headers().asHttpHeaders();
        if (status < 400) {
            AnswerReader reader = exchanges.began(exchange, status, headers);
            return readAlong(reader, response, abandoned, body -> timed(body, reader, exchange));
        }
        BodyReader error = new ErrorBody(exchanges, exchange, status, headers);
        return readAlong(error, response, abandoned, UnaryOperator.identity());
    }

    private static Flux<DataBuffer> timed(Flux<DataBuffer> body, AnswerReader reader, Exchange exchange) {
        return reader.isStreamed() ? TimedFlux.of(body, exchange.limits(), reader) : body;
    }

    /** Nothing more is to be done when the answer is abandoned. */
    private static void bodyTells() {}

    private static ClientResponse readAlong(
            BodyReader reader,
            ClientResponse response,
            AtomicReference<Runnable> abandoned,
            UnaryOperator<Flux<DataBuffer>> limited) {
        abandoned.set(reader::closed);
        return response.mutate()
                .body(body -> limited.apply(seen(body, reader::read))
                        .doFirst(() -> abandoned.set(GuardedExchanges::bodyTells))
                        .doOnComplete(reader::completed)
                        .doOnError(reader::failed)
                        .doOnCancel(reader::closed))
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
