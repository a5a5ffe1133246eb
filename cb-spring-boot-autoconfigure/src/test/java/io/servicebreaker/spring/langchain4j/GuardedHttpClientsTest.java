package io.servicebreaker.spring.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.NonRetriableException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.HttpClientBuilderLoader;
import dev.langchain4j.http.client.HttpMethod;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.jdk.JdkHttpClientBuilder;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import io.servicebreaker.breaker.BreakerState;
import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.call.UnknownServiceException;
import io.servicebreaker.call.Usage;
import io.servicebreaker.spring.CallLog;
import io.servicebreaker.spring.GuardedWorld;
import io.servicebreaker.spring.LocalProvider;
import io.servicebreaker.spring.LocalProvider.Reply;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.ThrowingConsumer;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The real models, which repeat what failed twice, after a second or so. */
@ExtendWith(OutputCaptureExtension.class)
class GuardedHttpClientsTest {

    private static final int FAILURES_THAT_CLOSE_OFF_A_MODEL = 2;

    @Test
    void theAttemptsOfOneCallOpenTheBreaker() throws Throwable {
        run(
                world -> {
                    ChatModel model = model(world);

                    assertThatExceptionOfType(NonRetriableException.class)
                            .isThrownBy(() -> ask(model))
                            .withCauseInstanceOf(CallRejectedException.class);

                    assertThatThrownBy(() -> ask(model)).hasCauseInstanceOf(CallRejectedException.class);
                    assertThat(world.provider().received()).hasSize(FAILURES_THAT_CLOSE_OFF_A_MODEL);
                },
                Reply.error(500, "server_error"));
    }

    @Test
    void theAttemptsWithinACallCountOnceEach() throws Throwable {
        run(
                world -> {
                    ChatModel model = model(world);

                    assertThatThrownBy(() -> world.call(() -> ask(model))).isInstanceOf(InternalServerException.class);

                    assertThat(world.breaker().state()).isEqualTo(BreakerState.OPEN);
                    assertThat(world.outcome().cause()).isEqualTo(FailureCause.SERVER_ERROR);
                    assertThatExceptionOfType(CallRejectedException.class)
                            .isThrownBy(() -> world.call(() -> ask(model)));
                    assertThat(world.provider().received()).hasSize(3);
                },
                Reply.error(500, "server_error"));
    }

    @Test
    void thePromptOfACallOfItsOwnCanBeCounted() throws Throwable {
        run(
                world -> {
                    ask(model(world));

                    assertThat(world.bean(CallLog.class)
                                    .ended()
                                    .get(0)
                                    .request()
                                    .prompt())
                            .isNotNull()
                            .satisfies(prompt -> assertThat(prompt.input()).isBetween(8, 16));
                },
                Reply.chat());
    }

    @Test
    void anAttemptThatHelpsEndsWell() throws Throwable {
        run(
                world -> {
                    world.call(() -> ask(model(world)));

                    assertThat(world.outcome().kind()).isEqualTo(Outcome.Kind.SUCCESS);
                    assertThat(world.breaker().snapshot().failedCalls()).isEqualTo(1);
                },
                Reply.error(500, "server_error"),
                Reply.chat());
    }

    @Test
    void aThrottledAccountIsLeftAloneAfterTheFirstAttempt() throws Throwable {
        run(
                world -> {
                    assertThatThrownBy(() -> ask(model(world)))
                            .cause()
                            .isInstanceOfSatisfying(CallRejectedException.class, refusal -> {
                                assertThat(refusal.reason()).isEqualTo(RejectionReason.RATE_LIMITED);
                                assertThat(refusal.retryAfter()).hasValue(Duration.ofSeconds(30));
                            });

                    assertThat(world.provider().received()).hasSize(1);
                },
                Reply.rateLimited("30"));
    }

