package io.servicebreaker.spring.ai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.errors.InternalServerException;
import com.openai.errors.RateLimitException;
import io.micrometer.observation.ObservationRegistry;
import io.servicebreaker.breaker.BreakerState;
import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.call.UnknownServiceException;
import io.servicebreaker.call.Usage;
import io.servicebreaker.spring.CallLog;
import io.servicebreaker.spring.GuardedWorld;
import io.servicebreaker.spring.LocalProvider;
import io.servicebreaker.spring.LocalProvider.Reply;
import io.servicebreaker.spring.openai.GuardedOpenAi;
import io.servicebreaker.spring.openai.OpenAiAutoConfiguration;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.ThrowingConsumer;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.ai.openai.OpenAiEmbeddingModel;
import org.springframework.ai.openai.OpenAiEmbeddingOptions;
import org.springframework.ai.openai.http.okhttp.OpenAiHttpClientBuilderCustomizer;
import org.springframework.ai.openai.setup.OpenAiSetup;

/** The real models, with the SDK's repetitions below them. */
class SpringAiTest {

    private static final int FAILURES_THAT_CLOSE_OFF_A_MODEL = 2;

    @Test
    void theAttemptsOfOneQuestionOpenTheBreaker() throws Throwable {
        run(
                world -> {
                    ChatClient client = advised(world, 5);

                    assertThatThrownBy(() -> ask(client)).isInstanceOf(InternalServerException.class);

                    assertThat(world.provider().received()).hasSize(FAILURES_THAT_CLOSE_OFF_A_MODEL);
                    assertThat(world.outcome().cause()).isEqualTo(FailureCause.SERVER_ERROR);
                    assertThatExceptionOfType(CallRejectedException.class).isThrownBy(() -> ask(client));
                    assertThat(world.provider().received()).hasSize(FAILURES_THAT_CLOSE_OFF_A_MODEL);
                },
                Reply.error(500, "server_error"));
    }

    @Test
    void theAttemptsOfAModelWithoutAdvisorOpenTheBreaker() throws Throwable {
        run(
                world -> {
                    OpenAiChatModel model = model(world, 5);

                    assertThatThrownBy(() -> model.call("Paris?")).isInstanceOf(InternalServerException.class);

                    assertThatExceptionOfType(CallRejectedException.class).isThrownBy(() -> model.call("Paris?"));
                    assertThat(world.provider().received()).hasSize(FAILURES_THAT_CLOSE_OFF_A_MODEL);
                },
                Reply.error(500, "server_error"));
    }

    @Test
    void theAttemptsWithinACallCountOnceEach() throws Throwable {
        run(
                world -> {
                    ChatClient client = advised(world, 5);

                    assertThatThrownBy(() -> world.call(() -> ask(client))).isInstanceOf(InternalServerException.class);

                    assertThat(world.breaker().state()).isEqualTo(BreakerState.OPEN);
                    assertThat(world.outcome().cause()).isEqualTo(FailureCause.SERVER_ERROR);
                    assertThat(world.provider().received()).hasSize(3);
                },
                Reply.error(500, "server_error"));
    }

    @Test
    void theAttemptsOfAStreamAreThoseOfItsCall() throws Throwable {
        run(
                world -> {
                    ChatClient client = advised(world, 5);

                    assertThatThrownBy(() -> stream(client)).hasRootCauseInstanceOf(InternalServerException.class);

                    assertThat(world.provider().received()).hasSize(FAILURES_THAT_CLOSE_OFF_A_MODEL);
                    assertThat(world.outcome().cause()).isEqualTo(FailureCause.SERVER_ERROR);
                    assertThatExceptionOfType(CallRejectedException.class).isThrownBy(() -> stream(client));
                },
                Reply.error(500, "server_error"));
    }

    @Test
    void theAttemptsOfAStreamWithinACallAreThoseOfThatCall() throws Throwable {
        run(
                world -> {
                    ChatClient client = advised(world, 5);

                    assertThatThrownBy(() -> world.call(() -> stream(client)))
                            .hasRootCauseInstanceOf(InternalServerException.class);

                    assertThat(world.provider().received()).hasSize(3);
                    assertThat(world.outcome().cause()).isEqualTo(FailureCause.SERVER_ERROR);
                    assertThat(world.breaker().state()).isEqualTo(BreakerState.OPEN);
                },
                Reply.error(500, "server_error"));
    }

