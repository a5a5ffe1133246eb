package io.servicebreaker.spring.ai;

import static io.servicebreaker.spring.ai.AiApplication.ask;
import static io.servicebreaker.spring.ai.AiApplication.client;
import static io.servicebreaker.spring.ai.AiApplication.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.anthropic.errors.InternalServerException;
import com.anthropic.errors.RateLimitException;
import io.servicebreaker.breaker.BreakerState;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Usage;
import io.servicebreaker.spring.CallLog;
import io.servicebreaker.spring.GuardedWorld;
import io.servicebreaker.spring.LocalProvider;
import io.servicebreaker.spring.LocalProvider.Reply;
import io.servicebreaker.spring.ServiceBreakerAutoConfiguration;
import io.servicebreaker.time.FakeTime;
import io.servicebreaker.time.TimeSource;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.ThrowingConsumer;
import org.springframework.ai.anthropic.AnthropicChatModel;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.model.anthropic.autoconfigure.AnthropicChatAutoConfiguration;
import org.springframework.ai.model.chat.client.autoconfigure.ChatClientAutoConfiguration;
import org.springframework.ai.model.tool.autoconfigure.ToolCallingAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Anthropic's model, as Spring AI configures it. */
class AnthropicTest {

    private static final int FAILURES_THAT_CLOSE_OFF_A_MODEL = 2;

    @Test
    void anAnswerTellsModelTokensAndLimits() throws Throwable {
        run(
                world -> {
                    assertThat(ask(client(world))).isEqualTo("Paris");

                    assertThat(world.outcome().kind()).isEqualTo(Outcome.Kind.SUCCESS);
                    assertThat(world.report().model()).hasValue("claude-sonnet-4-5-20250929");
                    assertThat(world.report().usage()).hasValue(new Usage(12, 5, 0));
                    assertThat(world.report().header("anthropic-ratelimit-requests-remaining"))
                            .hasValue("49");
                    assertThat(world.bean(CallLog.class)
                                    .ended()
                                    .get(0)
                                    .request()
                                    .model())
                            .isEqualTo("claude-sonnet-4-5");
                },
                message());
    }

    @Test
    void theAttemptsOfAModelOpenTheBreaker() throws Throwable {
        run(
                world -> {
                    AnthropicChatModel model = world.bean(AnthropicChatModel.class);

                    assertThatThrownBy(() -> model.call("Paris?")).isInstanceOf(InternalServerException.class);

                    assertThat(world.provider().received()).hasSize(FAILURES_THAT_CLOSE_OFF_A_MODEL);
                    assertThat(world.bean(CallLog.class).ended())
                            .extracting(ended -> ended.outcome().cause())
                            .containsOnly(FailureCause.SERVER_ERROR);
                    assertThatExceptionOfType(CallRejectedException.class).isThrownBy(() -> model.call("Paris?"));
                },
                error(500, "api_error"));
    }

    @Test
    void theAttemptsWithinACallCountOnceEach() throws Throwable {
        run(
                world -> {
                    ChatClient client = advised(world);

                    assertThatThrownBy(() -> world.bean(CallOrchestrator.class)
                                    .call(CallRequest.to("anthropic"), () -> ask(client)))
                            .isInstanceOf(InternalServerException.class);

                    assertThat(world.outcome().cause()).isEqualTo(FailureCause.SERVER_ERROR);
                    assertThat(world.bean(Breakers.class).breaker("anthropic").state())
                            .isEqualTo(BreakerState.OPEN);
                    assertThat(world.provider().received()).hasSize(3);
                },
                error(500, "api_error"));
    }

    @Test
    void aThrottledAccountIsLeftAloneAfterTheFirstAttempt() throws Throwable {
        run(
                world -> {
                    ChatClient client = advised(world);

                    assertThatThrownBy(() -> ask(client)).isInstanceOf(RateLimitException.class);

                    assertThat(world.provider().received()).hasSize(1);
                    assertThatExceptionOfType(CallRejectedException.class)
                            .isThrownBy(() -> ask(client))
                            .satisfies(
                                    refusal -> assertThat(refusal.retryAfter()).hasValue(Duration.ofSeconds(30)));
                },
                error(429, "rate_limit_error").header("retry-after-ms", "30000"));
    }

