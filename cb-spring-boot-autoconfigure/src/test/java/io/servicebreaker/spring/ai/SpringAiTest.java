package io.servicebreaker.spring.ai;

import static io.servicebreaker.spring.ai.AiApplication.advised;
import static io.servicebreaker.spring.ai.AiApplication.ask;
import static io.servicebreaker.spring.ai.AiApplication.client;
import static io.servicebreaker.spring.ai.AiApplication.stream;
import static io.servicebreaker.spring.ai.AiApplication.withOpenAi;
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
import io.servicebreaker.spring.LocalProvider.Reply;
import io.servicebreaker.spring.openai.GuardedOpenAi;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.ai.openai.OpenAiEmbeddingModel;
import org.springframework.ai.openai.setup.OpenAiSetup;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.definition.ToolDefinition;

/** The real models, with the SDK's repetitions below them. */
class SpringAiTest {

    private static final int FAILURES_THAT_CLOSE_OFF_A_MODEL = 2;

    @Test
    void theAttemptsOfOneQuestionOpenTheBreaker() throws Throwable {
        withOpenAi(
                world -> {
                    ChatClient client = advised(world);

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
        withOpenAi(
                world -> {
                    OpenAiChatModel model = world.bean(OpenAiChatModel.class);

                    assertThatThrownBy(() -> model.call("Paris?")).isInstanceOf(InternalServerException.class);

                    assertThatExceptionOfType(CallRejectedException.class).isThrownBy(() -> model.call("Paris?"));
                    assertThat(world.provider().received()).hasSize(FAILURES_THAT_CLOSE_OFF_A_MODEL);
                },
                Reply.error(500, "server_error"));
    }

    @Test
    void theAttemptsWithinACallCountOnceEach() throws Throwable {
        withOpenAi(
                world -> {
                    ChatClient client = advised(world);

                    assertThatThrownBy(() -> world.call(() -> ask(client))).isInstanceOf(InternalServerException.class);

                    assertThat(world.breaker().state()).isEqualTo(BreakerState.OPEN);
                    assertThat(world.outcome().cause()).isEqualTo(FailureCause.SERVER_ERROR);
                    assertThat(world.provider().received()).hasSize(3);
                },
                Reply.error(500, "server_error"));
    }

    @Test
    void theAttemptsOfAStreamAreThoseOfItsCall() throws Throwable {
        withOpenAi(
                world -> {
                    ChatClient client = advised(world);

                    assertThatThrownBy(() -> stream(client)).hasRootCauseInstanceOf(InternalServerException.class);

                    assertThat(world.provider().received()).hasSize(FAILURES_THAT_CLOSE_OFF_A_MODEL);
                    assertThat(world.outcome().cause()).isEqualTo(FailureCause.SERVER_ERROR);
                    assertThatExceptionOfType(CallRejectedException.class).isThrownBy(() -> stream(client));
                },
                Reply.error(500, "server_error"));
    }

    @Test
    void theAttemptsOfAStreamWithinACallAreThoseOfThatCall() throws Throwable {
        withOpenAi(
                world -> {
                    ChatClient client = advised(world);

                    assertThatThrownBy(() -> world.call(() -> stream(client)))
                            .hasRootCauseInstanceOf(InternalServerException.class);

                    assertThat(world.provider().received()).hasSize(3);
                    assertThat(world.outcome().cause()).isEqualTo(FailureCause.SERVER_ERROR);
                    assertThat(world.breaker().state()).isEqualTo(BreakerState.OPEN);
                },
                Reply.error(500, "server_error"));
    }

    @Test
    void theAttemptsOfAStreamOfAModelWithoutAdvisorOpenTheBreaker() throws Throwable {
        withOpenAi(
                world -> {
                    OpenAiChatModel model = world.bean(OpenAiChatModel.class);

                    assertThatThrownBy(() -> model.stream("Paris?").blockLast())
                            .hasRootCauseInstanceOf(InternalServerException.class);

                    assertThat(world.provider().received()).hasSize(FAILURES_THAT_CLOSE_OFF_A_MODEL);
                    assertThatThrownBy(() -> model.stream("Paris?").blockLast())
                            .hasRootCauseInstanceOf(CallRejectedException.class);
                    assertThat(world.provider().received()).hasSize(FAILURES_THAT_CLOSE_OFF_A_MODEL);
                },
                Reply.error(500, "server_error"));
    }

    @Test
    void aStreamOfAModelWithoutAdvisorTellsModelTokensAndLimits() throws Throwable {
        withOpenAi(
                world -> {
                    world.bean(OpenAiChatModel.class).stream("Paris?").blockLast();

                    assertThat(world.outcome().kind()).isEqualTo(Outcome.Kind.SUCCESS);
                    assertThat(world.report().model()).hasValue("gpt-5-mini-2026");
                    assertThat(world.report().usage()).hasValue(new Usage(12, 5, 0));
                    assertThat(world.report().header("x-ratelimit-remaining-requests"))
                            .hasValue("98");
                },
                Reply.stream().header("x-ratelimit-remaining-requests", "98"));
    }

    @Test
    void theAttemptsOfAStreamWithoutAdvisorAreThoseOfTheCallAround() throws Throwable {
        withOpenAi(
                world -> {
                    OpenAiChatModel model = world.bean(OpenAiChatModel.class);

                    assertThatThrownBy(() ->
                                    world.call(() -> model.stream("Paris?").blockLast()))
                            .hasRootCauseInstanceOf(InternalServerException.class);

                    assertThat(world.outcome().cause()).isEqualTo(FailureCause.SERVER_ERROR);
                    assertThat(world.breaker().snapshot().failedCalls()).isEqualTo(3);
                    assertThat(world.provider().received()).hasSize(3);
                },
                Reply.error(500, "server_error"));
    }

    @Test
    void aRefusedAttemptOfAStreamIsNotRepeated() throws Throwable {
        withOpenAi(
                world -> {
                    ChatClient client = client(world);
                    assertThatThrownBy(() -> stream(client)).hasRootCauseInstanceOf(InternalServerException.class);

                    assertThatThrownBy(() -> stream(client)).hasRootCauseInstanceOf(CallRejectedException.class);

                    assertThat(world.bean(CallLog.class).rejected()).hasSize(1);
                },
                Reply.error(500, "server_error"));
    }

    @Test
    void aStreamThatIsRefusedWithinItsCallIsNotRepeated() throws Throwable {
        withOpenAi(
                world -> {
                    OpenAiChatModel model = world.bean(OpenAiChatModel.class);

                    assertThatThrownBy(() -> world.call(() -> {
                                world.breaker().forceOpen("maintenance", null);
                                return model.stream("Paris?").blockLast();
                            }))
                            .hasRootCauseInstanceOf(CallRejectedException.class);

                    assertThat(world.bean(CallLog.class).rejected()).hasSize(1);
                    assertThat(world.provider().received()).isEmpty();
                },
                Reply.stream());
    }

    @Test
    void aStreamOfAModelOnGuardedClientsNeedsNoAdvisor() throws Throwable {
        withOpenAi(
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
        withOpenAi(
                world -> {
                    ChatClient client = advised(world);

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
        withOpenAi(
                world -> {
                    assertThat(ask(advised(world))).isEqualTo("Paris");

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
        withOpenAi(
                world -> {
                    world.call(() -> ask(advised(world)));

                    assertThat(world.report().usage()).hasValue(new Usage(12, 5, 3));
                },
                Reply.chat());
    }

    @Test
    void aStreamTellsItsTokensAtTheEnd() throws Throwable {
        withOpenAi(
                world -> {
                    assertThat(stream(advised(world))).isEqualTo("Paris");

                    assertThat(world.outcome().kind()).isEqualTo(Outcome.Kind.SUCCESS);
                    assertThat(world.report().usage()).hasValue(new Usage(12, 5, 0));
                    assertThat(world.report().model()).hasValue("gpt-5-mini-2026");
                },
                Reply.stream());
    }

    @Test
    void anAdvisedQuestionIsOneCall() throws Throwable {
        withOpenAi(
                world -> {
                    ask(advised(world));
                    stream(advised(world));

                    assertThat(world.bean(CallLog.class).ended())
                            .extracting(ended -> ended.outcome().kind())
                            .containsExactly(Outcome.Kind.SUCCESS, Outcome.Kind.SUCCESS);
                },
                Reply.chat(),
                Reply.stream());
    }

    @Test
    void nothingOfOursReachesTheProvider() throws Throwable {
        withOpenAi(
                world -> {
                    stream(advised(world));

                    assertThatNothingOfOursArrived(world);
                },
                Reply.stream());
    }

    @Test
    void aStreamWithoutAnEndIsAFailure() throws Throwable {
        withOpenAi(
                world -> {
                    stream(advised(world));

                    assertThat(world.outcome().kind()).isEqualTo(Outcome.Kind.FAILURE);
                },
                Reply.unfinishedStream());
    }

    @Test
    void anErrorInsideAStreamIsTheErrorThatItNames() throws Throwable {
        withOpenAi(
                world -> {
                    assertThatThrownBy(() -> stream(advised(world))).isInstanceOf(RuntimeException.class);

                    assertThat(world.outcome().cause()).isEqualTo(FailureCause.RATE_LIMIT);
                },
                Reply.streamWithError("rate_limit_exceeded"));
    }

    @Test
    void aStreamThatNobodyWantsAnyMoreIsCancelled() throws Throwable {
        withOpenAi(
                world -> {
                    advised(world).prompt("Paris?").stream().content().blockFirst();

                    assertThat(world.outcome().cause()).isEqualTo(FailureCause.CANCELLED);
                },
                Reply.stream());
    }

    @Test
    void anEmbeddingIsACallOfItsOwnAndTellsItsTokens() throws Throwable {
        withOpenAi(
                world -> {
                    OpenAiEmbeddingModel model = world.bean(OpenAiEmbeddingModel.class);

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

    /** By default it would cost 0.01. */
    @Test
    void aQuestionWhoseAnswerMayCostMoreThanIsLeftIsNotAsked() throws Throwable {
        withOpenAi(
                application -> application.withPropertyValues(
                        "service-breaker.cost.budgets.daily=0.05",
                        "service-breaker.cost.prices.gpt-5-mini.output=1000",
                        "spring.ai.openai.chat.max-completion-tokens=51"),
                world -> {
                    ChatClient client = advised(world);

                    assertThatExceptionOfType(CallRejectedException.class)
                            .isThrownBy(() -> ask(client))
                            .satisfies(refusal -> assertThat(refusal.reason()).isEqualTo(RejectionReason.COST_BUDGET));
                    assertThat(world.provider().received()).isEmpty();
                },
                Reply.chat());
    }

    @Test
    void aQuestionIsCountedWithItsToolsAndWhatWasSaidBefore() throws Throwable {
        withOpenAi(
                application -> application.withPropertyValues("service-breaker.cost.budgets.daily=1000"),
                world -> {
                    ChatClient client = advised(world);

                    client.prompt()
                            .messages(
                                    new SystemMessage("word ".repeat(100)),
                                    AssistantMessage.builder()
                                            .content("word ".repeat(100))
                                            .build())
                            .user("word ".repeat(100))
                            .tools(new Look())
                            .call()
                            .content();

                    assertThat(world.bean(CallLog.class)
                                    .ended()
                                    .get(0)
                                    .request()
                                    .prompt())
                            .isNotNull()
                            .satisfies(prompt -> assertThat(prompt.input()).isBetween(410, 600));
                },
                Reply.chat());
    }

    @Test
    void anErrorWhoseBodyBreaksOffIsThatError() throws Throwable {
        withOpenAi(
                application -> application.withPropertyValues("spring.ai.openai.max-retries=0"),
                world -> {
                    OpenAiChatModel model = world.bean(OpenAiChatModel.class);

                    assertThatThrownBy(() -> model.call("Paris?")).isInstanceOf(RuntimeException.class);

                    assertThat(world.outcome().cause()).isEqualTo(FailureCause.SERVER_ERROR);
                    assertThat(world.report().status()).hasValue(502);
                },
                Reply.error(502, "bad_gateway").broken());
    }

    @Test
    void nothingOfOursReachesTheProviderOfAClientThatIsNotGuarded() throws Throwable {
        withOpenAi(
                world -> {
                    ChatClient chat = ChatClient.builder(modelOn(plainClient(world)))
                            .defaultAdvisors(world.bean(GuardedChat.class).advisor("openai"))
                            .build();

                    assertThat(stream(chat)).isEqualTo("Paris");

                    assertThatNothingOfOursArrived(world);
                },
                Reply.stream());
    }

    @Test
    void nothingOfOursReachesTheProviderOfAGuardedClient() throws Throwable {
        withOpenAi(
                world -> {
                    OpenAIClient client = world.bean(GuardedOpenAi.class).guard(plainClient(world));
                    ChatClient chat = ChatClient.builder(modelOn(client))
                            .defaultAdvisors(world.bean(GuardedChat.class).advisor("openai"))
                            .build();

                    assertThat(stream(chat)).isEqualTo("Paris");

                    assertThatNothingOfOursArrived(world);
                },
                Reply.stream());
    }

    @Test
    void aServiceThatIsNotConfiguredIsNotGuarded() throws Throwable {
        withOpenAi(
                world -> assertThatExceptionOfType(UnknownServiceException.class)
                        .isThrownBy(() -> world.bean(GuardedChat.class).advisor("opanai")),
                Reply.chat());
    }

    private static void assertThatNothingOfOursArrived(GuardedWorld world) {
        assertThat(world.provider().received())
                .singleElement()
                .extracting(received -> received.toString().toLowerCase(Locale.ROOT))
                .asString()
                .doesNotContain("service-breaker", "servicebreaker");
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

    /** A tool that nobody uses. */
    private static final class Look implements ToolCallback {

        @Override
        public ToolDefinition getToolDefinition() {
            return ToolDefinition.builder()
                    .name("look")
                    .description("word ".repeat(100))
                    .inputSchema("{}")
                    .build();
        }

        @Override
        public String call(String input) {
            return input;
        }
    }
}