    @Test
    void aCallOfItsOwnTellsModelTokensAndLimits() throws Throwable {
        run(
                world -> {
                    assertThat(ask(model(world))).isEqualTo("Paris");

                    assertThat(world.report().model()).hasValue("gpt-5-mini-2026");
                    assertThat(world.report().usage()).hasValue(new Usage(12, 5, 3));
                    assertThat(world.report().header("x-ratelimit-remaining-requests"))
                            .hasValue("99");
                    assertThat(world.bean(CallLog.class)
                                    .ended()
                                    .get(0)
                                    .request()
                                    .model())
                            .isEqualTo("gpt-5-mini");
                },
                Reply.chat());
    }

    @Test
    void anEmbeddingTellsItsTokens() throws Throwable {
        run(
                world -> {
                    OpenAiEmbeddingModel model = OpenAiEmbeddingModel.builder()
                            .httpClientBuilder(
                                    world.bean(GuardedHttpClients.class).builder("openai"))
                            .baseUrl(world.provider().url())
                            .apiKey("sk-test")
                            .modelName("text-embedding-3-small")
                            .build();

                    model.embed(TextSegment.from("Paris"));

                    assertThat(world.report().usage()).hasValue(new Usage(4, 0, 0));
                },
                Reply.embedding());
    }

    @Test
    void aStreamTellsItsTokensAtTheEnd() throws Throwable {
        run(
                world -> {
                    ChatResponse answer = stream(world).get(30, TimeUnit.SECONDS);

                    assertThat(answer.aiMessage().text()).isEqualTo("Paris");
                    assertThat(world.outcome().kind()).isEqualTo(Outcome.Kind.SUCCESS);
                    assertThat(world.report().usage()).hasValue(new Usage(12, 5, 0));
                },
                Reply.stream());
    }

    @Test
    void aStreamThatOutlivesTheCallAroundItCountsAsACallOfItsOwn() throws Throwable {
        run(
                world -> {
                    CompletableFuture<ChatResponse> answer = world.call(() -> stream(world));

                    assertThatThrownBy(() -> answer.get(30, TimeUnit.SECONDS))
                            .hasCauseInstanceOf(RateLimitException.class);
                    assertThat(world.bean(CallLog.class).ended())
                            .extracting(ended -> ended.outcome().cause())
                            .containsExactly(null, FailureCause.RATE_LIMIT);
                },
                Reply.rateLimited("30"));
    }

    @Test
    void aThrottledStreamTellsForHowLong() throws Throwable {
        run(
                world -> {
                    assertThatThrownBy(() -> stream(world).get(30, TimeUnit.SECONDS))
                            .hasCauseInstanceOf(RateLimitException.class);

                    assertThat(world.outcome().cause()).isEqualTo(FailureCause.RATE_LIMIT);
                    assertThat(world.report().header("retry-after")).hasValue("30");
                    assertThatThrownBy(() -> stream(world).get(30, TimeUnit.SECONDS))
                            .hasRootCauseInstanceOf(CallRejectedException.class);
                    assertThat(world.provider().received()).hasSize(1);
                },
                Reply.rateLimited("30"));
    }

    @Test
    void aStreamWithoutAnEndIsAFailure() throws Throwable {
        run(
                world -> {
                    stream(world).get(30, TimeUnit.SECONDS);

                    assertThat(world.outcome().kind()).isEqualTo(Outcome.Kind.FAILURE);
                },
                Reply.unfinishedStream());
    }

    @Test
    void aProviderThatIsNotThereIsAConnectionFailure() throws Throwable {
        run(
                world -> {
                    world.provider().close();

                    assertThatThrownBy(() -> world.call(() -> ask(model(world))))
                            .isInstanceOf(RuntimeException.class);

                    assertThat(world.outcome().cause()).isEqualTo(FailureCause.CONNECTION);
                    assertThat(world.breaker().state()).isEqualTo(BreakerState.OPEN);
                },
                Reply.chat());
    }

    @Test
    void aBuilderThatIsABeanIsGuardedByTheAddress() throws Throwable {
        run(
                world -> {
                    ask(model(world, world.bean(HttpClientBuilder.class)));

                    assertThat(world.bean(CallLog.class).ended()).hasSize(1);
                    assertThat(world.bean(CallLog.class)
                                    .ended()
                                    .get(0)
                                    .request()
                                    .service())
                            .isEqualTo("openai");
                },
                Reply.chat());
    }