    @Test
    void aStreamWithoutAdvisorCountsOnceWithinACall() throws Throwable {
        run(
                world -> {
                    OpenAiChatModel model = model(world, 0);

                    assertThatThrownBy(() ->
                                    world.call(() -> model.stream("Paris?").blockLast()))
                            .hasRootCauseInstanceOf(InternalServerException.class);

                    assertThat(world.outcome().cause()).isEqualTo(FailureCause.SERVER_ERROR);
                    assertThat(world.breaker().snapshot().failedCalls()).isEqualTo(1);
                },
                Reply.error(500, "server_error"));
    }

    @Test
    void aStreamOfAModelOnGuardedClientsNeedsNoAdvisor() throws Throwable {
        run(
                world -> {
                    OpenAIClient client = world.bean(GuardedOpenAi.class).guard(plainClient(world));
                    OpenAiChatModel model = modelOn(client);

                    model.stream("Paris?").blockLast();

                    assertThat(world.report().usage()).hasValue(new Usage(12, 5, 0));
                },
                Reply.stream());
    }

    @Test
    void aThrottledAccountIsLeftAloneAfterTheFirstAttempt() throws Throwable {
        run(
                world -> {
                    ChatClient client = advised(world, 5);

                    assertThatThrownBy(() -> ask(client)).isInstanceOf(RateLimitException.class);

                    assertThat(world.provider().received()).hasSize(1);
                    assertThatExceptionOfType(CallRejectedException.class)
                            .isThrownBy(() -> ask(client))
                            .satisfies(refusal -> {
                                assertThat(refusal.reason()).isEqualTo(RejectionReason.RATE_LIMITED);
                                assertThat(refusal.retryAfter()).hasValue(Duration.ofSeconds(30));
                            });
                },
                Reply.rateLimited("30"));
    }