    @Test
    void theAttemptsOfAStreamOpenTheBreaker() throws Throwable {
        run(
                world -> {
                    AnthropicChatModel model = world.bean(AnthropicChatModel.class);

                    assertThatThrownBy(() -> model.stream("Paris?").blockLast())
                            .hasStackTraceContaining("InternalServerException");

                    assertThat(world.provider().received()).hasSize(FAILURES_THAT_CLOSE_OFF_A_MODEL);
                    assertThatThrownBy(() -> model.stream("Paris?").blockLast())
                            .hasStackTraceContaining("CallRejectedException");
                    assertThat(world.provider().received()).hasSize(FAILURES_THAT_CLOSE_OFF_A_MODEL);
                    assertThat(world.bean(CallLog.class).rejected()).hasSize(1);
                },
                error(500, "api_error"));
    }

    @Test
    void theAttemptsOfAStreamAreThoseOfTheCallAround() throws Throwable {
        run(
                world -> {
                    ChatClient client = client(world);

                    assertThatThrownBy(() -> world.bean(CallOrchestrator.class)
                                    .call(CallRequest.to("anthropic"), () -> stream(client)))
                            .hasStackTraceContaining("InternalServerException");

                    assertThat(world.outcome().cause()).isEqualTo(FailureCause.SERVER_ERROR);
                    assertThat(world.bean(Breakers.class).breaker("anthropic").state())
                            .isEqualTo(BreakerState.OPEN);
                    assertThat(world.provider().received()).hasSize(3);
                },
                error(500, "api_error"));
    }

    @Test
    void aStreamTellsModelTokensAndLimits() throws Throwable {
        run(
                world -> {
                    assertThat(stream(client(world))).isEqualTo("Paris");

                    assertThat(world.outcome().kind()).isEqualTo(Outcome.Kind.SUCCESS);
                    assertThat(world.report().model()).hasValue("claude-sonnet-4-5-20250929");
                    assertThat(world.report().usage()).hasValue(new Usage(12, 5, 0));
                    assertThat(world.report().header("anthropic-ratelimit-requests-remaining"))
                            .hasValue("48");
                },
                events(BEGINNING + END).header("anthropic-ratelimit-requests-remaining", "48"));
    }

    @Test
    void nothingOfOursReachesTheProvider() throws Throwable {
        run(
                world -> {
                    stream(advised(world));

                    assertThat(world.provider().received().toString().toLowerCase(Locale.ROOT))
                            .contains("anthropic")
                            .doesNotContain("service-breaker", "servicebreaker");
                },
                events(BEGINNING + END));
    }

    @Test
    void anAdvisedStreamTellsModelAndTokens() throws Throwable {
        run(
                world -> {
                    assertThat(stream(advised(world))).isEqualTo("Paris");

                    assertThat(world.outcome().kind()).isEqualTo(Outcome.Kind.SUCCESS);
                    assertThat(world.report().model()).hasValue("claude-sonnet-4-5-20250929");
                    assertThat(world.report().usage()).hasValue(new Usage(12, 5, 0));
                },
                events(BEGINNING + END));
    }

    @Test
    void whatIsReadFromAndWrittenToTheCacheIsSentInAnAdvisedCall() throws Throwable {
        run(
                world -> {
                    assertThat(ask(advised(world))).isEqualTo("Paris");

                    assertThat(world.report().usage()).hasValue(new Usage(100_057, 5, 100_000));
                },
                cached(message()));
    }

    @Test
    void whatIsReadFromAndWrittenToTheCacheIsSentInAnAdvisedStream() throws Throwable {
        run(
                world -> {
                    assertThat(stream(advised(world))).isEqualTo("Paris");

                    assertThat(world.report().usage()).hasValue(new Usage(100_057, 5, 100_000));
                },
                cached(events(BEGINNING + END)));
    }

    /** Fifty tokens that the cache did not know, seven that it knows from now on. */
    private static Reply cached(Reply reply) {
        String body = reply.body()
                .replace("\"input_tokens\":12", "\"input_tokens\":50")
                .replace("\"cache_creation_input_tokens\":0", "\"cache_creation_input_tokens\":7")
                .replace("\"cache_read_input_tokens\":0", "\"cache_read_input_tokens\":100000");
        return new Reply(reply.status(), reply.headers(), body, false);
    }

    @Test
    void anAdvisedStreamWithoutAnEndIsAFailure() throws Throwable {
        run(
                world -> {
                    stream(advised(world));

                    assertThat(world.outcome().kind()).isEqualTo(Outcome.Kind.FAILURE);
                },
                events(BEGINNING));
    }

