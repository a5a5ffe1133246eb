package io.servicebreaker.spring.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.context.ContextExecutorService;
import io.micrometer.context.ContextSnapshotFactory;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CurrentCall;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.call.StreamTimeoutException;
import io.servicebreaker.call.Usage;
import io.servicebreaker.spring.http.ClientApplication.Annotated;
import io.servicebreaker.spring.http.ClientApplication.Ended;
import io.servicebreaker.spring.http.ClientApplication.Kind;
import io.servicebreaker.spring.http.ClientApplication.Record;
import io.servicebreaker.spring.http.Provider.Answer;
import io.servicebreaker.spring.http.Provider.End;
import io.servicebreaker.time.FakeTime;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** How bodies are read to the end, and not, and by whom on which thread. */
@Timeout(60)
class BodiesOfClientsTest {

    private static final String PIECE =
            "data: {\"object\":\"chat.completion.chunk\",\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}\n\n";
    private static final String LAST = "data: {\"object\":\"chat.completion.chunk\",\"choices\":[],"
            + "\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":2}}\n\ndata: [DONE]\n\n";
    private static final Answer DOWN = Answer.json(500, "{}");

    private static Provider provider;

    @BeforeAll
    static void startProvider() throws IOException {
        provider = new Provider();
    }

    @AfterAll
    static void stopProvider() {
        provider.close();
    }

    @Test
    void aStreamIsReadAlongByRestClient() {
        run(world -> {
            provider.answers(Answer.stream(PIECE + PIECE + LAST));

            String read = world.restClient()
                    .get()
                    .uri(world.url())
                    .exchange((request, response) ->
                            new String(response.getBody().readAllBytes(), StandardCharsets.UTF_8));

            assertThat(read).isEqualTo(PIECE + PIECE + LAST);
            assertThat(world.verdicts()).containsExactly("SUCCESS");
            assertThat(world.usage()).isEqualTo(new Usage(9, 2, 0));
        });
    }

    @Test
    void aStreamThatRestClientStopsReadingIsGivenUp() {
        run(world -> {
            provider.answers(Answer.stream(PIECE + PIECE + LAST));

            world.restClient()
                    .get()
                    .uri(world.url())
                    .exchange((request, response) -> response.getBody().readNBytes(PIECE.length()));

            assertThat(world.verdicts()).containsExactly("IGNORED CANCELLED ANSWER_BEGUN");
        });
    }

    @Test
    void aStreamIsReadAlongByWebClient() {
        run(world -> {
            provider.answers(Answer.stream(PIECE + PIECE + LAST));

            List<String> pieces = world.stream().collectList().block();

            assertThat(pieces).hasSize(4).last().isEqualTo("[DONE]");
            assertThat(world.verdicts()).containsExactly("SUCCESS");
            assertThat(world.usage()).isEqualTo(new Usage(9, 2, 0));
        });
    }

    @Test
    void aStreamThatWebClientCancelsIsGivenUp() {
        run(world -> {
            provider.answers(Answer.stream(PIECE).ending(End.NEVER));

            world.stream().take(1).blockLast();

            assertThat(world.verdicts()).containsExactly("IGNORED CANCELLED ANSWER_BEGUN");
        });
    }

    @Test
    void aStreamThatWebClientCancelsAfterItsEndIsComplete() {
        run(world -> {
            provider.answers(Answer.stream(PIECE + LAST).ending(End.NEVER));

            world.stream().takeUntil("[DONE]"::equals).blockLast();

            assertThat(world.verdicts()).containsExactly("SUCCESS");
        });
    }

    @Test
    void aRequestThatIsCancelledBeforeItsAnswerIsGivenUp() {
        run(world -> {
            provider.answers(new Answer(200, "text/event-stream", "", Map.of(), true, End.NEVER));
            Disposable request = world.stream().subscribe();
            await().until(() -> provider.requests() == 1);

            request.dispose();

            await().untilAsserted(() -> assertThat(world.verdicts()).containsExactly("IGNORED CANCELLED"));
        });
    }

    @Test
    void aStreamThatEndsTooEarlyIsAFailure() {
        run(world -> {
            provider.answers(Answer.stream(PIECE + PIECE));

            world.stream().blockLast();

            assertThat(world.verdicts()).containsExactly("FAILURE CONNECTION");
        });
    }

    @Test
    void aStreamThatDoesNotGoOnFailsWebClient() {
        run("stream.stall-timeout=10ms", world -> {
            provider.answers(Answer.stream(PIECE).ending(End.NEVER));

            assertThatThrownBy(() -> world.stream().blockLast())
                    .hasRootCauseInstanceOf(StreamTimeoutException.class)
                    .hasStackTraceContaining("stream.stall-timeout");
            assertThat(world.verdicts()).containsExactly("FAILURE TIMEOUT");
        });
    }

    @Test
    void aStreamOfWhichNotEvenTheHeadComesFailsWebClient() {
        run("stream.first-token-timeout=10ms", world -> {
            provider.answers(Answer.stream(PIECE).ending(End.SILENT));

            assertThatThrownBy(() -> world.stream().blockLast()).hasRootCauseInstanceOf(StreamTimeoutException.class);
            assertThat(world.verdicts()).containsExactly("FAILURE TIMEOUT");
        });
    }

    @Test
    void keepAlivesDoNotKeepWebClientWaiting() {
        run("stream.first-token-timeout=10ms", world -> {
            provider.answers(Answer.stream(": still there\n\n").ending(End.NEVER));

            assertThatThrownBy(() -> world.stream().blockLast()).hasRootCauseInstanceOf(StreamTimeoutException.class);
            assertThat(world.verdicts()).containsExactly("FAILURE TIMEOUT");
        });
    }

    @Test
    void aStreamThatDoesNotGoOnWhileRestClientWaitsIsAFailure() {
        run("stream.stall-timeout=10ms", world -> {
            provider.answers(Answer.stream(PIECE).ending(End.NEVER));

            world.restClient().get().uri(world.url()).exchange((request, response) -> {
                InputStream body = response.getBody();
                Thread reader = new Thread(() -> assertThatThrownBy(body::readAllBytes));
                reader.start();
                await().untilAsserted(() -> {
                    world.context().getBean(FakeTime.class).advance(Duration.ofSeconds(1));
                    assertThat(world.verdicts()).containsExactly("FAILURE TIMEOUT");
                });
                body.close(); // else the client would wait for the end
                return reader;
            });
        });
    }

    @Test
    void anErrorInsideAStreamIsAFailure() {
        run(world -> {
            provider.answers(Answer.stream(PIECE + "data: {\"error\": {\"type\": \"server_error\"}}\n\n"));

            world.stream().blockLast();

            assertThat(world.verdicts()).containsExactly("FAILURE SERVER_ERROR");
        });
    }

    @Test
    void aClientThatParsesJsonNeedNotReadTheLastByte() {
        run(world -> {
            provider.answers(Answer.json(200, "{\"model\": \"gpt-5\"}  \n").ending(End.PROPER));

            Map<?, ?> answer =
                    world.restClient().get().uri(world.url()).retrieve().body(Map.class);

            assertThat(answer.get("model")).isEqualTo("gpt-5");
            assertThat(world.verdicts()).containsExactly("SUCCESS");
        });
    }

    @Test
    void anAnswerWithoutABodyOrWhoseBodyNobodyWantsIsComplete() {
        run(world -> {
            provider.answers(Answer.json(200, ""), Answer.json(200, "{\"model\": \"gpt-5\"}"));
            RestClient client = world.restClient();

            client.get().uri(world.url()).retrieve().toBodilessEntity();
            client.get().uri(world.url()).retrieve().toBodilessEntity();
            world.webClient()
                    .get()
                    .uri(world.url())
                    .retrieve()
                    .toBodilessEntity()
                    .block();
            client.head().uri(world.url()).retrieve().toBodilessEntity();

            assertThat(world.verdicts()).containsOnly("SUCCESS").hasSize(4);
        });
    }

    @Test
    void anAnswerThatIsTooLongForTheClientIsStillAnAnswer() {
        run(world -> {
            provider.answers(Answer.json(200, "{\"text\": \"" + "x".repeat(1_000_000) + "\"}"));
            WebClient client = world.webClient();

            assertThatThrownBy(() -> client.get()
                            .uri(world.url())
                            .retrieve()
                            .bodyToMono(String.class)
                            .block())
                    .hasRootCauseInstanceOf(DataBufferLimitException.class);
            client.get().uri(world.url()).retrieve().bodyToMono(Void.class).block();

            await().untilAsserted(() ->
                    assertThat(world.verdicts()).containsOnly("SUCCESS").hasSize(2));
        });
    }

    @Test
    @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void theStatusOfAnErrorIsSeenBeforeItsBodyEnds() {
        run(world -> {
            provider.answers(Answer.json(503, "{").ending(End.NEVER));

            int status = world.restClient().get().uri(world.url()).exchange((request, response) -> {
                int seen = response.getStatusCode().value();
                response.getBody().close();
                return seen;
            });

            assertThat(status).isEqualTo(503);
            assertThat(world.verdicts()).containsExactly("FAILURE OVERLOADED");
        });
    }

    @Test
    void anErrorIsJudgedWithinTheCallAroundIt() {
        run(world -> {
            provider.answers(DOWN);

            assertThatThrownBy(() ->
                    world.annotated().openai(() -> Kind.REST_CLIENT.ask(world.context(), provider.url(), "/v1/chat")));

            assertThat(world.failures()).isEqualTo(1);
            assertThat(world.verdicts()).containsExactly("FAILURE SERVER_ERROR");
        });
    }

    @Test
    void aResponseThatCannotBeReadIsClosed() {
        run(world -> {
            provider.answers(DOWN);
            AtomicInteger closed = new AtomicInteger();
            RestClient client = RestClient.builder()
                    .requestInterceptor(world.context().getBean(GuardedRequests.class))
                    .requestInterceptor(
                            (request, body, execution) -> new Unreadable(execution.execute(request, body), closed))
                    .build();

            assertThatThrownBy(() -> client.get().uri(world.url()).retrieve().body(String.class));

            assertThat(closed).hasValue(1);
            assertThat(world.verdicts()).containsExactly("FAILURE CONNECTION");
        });
    }

    /** As Reactor's does where its body has been closed before. */
    @Test
    void aResponseThatCannotBeClosedHidesNoFailure() {
        run(world -> {
            provider.answers(DOWN);
            RestClient client = RestClient.builder()
                    .requestInterceptor(world.context().getBean(GuardedRequests.class))
                    .requestInterceptor((request, body, execution) ->
                            new Unreadable(execution.execute(request, body), new AtomicInteger()) {
                                @Override
                                public void close() {
                                    super.close();
                                    throw new IllegalStateException("closed already");
                                }
                            })
                    .build();

            assertThatThrownBy(() -> client.get().uri(world.url()).retrieve().body(String.class))
                    .hasRootCauseMessage("reset");

            assertThat(world.verdicts()).containsExactly("FAILURE CONNECTION");
        });
    }

    private static class Unreadable implements ClientHttpResponse {

        private final ClientHttpResponse response;
        private final AtomicInteger closed;

        Unreadable(ClientHttpResponse response, AtomicInteger closed) {
            this.response = response;
            this.closed = closed;
        }

        @Override
        public HttpStatusCode getStatusCode() throws IOException {
            throw new IOException("reset");
        }

        @Override
        public String getStatusText() throws IOException {
            return response.getStatusText();
        }

        @Override
        public HttpHeaders getHeaders() {
            return response.getHeaders();
        }

        @Override
        public InputStream getBody() throws IOException {
            return response.getBody();
        }

        @Override
        public void close() {
            closed.incrementAndGet();
            response.close();
        }
    }

    @Test
    void noAnswerAtAllIsNobodysFault() {
        run(world -> {
            WebClient client = world.context()
                    .getBean(WebClient.Builder.class)
                    .filter((request, next) -> Mono.empty())
                    .build();

            assertThatThrownBy(() ->
                    client.get().uri(world.url()).retrieve().toBodilessEntity().block());

            assertThat(world.verdicts()).containsExactly("IGNORED CANCELLED");
        });
    }

    @ParameterizedTest
    @CsvSource({
        "200, application/json, SUCCESS",
        "200, text/event-stream, IGNORED CANCELLED",
        "500, application/json, FAILURE SERVER_ERROR"
    })
    void anAnswerWhoseBodyNobodyTouchesEndsWhenItIsCancelled(int status, String type, String verdict) {
        run(world -> {
            ClientRequest request = ClientRequest.create(HttpMethod.GET, URI.create(world.url()))
                    .build();
            ClientResponse answer = ClientResponse.create(HttpStatusCode.valueOf(status))
                    .header("Content-Type", type)
                    .build();

            world.context()
                    .getBean(GuardedExchanges.class)
                    .filter(request, asked -> Mono.just(answer))
                    .subscribe(new BaseSubscriber<>() {
                        @Override
                        protected void hookOnNext(ClientResponse response) {
                            cancel();
                        }
                    });

            assertThat(world.verdicts()).containsExactly(verdict);
        });
    }

    @Test
    void clientsAreLeftAloneIfTheApplicationSaysSo() {
        ClientApplication.runner(provider.url())
                .withPropertyValues("service-breaker.http-clients.enabled=false")
                .run(context -> {
                    provider.answers(DOWN);
                    World world = new World(context);

                    for (Kind kind : Kind.values()) {
                        assertThatThrownBy(() -> kind.ask(context, provider.url(), "/v1/chat"));
                    }

                    assertThat(world.verdicts()).isEmpty();
                    assertThat(context).hasSingleBean(GuardedRequests.class).hasSingleBean(GuardedExchanges.class);
                });
    }

    @Test
    void anAddressOfNobodyIsNoneOfOurBusiness() {
        run(world -> {
            provider.answers(DOWN);

            for (Kind kind : List.of(Kind.REST_CLIENT, Kind.REST_TEMPLATE, Kind.WEB_CLIENT)) {
                assertThatThrownBy(() -> kind.ask(world.context(), provider.url(), "/other"));
            }

            assertThat(world.verdicts()).isEmpty();
            assertThat(provider.requests()).isEqualTo(3);
        });
    }

    @Test
    void noAnswerIsAFailure() throws IOException {
        Provider gone = new Provider();
        gone.close();

        run(world -> {
            for (Kind kind : List.of(Kind.REST_CLIENT, Kind.WEB_CLIENT)) {
                assertThatThrownBy(() -> kind.ask(world.context(), gone.url(), "/v1/chat"));
            }

            assertThat(world.verdicts()).containsExactly("FAILURE CONNECTION", "FAILURE CONNECTION");
        });
    }

    @Test
    void aClientMadeByHandTakesTheInterceptor() {
        run(world -> {
            provider.answers(DOWN);
            RestClient client = RestClient.builder()
                    .requestInterceptor(world.context().getBean(GuardedRequests.class))
                    .build();

            assertThatThrownBy(() -> client.get().uri(world.url()).retrieve().body(String.class));

            assertThat(world.verdicts()).containsExactly("FAILURE SERVER_ERROR");
        });
    }

    @Test
    void theCallIsCurrentWhileTheRequestIsSent() {
        run(world -> {
            provider.answers(Answer.json(200, "{}"));
            List<String> services = new ArrayList<>();
            RestClient client = RestClient.builder()
                    .requestInterceptor(world.context().getBean(GuardedRequests.class))
                    .requestInterceptor((request, body, execution) -> {
                        services.add(CurrentCall.get().request().service());
                        return execution.execute(request, body);
                    })
                    .build();

            client.get().uri(world.url()).retrieve().toBodilessEntity();

            assertThat(services).containsExactly("openai");
            assertThat(CurrentCall.get()).isNull();
        });
    }

    @Test
    void aSubscriptionOnAnotherThreadCountsOnce() {
        run(world -> {
            provider.answers(DOWN);
            Mono<String> request = world.webClient()
                    .get()
                    .uri(world.url())
                    .retrieve()
                    .bodyToMono(String.class)
                    .subscribeOn(Schedulers.boundedElastic());

            assertThatThrownBy(() -> world.annotated().mono(request).block());

            assertThat(world.failures()).isEqualTo(1);
            assertThat(world.verdicts()).hasSize(1);
        });
    }

    @Test
    void aBlockingClientInAPipelineCountsOnceWithContextPropagation() {
        Hooks.enableAutomaticContextPropagation();
        try {
            run(world -> {
                provider.answers(DOWN);
                Mono<String> request = Mono.fromCallable(
                                () -> Kind.REST_CLIENT.ask(world.context(), provider.url(), "/v1/chat"))
                        .subscribeOn(Schedulers.boundedElastic());

                assertThatThrownBy(() -> world.annotated().mono(request).block());

                assertThat(world.failures()).isEqualTo(1);
                assertThat(world.verdicts()).hasSize(1);
            });
        } finally {
            Hooks.disableAutomaticContextPropagation();
        }
    }

    @Test
    void aTaskOnAnotherThreadCountsOnceWithContextPropagation() {
        ExecutorService threads = Executors.newSingleThreadExecutor();
        ExecutorService carrying = ContextExecutorService.wrap(
                threads, ContextSnapshotFactory.builder().build());
        try {
            run(world -> {
                provider.answers(DOWN);

                for (Kind kind : List.of(Kind.REST_CLIENT, Kind.WEB_CLIENT)) {
                    assertThatThrownBy(() -> world.annotated()
                            .stage(() -> kind.ask(world.context(), provider.url(), "/v1/chat"), carrying)
                            .join());
                }

                await().untilAsserted(() -> assertThat(world.verdicts()).hasSize(2));
                assertThat(world.failures()).isEqualTo(2);
            });
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void callsGoThroughWhileOurPartsCannotBeMade() {
        provider.answers(Answer.json(200, "{}"));
        new ApplicationContextRunner()
                .withConfiguration(
                        AutoConfigurations.of(RestClientAutoConfiguration.class, HttpClientAutoConfiguration.class))
                .withBean(InternalFaults.class, () -> new InternalFaults(new FakeTime()))
                .run(context -> {
                    String answer = context.getBean(RestClient.Builder.class)
                            .build()
                            .get()
                            .uri(provider.url() + "/v1/chat")
                            .retrieve()
                            .body(String.class);

                    assertThat(answer).isEqualTo("{}");
                    assertThat(context.getBean(InternalFaults.class).count()).isEqualTo(1);
                    assertThat(context).doesNotHaveBean(CallOrchestrator.class);
                });
    }

    private static void run(Consumer<World> test) {
        run("failure-threshold=2", test);
    }

    private static void run(String setting, Consumer<World> test) {
        ClientApplication.runner(provider.url())
                .withPropertyValues("service-breaker.services.openai." + setting)
                .run(context -> test.accept(new World(context)));
    }

    private record World(ApplicationContext context) {

        String url() {
            return provider.url() + "/v1/chat";
        }

        RestClient restClient() {
            return context.getBean(RestClient.Builder.class).build();
        }

        WebClient webClient() {
            return context.getBean(WebClient.Builder.class).build();
        }

        Flux<String> stream() {
            return webClient()
                    .get()
                    .uri(url())
                    .accept(MediaType.TEXT_EVENT_STREAM)
                    .retrieve()
                    .bodyToFlux(String.class);
        }

        Annotated annotated() {
            return context.getBean(Annotated.class);
        }

        long failures() {
            return context.getBean(Breakers.class).breaker("openai").snapshot().failedCalls();
        }

        List<String> verdicts() {
            return ended().stream()
                    .map(call -> call.verdict()
                            + (call.outcome().remark() == null
                                    ? ""
                                    : " " + call.outcome().remark()))
                    .toList();
        }

        Usage usage() {
            return ended().get(0).outcome().report().usage().orElseThrow();
        }

        private List<Ended> ended() {
            return context.getBean(Record.class).ended;
        }
    }
}