    @Test
    void anAnswerTellsModelTokensAndLimits() throws Throwable {
        run(
                world -> {
                    assertThat(ask(advised(world, 0))).isEqualTo("Paris");

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
    void anAnswerWithinACallTellsItsTokensOnce() throws Throwable {
        run(
                world -> {
                    world.call(() -> ask(advised(world, 0)));

                    assertThat(world.report().usage()).hasValue(new Usage(12, 5, 3));
                },
                Reply.chat());
    }

    @Test
    void aStreamTellsItsTokensAtTheEnd() throws Throwable {
        run(
                world -> {
                    assertThat(stream(advised(world, 0))).isEqualTo("Paris");

                    assertThat(world.outcome().kind()).isEqualTo(Outcome.Kind.SUCCESS);
                    assertThat(world.report().usage()).hasValue(new Usage(12, 5, 0));
                    assertThat(world.report().model()).hasValue("gpt-5-mini-2026");
                },
                Reply.stream());
    }

    @Test
    void nothingOfOursReachesTheProvider() throws Throwable {
        run(
                world -> {
                    stream(advised(world, 0));

                    assertThat(world.provider().received().get(0).headers().keySet())
                            .noneMatch(name -> name.toLowerCase(Locale.ROOT).contains("service-breaker"));
                },
                Reply.stream());
    }

    @Test
    void aStreamWithoutAnEndIsAFailure() throws Throwable {
        run(
                world -> {
                    stream(advised(world, 0));

                    assertThat(world.outcome().kind()).isEqualTo(Outcome.Kind.FAILURE);
                },
                Reply.unfinishedStream());
    }

    @Test
    void anErrorInsideAStreamIsTheErrorThatItNames() throws Throwable {
        run(
                world -> {
                    assertThatThrownBy(() -> stream(advised(world, 0))).isInstanceOf(RuntimeException.class);

                    assertThat(world.outcome().cause()).isEqualTo(FailureCause.RATE_LIMIT);
                },
                Reply.streamWithError("rate_limit_exceeded"));
    }

    @Test
    void aStreamThatNobodyWantsAnyMoreIsCancelled() throws Throwable {
        run(
                world -> {
                    advised(world, 0).prompt("Paris?").stream().content().blockFirst();

                    assertThat(world.outcome().cause()).isEqualTo(FailureCause.CANCELLED);
                },
                Reply.stream());
    }

    @Test
    void anEmbeddingIsACallOfItsOwnAndTellsItsTokens() throws Throwable {
        run(
                world -> {
                    OpenAiEmbeddingModel model = OpenAiEmbeddingModel.builder()
                            .options(OpenAiEmbeddingOptions.builder()
                                    .baseUrl(world.provider().url())
                                    .apiKey("sk-test")
                                    .model("text-embedding-3-small")
                                    .build())
                            .httpClientBuilderCustomizers(List.of(world.bean(OpenAiHttpClientBuilderCustomizer.class)))
                            .build();

                    assertThat(model.embed("Paris")).hasSize(2);

                    assertThat(world.report().usage()).hasValue(new Usage(4, 0, 0));
                    assertThat(world.bean(CallLog.class)
                                    .ended()
                                    .get(0)
                                    .request()
                                    .model())
                            .isEqualTo("text-embedding-3-small");
                },
                Reply.embedding());
    }

    @Test
    void anErrorWhoseBodyBreaksOffIsThatError() throws Throwable {
        run(
                world -> {
                    OpenAiChatModel model = model(world, 0);

                    assertThatThrownBy(() -> model.call("Paris?")).isInstanceOf(RuntimeException.class);

                    assertThat(world.outcome().cause()).isEqualTo(FailureCause.SERVER_ERROR);
                    assertThat(world.report().status()).hasValue(502);
                },
                Reply.error(502, "bad_gateway").broken());
    }

    @Test
    void nothingOfOursReachesTheProviderOfAGuardedClient() throws Throwable {
        run(
                world -> {
                    model(world, 0); // somebody takes the number off, but not from this client
                    OpenAIClient client = world.bean(GuardedOpenAi.class).guard(plainClient(world));
                    ChatClient chat = ChatClient.builder(modelOn(client))
                            .defaultAdvisors(world.bean(GuardedChat.class).advisor("openai"))
                            .build();

                    assertThat(stream(chat)).isEqualTo("Paris");

                    assertThat(world.provider().received().get(0).headers().keySet())
                            .noneMatch(name -> name.toLowerCase(Locale.ROOT).contains("service-breaker"));
                },
                Reply.stream());
    }

    @Test
    void aServiceThatIsNotConfiguredIsNotGuarded() throws Throwable {
        run(
                world -> assertThatExceptionOfType(UnknownServiceException.class)
                        .isThrownBy(() -> world.bean(GuardedChat.class).advisor("opanai")),
                Reply.chat());
    }

    private static void run(ThrowingConsumer<GuardedWorld> test, Reply... replies) throws Throwable {
        try (LocalProvider provider = new LocalProvider(replies)) {
            GuardedWorld.application(provider, SpringAiAutoConfiguration.class, OpenAiAutoConfiguration.class)
                    .run(context -> {
                        assertThat(context).hasNotFailed();
                        test.accept(new GuardedWorld(context, provider));
                    });
        }
    }

    private static ChatClient advised(GuardedWorld world, int retries) {
        return ChatClient.builder(model(world, retries))
                .defaultAdvisors(world.bean(GuardedChat.class).advisor("openai"))
                .build();
    }

    private static OpenAiChatModel model(GuardedWorld world, int retries) {
        return OpenAiChatModel.builder()
                .options(OpenAiChatOptions.builder()
                        .baseUrl(world.provider().url())
                        .apiKey("sk-test")
                        .model("gpt-5-mini")
                        .maxRetries(retries)
                        .build())
                .httpClientBuilderCustomizers(List.of(world.bean(OpenAiHttpClientBuilderCustomizer.class)))
                .build();
    }

    private static OpenAIClient plainClient(GuardedWorld world) {
        return OpenAiSetup.setupSyncClient(
                world.provider().url(),
                "sk-test",
                null,
                null,
                null,
                null,
                false,
                false,
                null,
                Duration.ofSeconds(60),
                0,
                null,
                null,
                ObservationRegistry.NOOP,
                null,
                List.of());
    }

    private static OpenAiChatModel modelOn(OpenAIClient client) {
        return OpenAiChatModel.builder()
                .openAiClient(client)
                .openAiClientAsync(client.async())
                .options(OpenAiChatOptions.builder().model("gpt-5-mini").build())
                .build();
    }

    private static String ask(ChatClient client) {
        return client.prompt("What is the capital of France?").call().content();
    }

    private static String stream(ChatClient client) {
        return String.join(
                "",
                client.prompt("What is the capital of France?").stream()
                        .content()
                        .collectList()
                        .block());
    }
}