    @Test
    void anErrorInsideAnAdvisedStreamIsTheErrorThatItNames() throws Throwable {
        run(
                world -> {
                    assertThatThrownBy(() -> stream(advised(world))).isInstanceOf(RuntimeException.class);

                    assertThat(world.outcome().cause()).isEqualTo(FailureCause.OVERLOADED);
                },
                events(BEGINNING + event("error", errorBody("overloaded_error"))));
    }

    @Test
    void theErrorOfAnAdvisedStreamIsUnderstood() throws Throwable {
        run(
                world -> {
                    assertThatThrownBy(() -> stream(advised(world))).isInstanceOf(RuntimeException.class);

                    assertThat(world.outcome().cause()).isEqualTo(FailureCause.QUOTA);
                    assertThat(world.report().status()).hasValue(402);
                    assertThat(world.report().header("retry-after")).hasValue("7");
                },
                error(402, "billing_error").header("retry-after", "7"));
    }

    @Test
    void anAdvisedStreamIsRefusedWhileTheServiceIsOpen() throws Throwable {
        run(
                world -> {
                    world.bean(Breakers.class).breaker("anthropic").forceOpen("maintenance", null);

                    assertThatExceptionOfType(CallRejectedException.class).isThrownBy(() -> stream(advised(world)));

                    assertThat(world.provider().received()).isEmpty();
                },
                events(BEGINNING + END));
    }

    private static void run(ThrowingConsumer<GuardedWorld> test, Reply... replies) throws Throwable {
        try (LocalProvider provider = new LocalProvider(replies)) {
            new ApplicationContextRunner()
                    .withConfiguration(AutoConfigurations.of(
                            ServiceBreakerAutoConfiguration.class,
                            SpringAiAutoConfiguration.class,
                            ToolCallingAutoConfiguration.class,
                            AnthropicChatAutoConfiguration.class,
                            ChatClientAutoConfiguration.class))
                    .withBean(TimeSource.class, FakeTime::new)
                    .withBean(CallLog.class)
                    .withPropertyValues(
                            "service-breaker.services.anthropic.endpoint-patterns=" + provider.url() + "/**",
                            "service-breaker.services.anthropic.failure-threshold=3",
                            "spring.ai.anthropic.base-url=" + provider.url(),
                            "spring.ai.anthropic.api-key=sk-test",
                            "spring.ai.anthropic.max-retries=5",
                            "spring.ai.anthropic.chat.model=claude-sonnet-4-5")
                    .run(context -> {
                        assertThat(context).hasNotFailed();
                        test.accept(new GuardedWorld(context, provider));
                    });
        }
    }

    private static ChatClient advised(GuardedWorld world) {
        return world.bean(ChatClient.Builder.class)
                .defaultAdvisors(world.bean(GuardedChat.class).advisor("anthropic"))
                .build();
    }

    private static final String MESSAGE = """
            {"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet-4-5-20250929",
             "content":%s,"stop_reason":%s,"stop_sequence":null,
             "usage":{"input_tokens":12,"output_tokens":%d,"cache_creation_input_tokens":0,
              "cache_read_input_tokens":0}}""";

    private static final String BEGINNING = event(
                    "message_start",
                    "{\"type\":\"message_start\",\"message\":"
                            + MESSAGE.formatted("[]", "null", 1).replace("\n", "") + "}")
            + event(
                    "content_block_start",
                    "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}")
            + event(
                    "content_block_delta",
                    "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Paris\"}}")
            + event("content_block_stop", "{\"type\":\"content_block_stop\",\"index\":0}");

    private static final String END = event(
                    "message_delta",
                    "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},"
                            + "\"usage\":{\"output_tokens\":5}}")
            + event("message_stop", "{\"type\":\"message_stop\"}");

    private static Reply message() {
        String content = "[{\"type\":\"text\",\"text\":\"Paris\",\"citations\":null}]";
        return new Reply(
                200,
                Map.of("Content-Type", "application/json", "anthropic-ratelimit-requests-remaining", "49"),
                MESSAGE.formatted(content, "\"end_turn\"", 5),
                false);
    }

    private static Reply error(int status, String type) {
        return new Reply(
                status, Map.of("Content-Type", "application/json", "retry-after-ms", "1"), errorBody(type), false);
    }

    private static String errorBody(String type) {
        return "{\"type\":\"error\",\"error\":{\"type\":\"" + type + "\",\"message\":\"no luck\"}}";
    }

    private static Reply events(String body) {
        return new Reply(200, Map.of("Content-Type", "text/event-stream"), body, false);
    }

    private static String event(String name, String data) {
        return "event: " + name + "\ndata: " + data + "\n\n";
    }
}
