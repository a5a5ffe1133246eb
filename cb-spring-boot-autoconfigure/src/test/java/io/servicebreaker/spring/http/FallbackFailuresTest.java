package io.servicebreaker.spring.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.coordination.Decisions;
import io.servicebreaker.spring.http.ClientApplication.Record;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.springframework.context.ApplicationContext;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpRequest;
import org.springframework.http.HttpStatus;
import org.springframework.http.client.ClientHttpRequestExecution;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.mock.http.client.MockClientHttpRequest;
import org.springframework.mock.http.client.MockClientHttpResponse;
import org.springframework.util.StreamUtils;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFunction;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Ladders of services that go wrong on the way down. */
class FallbackFailuresTest {

    private static final URI FIRST = URI.create("http://first.example.com/v1/chat");

    private final AtomicReference<Runnable> whenAsked = new AtomicReference<>(() -> {});

    @Test
    void whoIsAskedAfterTheClientGaveUpIsNotCalledAndItsCallEnds() {
        run(world -> {
            Sinks.One<ClientResponse> answer = Sinks.one();
            AtomicBoolean sent = new AtomicBoolean();
            Disposable client = world.exchange(request -> isFirst(request.url())
                    ? answer.asMono()
                    : Mono.<ClientResponse>never().doOnRequest(count -> sent.set(true)));
            whenAsked.set(client::dispose);

            answer.tryEmitError(new ConnectException("first is gone"));

            assertThat(world.verdicts()).containsExactly("openai FAILURE", "second IGNORED");
            assertThat(sent).isFalse();
        });
    }

    @Test
    void anErrorWhoseBodyStallsCountsWhenTheClientGivesUp() {
        run(world -> {
            Disposable client = world.exchange(request -> Mono.just(stalled()));

            client.dispose();

            assertThat(world.failures("openai")).isEqualTo(1);
        });
    }

    @Test
    void anErrorOfTheLastWhoseBodyStallsCountsAndTheHopEnds() {
        run(world -> {
            Disposable client = world.exchange(
                    request -> isFirst(request.url()) ? Mono.error(new ConnectException()) : Mono.just(stalled()));

            client.dispose();

            assertThat(world.failures("second")).isEqualTo(1);
            assertThat(world.context().getBean(Decisions.class).newest(10, decision -> true))
                    .extracting(decision -> decision.result().name())
                    .containsExactly("CANCELLED");
        });
    }

    @Test
    void whoIsPassedOverIsNotReadToTheEnd() {
        run(world -> {
            LongBody body = new LongBody();
            ClientHttpResponse error = new AttendedResponse(
                    new MockClientHttpResponse(new byte[0], HttpStatus.SERVICE_UNAVAILABLE), body, body::drain);

            ClientHttpResponse answer = world.intercept((request, sent) ->
                    isFirst(request.getURI()) ? error : new MockClientHttpResponse(new byte[0], HttpStatus.OK));

            assertThat(answer.getStatusCode().value()).isEqualTo(200);
            assertThat(body.count).isLessThan(100_000);
        });
    }

    @Test
    void whoCannotBeReachedTellsOfTheAnswersBefore() {
        run(world -> {
            List<Throwable> failures = List.of(
                    catchThrowable(() -> world.intercept((request, body) -> {
                        if (isFirst(request.getURI())) {
                            return new MockClientHttpResponse(new byte[0], HttpStatus.SERVICE_UNAVAILABLE);
                        }
                        throw new ConnectException("second is gone");
                    })),
                    world.error(request -> isFirst(request.url())
                            ? Mono.just(down())
                            : Mono.error(new ConnectException("second is gone"))));

            assertThat(failures)
                    .allSatisfy(failure -> assertThat(failure)
                            .isInstanceOf(ConnectException.class)
                            .satisfies(last -> assertThat(last.getSuppressed())
                                    .extracting(Throwable::getMessage)
                                    .containsExactly("'openai' answered with status 503")));
        });
    }

    @Test
    void theLastTellsAlsoOfRefusalsBetween() {
        run(
                world -> {
                    world.context().getBean(Breakers.class).breaker("second").forceOpen("test", null);

                    Throwable failure = world.error(
                            request -> isFirst(request.url()) ? Mono.just(down()) : Mono.error(new ConnectException()));

                    assertThat(failure).isInstanceOf(ConnectException.class);
                    assertThat(failure.getSuppressed())
                            .extracting(suppressed -> suppressed.getClass().getSimpleName())
                            .containsExactly("CallRejectedException", "FailedAnswerException");
                },
                "service-breaker.services.second.fallback=third",
                "service-breaker.services.third.endpoint-patterns=http://third.example.com/**");
    }

    private static boolean isFirst(URI url) {
        return url.getHost().equals(FIRST.getHost());
    }

    private static ClientResponse down() {
        return ClientResponse.create(HttpStatus.SERVICE_UNAVAILABLE).build();
    }

    private static ClientResponse stalled() {
        return ClientResponse.create(HttpStatus.SERVICE_UNAVAILABLE)
                .body(Flux.never())
                .build();
    }

    /** May throw what networks do. */
    private interface Trial {
        void run(World world) throws IOException;
    }

    private void run(Trial test, String... properties) {
        String services = "service-breaker.services.";
        ClientApplication.runner("http://first.example.com")
                .withBean(
                        FallbackHeaders.class,
                        () -> (service, headers) -> whenAsked.get().run())
                .withPropertyValues(
                        services + "openai.endpoint-patterns=http://first.example.com/v1/**",
                        services + "openai.fallback=second",
                        "service-breaker.defaults.failure-threshold=5",
                        services + "second.endpoint-patterns=http://second.example.com/api/**")
                .withPropertyValues(properties)
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    test.run(new World(context));
                });
    }

    private record World(ApplicationContext context) {

        Disposable exchange(ExchangeFunction network) {
            return exchanged(network).subscribe(response -> {}, error -> {});
        }

        Throwable error(ExchangeFunction network) {
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            exchanged(network).subscribe(response -> {}, thrown::set);
            return thrown.get();
        }

        private Mono<ClientResponse> exchanged(ExchangeFunction network) {
            return context.getBean(GuardedExchanges.class)
                    .filter(ClientRequest.create(HttpMethod.GET, FIRST).build(), network);
        }

        ClientHttpResponse intercept(ClientHttpRequestExecution network) throws IOException {
            HttpRequest request = new MockClientHttpRequest(HttpMethod.GET, FIRST);
            return context.getBean(GuardedRequests.class).intercept(request, new byte[0], network);
        }

        long failures(String service) {
            return context.getBean(Breakers.class).breaker(service).snapshot().failedCalls();
        }

        List<String> verdicts() {
            return context.getBean(Record.class).ended.stream()
                    .map(ended ->
                            ended.request().service() + " " + ended.outcome().kind())
                    .toList();
        }
    }

    /** A megabyte, unless it is closed. */
    private static final class LongBody extends InputStream {

        private final InputStream bytes = new ByteArrayInputStream(new byte[1_000_000]);
        private int count;
        private boolean closed;

        @Override
        public int read() throws IOException {
            if (closed) {
                throw new IOException("closed");
            }
            count++;
            return bytes.read();
        }

        @Override
        public void close() {
            closed = true;
        }

        void drain() {
            try {
                StreamUtils.drain(this);
            } catch (IOException e) {
                closed = true;
            }
        }
    }
}
