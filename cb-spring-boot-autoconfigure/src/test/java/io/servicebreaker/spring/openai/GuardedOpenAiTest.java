package io.servicebreaker.spring.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.OpenAIClientAsync;
import com.openai.client.OpenAIClientImpl;
import com.openai.core.ClientOptions;
import com.openai.core.Sleeper;
import com.openai.core.http.StreamResponse;
import com.openai.errors.InternalServerException;
import com.openai.errors.OpenAIIoException;
import com.openai.errors.RateLimitException;
import com.openai.errors.SseException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import io.servicebreaker.breaker.BreakerState;
import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.call.UnknownServiceException;
import io.servicebreaker.call.Usage;
import io.servicebreaker.spring.CallLog;
import io.servicebreaker.spring.GuardedWorld;
import io.servicebreaker.spring.LocalProvider;
import io.servicebreaker.spring.LocalProvider.Reply;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.ThrowingConsumer;
import org.springframework.ai.openai.http.okhttp.SpringAiOpenAiHttpClient;

/** The real SDK, which repeats what failed twice. */
class GuardedOpenAiTest {

    private static final ChatCompletionCreateParams QUESTION = ChatCompletionCreateParams.builder()
            .model("gpt-5-mini")
            .addUserMessage("What is the capital of France?")
            .build();

    private static final int FAILURES_THAT_CLOSE_OFF_A_MODEL = 2;

    private static final Sleeper WITHOUT_WAITING = new Sleeper() {
        @Override
        public void sleep(Duration duration) {}

        @Override
        public CompletableFuture<Void> sleepAsync(Duration duration) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void close() {}
    };

    @Test
    void theAttemptsOfOneCallOpenTheBreaker() throws Throwable {
        run(
                world -> {
                    OpenAIClient client = world.bean(OpenAIClient.class).withOptions(options -> options.maxRetries(8));

                    assertThatThrownBy(() -> ask(client)).isInstanceOf(InternalServerException.class);

                    assertThat(world.provider().received()).hasSize(FAILURES_THAT_CLOSE_OFF_A_MODEL);
                    assertThat(world.bean(CallLog.class).rejected()).isEmpty();
                    assertThatExceptionOfType(CallRejectedException.class).isThrownBy(() -> ask(client));
                    assertThat(world.provider().received()).hasSize(FAILURES_THAT_CLOSE_OFF_A_MODEL);
                },
                Reply.error(500, "server_error"));
    }

    @Test
    void theAttemptsWithinACallCountOnceEach() throws Throwable {
        run(
                world -> {
                    OpenAIClient client = world.bean(OpenAIClient.class);

                    assertThatThrownBy(() -> world.call(() -> ask(client))).isInstanceOf(InternalServerException.class);

                    assertThat(world.breaker().state()).isEqualTo(BreakerState.OPEN);
                    assertThat(world.outcome().cause()).isEqualTo(FailureCause.SERVER_ERROR);
                    assertThatExceptionOfType(CallRejectedException.class)
                            .isThrownBy(() -> world.call(() -> ask(client)));
                    assertThat(world.provider().received()).hasSize(3);
                },
                Reply.error(500, "server_error"));
    }