    @Test
    void aBuilderOfAConcreteTypeIsLeftAsItIs(CapturedOutput output) throws Throwable {
        try (LocalProvider provider = new LocalProvider(Reply.chat())) {
            GuardedWorld.application(provider, LangChain4jAutoConfiguration.class)
                    .withUserConfiguration(ConcreteBuilder.class)
                    .run(context -> {
                        assertThat(context).hasNotFailed();

                        ask(model(new GuardedWorld(context, provider), context.getBean(JdkHttpClientBuilder.class)));

                        assertThat(provider.received()).hasSize(1);
                        assertThat(context.getBean(CallLog.class).ended()).isEmpty();
                        assertThat(output).contains("Bean 'builder' is not guarded");
                    });
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class ConcreteBuilder {

        @Bean
        JdkHttpClientBuilder builder() {
            return new JdkHttpClientBuilder();
        }

        @Bean
        String user(JdkHttpClientBuilder builder) {
            return builder.toString();
        }
    }

    @Test
    void whatIsNoAddressIsNotLogged(CapturedOutput output) throws Throwable {
        run(
                world -> {
                    HttpClient client = world.bean(GuardedHttpClients.class)
                            .guard(new JdkHttpClientBuilder())
                            .build();
                    HttpRequest request = HttpRequest.builder()
                            .method(HttpMethod.GET)
                            .url("http://no address/?key=s3cret")
                            .build();

                    assertThatThrownBy(() -> client.execute(request)).isInstanceOf(RuntimeException.class);

                    assertThat(world.bean(InternalFaults.class).count()).isEqualTo(1);
                    assertThat(output).contains("address of a request").doesNotContain("s3cret");
                },
                Reply.chat());
    }

    @Test
    void aServiceThatIsNotConfiguredIsNotGuarded() throws Throwable {
        run(
                world -> assertThatExceptionOfType(UnknownServiceException.class)
                        .isThrownBy(() -> world.bean(GuardedHttpClients.class).builder("opanai")),
                Reply.chat());
    }

    private static void run(ThrowingConsumer<GuardedWorld> test, Reply... replies) throws Throwable {
        try (LocalProvider provider = new LocalProvider(replies)) {
            GuardedWorld.application(provider, LangChain4jAutoConfiguration.class)
                    .withBean(HttpClientBuilder.class, HttpClientBuilderLoader::loadHttpClientBuilder)
                    .withPropertyValues("service-breaker.cost.budgets.daily=1000")
                    .run(context -> {
                        assertThat(context).hasNotFailed();
                        test.accept(new GuardedWorld(context, provider));
                    });
        }
    }

    private static ChatModel model(GuardedWorld world) {
        return model(world, world.bean(GuardedHttpClients.class).builder("openai"));
    }

    private static ChatModel model(GuardedWorld world, HttpClientBuilder client) {
        return OpenAiChatModel.builder()
                .httpClientBuilder(client)
                .baseUrl(world.provider().url())
                .apiKey("sk-test")
                .modelName("gpt-5-mini")
                .build();
    }

    private static String ask(ChatModel model) {
        return model.chat("What is the capital of France?");
    }

    private static CompletableFuture<ChatResponse> stream(GuardedWorld world) {
        StreamingChatModel model = OpenAiStreamingChatModel.builder()
                .httpClientBuilder(world.bean(GuardedHttpClients.class).builder("openai"))
                .baseUrl(world.provider().url())
                .apiKey("sk-test")
                .modelName("gpt-5-mini")
                .build();
        CompletableFuture<ChatResponse> whole = new CompletableFuture<>();
        model.chat("What is the capital of France?", new StreamingChatResponseHandler() {
            @Override
            public void onPartialResponse(String piece) {}

            @Override
            public void onCompleteResponse(ChatResponse response) {
                whole.complete(response);
            }

            @Override
            public void onError(Throwable error) {
                whole.completeExceptionally(error);
            }
        });
        return whole;
    }
}