    @Test
    void thePromptOfACallOfItsOwnCanBeCounted() throws Throwable {
        run(
                world -> {
                    ask(world.bean(OpenAIClient.class));

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
                    world.call(() -> ask(world.bean(OpenAIClient.class)));

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
                    OpenAIClient client = world.bean(OpenAIClient.class);

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
    void aCallOfItsOwnTellsModelTokensAndLimits() throws Throwable {
        run(
                world -> {
                    ChatCompletion answer = ask(world.bean(OpenAIClient.class));

                    assertThat(answer.choices().get(0).message().content()).hasValue("Paris");
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
    void aStreamTellsItsTokensAtTheEnd() throws Throwable {
        run(
                world -> {
                    read(world.bean(OpenAIClient.class));

                    assertThat(world.outcome().kind()).isEqualTo(Outcome.Kind.SUCCESS);
                    assertThat(world.report().usage()).hasValue(new Usage(12, 5, 0));
                },
                Reply.stream());
    }

    @Test
    void aStreamWithoutAnEndIsAFailure() throws Throwable {
        run(
                world -> {
                    read(world.bean(OpenAIClient.class));

                    assertThat(world.outcome().kind()).isEqualTo(Outcome.Kind.FAILURE);
                },
                Reply.unfinishedStream());
    }

    @Test
    void aBrokenStreamIsAFailure() throws Throwable {
        run(
                world -> {
                    assertThatThrownBy(() -> read(world.bean(OpenAIClient.class)))
                            .isInstanceOf(OpenAIIoException.class);

                    assertThat(world.outcome().cause()).isEqualTo(FailureCause.CONNECTION);
                },
                Reply.brokenStream());
    }

    @Test
    void anErrorInsideAStreamIsTheErrorThatItNames() throws Throwable {
        run(
                world -> {
                    assertThatThrownBy(() -> world.call(() -> read(world.bean(OpenAIClient.class))))
                            .isInstanceOf(SseException.class);

                    assertThat(world.outcome().cause()).isEqualTo(FailureCause.RATE_LIMIT);
                },
                Reply.streamWithError("rate_limit_exceeded"));
    }

    @Test
    void aStreamThatNobodyReadsToItsEndIsCancelled() throws Throwable {
        run(
                world -> {
                    try (StreamResponse<ChatCompletionChunk> stream =
                            world.bean(OpenAIClient.class).chat().completions().createStreaming(QUESTION)) {
                        assertThat(stream.stream().findFirst()).isPresent();
                    }

                    assertThat(world.outcome().cause()).isEqualTo(FailureCause.CANCELLED);
                },
                Reply.unfinishedStream());
    }

    @Test
    void theAttemptsOfAnAsynchronousCallAreItsOwn() throws Throwable {
        run(
                world -> {
                    OpenAIClientAsync client = world.bean(OpenAIClient.class).async();

                    CompletableFuture<ChatCompletion> answer = world.bean(CallOrchestrator.class)
                            .callAsync(
                                    CallRequest.to("openai"),
                                    () -> client.chat().completions().create(QUESTION))
                            .toCompletableFuture();

                    assertThatThrownBy(answer::join).hasCauseInstanceOf(InternalServerException.class);
                    assertThat(world.outcome().cause()).isEqualTo(FailureCause.SERVER_ERROR);
                    assertThat(world.breaker().state()).isEqualTo(BreakerState.OPEN);
                    assertThat(world.provider().received()).hasSize(3);
                },
                Reply.error(500, "server_error"));
    }

    @Test
    void anAsynchronousRefusalIsTheCauseOfTheFailure() throws Throwable {
        run(
                world -> {
                    world.breaker().forceOpen("maintenance", null);

                    CompletableFuture<ChatCompletion> answer = world.bean(OpenAIClient.class)
                            .async()
                            .chat()
                            .completions()
                            .create(QUESTION);

                    assertThatThrownBy(answer::join)
                            .isInstanceOf(CompletionException.class)
                            .hasRootCauseInstanceOf(CallRejectedException.class);
                    assertThat(world.provider().received()).isEmpty();
                },
                Reply.chat());
    }

    @Test
    void aClientCanBeGuardedByTheNameOfAService() throws Throwable {
        run(
                world -> {
                    OpenAIClient plain = client(world.provider().url());
                    GuardedOpenAi guarded = world.bean(GuardedOpenAi.class);

                    ask(guarded.guard(plain, "elsewhere"));

                    assertThat(world.bean(CallLog.class)
                                    .ended()
                                    .get(0)
                                    .request()
                                    .service())
                            .isEqualTo("elsewhere");
                    assertThatExceptionOfType(UnknownServiceException.class)
                            .isThrownBy(() -> guarded.guard(plain, "opanai"));
                },
                Reply.chat());
    }

    @Test
    void theExceptionsOfAClientThatNobodyGuardsAreUnderstood() throws Throwable {
        run(
                world -> {
                    OpenAIClient plain = client(world.provider().url()).withOptions(options -> options.maxRetries(0));

                    assertThatThrownBy(() -> world.call(() -> ask(plain))).isInstanceOf(RateLimitException.class);

                    assertThat(world.outcome().cause()).isEqualTo(FailureCause.QUOTA);
                    assertThat(world.report().code()).hasValue("insufficient_quota");
                    assertThat(world.report().header("retry-after-ms")).hasValue("1");
                },
                Reply.error(429, "insufficient_quota"));
    }

    @Test
    void anErrorInsideAStreamOfAClientThatNobodyGuardsIsUnderstood() throws Throwable {
        run(
                world -> {
                    OpenAIClient plain = client(world.provider().url());

                    assertThatThrownBy(() -> world.call(() -> read(plain))).isInstanceOf(SseException.class);

                    assertThat(world.outcome().cause()).isEqualTo(FailureCause.OVERLOADED);
                },
                Reply.streamWithError("overloaded_error"));
    }

    @Test
    void aClientIsNotGuardedTwice() throws Throwable {
        run(
                world -> {
                    OpenAIClient bean = world.bean(OpenAIClient.class);

                    assertThat(world.bean(GuardedOpenAi.class).guard(bean)).isSameAs(bean);
                    ask(bean);
                    assertThat(world.bean(CallLog.class).ended()).hasSize(1);
                },
                Reply.chat());
    }

    @Test
    void aGuardedClientEqualsItself() throws Throwable {
        run(
                world -> {
                    OpenAIClient bean = world.bean(OpenAIClient.class);
                    OpenAIClientAsync async = bean.async();

                    assertThat(new HashSet<Object>(List.of(bean, async)))
                            .contains(bean, async)
                            .doesNotContain(bean.async());
                },
                Reply.chat());
    }

    @Test
    void aBeanOfAConcreteTypeIsLeftAsItIs() throws Throwable {
        try (LocalProvider provider = new LocalProvider(Reply.chat())) {
            GuardedWorld.application(provider, OpenAiAutoConfiguration.class)
                    .withBean(OpenAIClientImpl.class, () -> (OpenAIClientImpl) client(provider.url()))
                    .run(context -> {
                        assertThat(context).hasNotFailed();

                        ask(context.getBean(OpenAIClientImpl.class));

                        assertThat(provider.received()).hasSize(1);
                        assertThat(context.getBean(CallLog.class).ended()).isEmpty();
                    });
        }
    }

    @Test
    void aProviderThatIsNotThereIsAConnectionFailure() throws Throwable {
        run(
                world -> {
                    world.provider().close();

                    assertThatThrownBy(() -> world.call(() -> ask(world.bean(OpenAIClient.class))))
                            .isInstanceOf(OpenAIIoException.class);

                    assertThat(world.outcome().cause()).isEqualTo(FailureCause.CONNECTION);
                    assertThat(world.breaker().state()).isEqualTo(BreakerState.OPEN);
                },
                Reply.chat());
    }

    private static void run(ThrowingConsumer<GuardedWorld> test, Reply... replies) throws Throwable {
        try (LocalProvider provider = new LocalProvider(replies)) {
            GuardedWorld.application(provider, OpenAiAutoConfiguration.class)
                    .withPropertyValues(
                            "service-breaker.services.elsewhere.failure-threshold=3",
                            "service-breaker.cost.budgets.daily=1000")
                    .withBean(OpenAIClient.class, () -> client(provider.url()))
                    .run(context -> {
                        assertThat(context).hasNotFailed();
                        test.accept(new GuardedWorld(context, provider));
                    });
        }
    }

    private static OpenAIClient client(String url) {
        return new OpenAIClientImpl(ClientOptions.builder()
                .httpClient(SpringAiOpenAiHttpClient.builder().build())
                .baseUrl(url)
                .apiKey("sk-test")
                .sleeper(WITHOUT_WAITING)
                .build());
    }

    private static ChatCompletion ask(OpenAIClient client) {
        return client.chat().completions().create(QUESTION);
    }

    private static long read(OpenAIClient client) {
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat().completions().createStreaming(QUESTION)) {
            return stream.stream().count();
        }
    }
}
