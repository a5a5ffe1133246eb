package io.servicebreaker.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.OpenAIClientImpl;
import com.openai.core.ClientOptions;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import io.servicebreaker.annotation.ServiceBreaker;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Usage;
import io.servicebreaker.spring.LocalProvider.Reply;
import io.servicebreaker.spring.ai.GuardedChat;
import io.servicebreaker.spring.ai.SpringAiAutoConfiguration;
import io.servicebreaker.spring.aop.AnnotationAutoConfiguration;
import io.servicebreaker.spring.http.HttpClientAutoConfiguration;
import io.servicebreaker.spring.http.HttpErrorReaderAutoConfiguration;
import io.servicebreaker.spring.langchain4j.GuardedHttpClients;
import io.servicebreaker.spring.langchain4j.LangChain4jAutoConfiguration;
import io.servicebreaker.spring.openai.GuardedOpenAi;
import io.servicebreaker.spring.openai.OpenAiAutoConfiguration;
import io.servicebreaker.spring.stream.StreamAutoConfiguration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.ThrowingConsumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.model.openai.autoconfigure.OpenAiChatAutoConfiguration;
import org.springframework.ai.model.tool.autoconfigure.ToolCallingAutoConfiguration;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.http.okhttp.SpringAiOpenAiHttpClient;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Annotated methods around the real clients: a call is one, whatever its client does for an answer. */
class AnnotatedClientsTest {

    private static final String MODEL = "gpt-5-mini";
    private static final String QUESTION = "What is the capital of France?";

    /** Clients that are waited for; all repeat a question once. */
    enum Client {
        OPENAI_SDK {
            @Override
            String ask(GuardedWorld world) {
                return openAi(world)
                        .chat()
                        .completions()
                        .create(ChatCompletionCreateParams.builder()
                                .model(MODEL)
                                .addUserMessage(QUESTION)
                                .build())
                        .choices()
                        .get(0)
                        .message()
                        .content()
                        .orElseThrow();
            }
        },
        LANGCHAIN4J {
            @Override
            String ask(GuardedWorld world) {
                return dev.langchain4j.model.openai.OpenAiChatModel.builder()
                        .httpClientBuilder(world.bean(GuardedHttpClients.class).builder("openai"))
                        .baseUrl(world.provider().url())
                        .apiKey("sk-test")
                        .modelName(MODEL)
                        .maxRetries(1)
                        .build()
                        .chat(QUESTION);
            }
        },
        SPRING_AI {
            @Override
            String ask(GuardedWorld world) {
                return world.bean(OpenAiChatModel.class).call(QUESTION);
            }
        },
        SPRING_AI_WITH_ADVISOR {
            @Override
            String ask(GuardedWorld world) {
                return advised(world).prompt(QUESTION).call().content();
            }
        },
        WEB_CLIENT {
            @Override
            String ask(GuardedWorld world) {
                return request(world, false)
                        .retrieve()
                        .bodyToMono(String.class)
                        .retry(1)
                        .block();
            }
        };

        abstract String ask(GuardedWorld world);
    }

    /** Clients that hand on an answer piece by piece; all repeat a question once. */
    enum StreamingClient {
        SPRING_AI {
            @Override
            Flux<String> ask(GuardedWorld world) {
                return world.bean(OpenAiChatModel.class).stream(QUESTION);
            }
        },
        SPRING_AI_WITH_ADVISOR {
            @Override
            Flux<String> ask(GuardedWorld world) {
                return advised(world).prompt(QUESTION).stream().content();
            }
        },
        WEB_CLIENT {
            @Override
            Flux<String> ask(GuardedWorld world) {
                return request(world, true).retrieve().bodyToFlux(String.class).retry(1);
            }
        };

        abstract Flux<String> ask(GuardedWorld world);
    }

    /** A guarded bean. */
    static class Assistant {

        @ServiceBreaker("openai")
        public String answer(Supplier<String> client) {
            return client.get();
        }

        @ServiceBreaker("openai")
        public Flux<String> stream(Supplier<Flux<String>> client) {
            return client.get();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aQuestionThatIsRepeatedIsOneCall(Client client) throws Throwable {
        run(
                world -> {
                    String answer = world.bean(Assistant.class).answer(() -> client.ask(world));

                    assertThat(answer).contains("Paris");
                    assertOneCallOfTwoAttempts(world, new Usage(12, 5, 3));
                },
                Reply.error(500, "server_error"),
                Reply.chat());
    }

    @ParameterizedTest
    @EnumSource
    void aQuestionThatFailsIsOneCallAndEachAttemptCounts(Client client) throws Throwable {
        run(
                world -> {
                    Assistant assistant = world.bean(Assistant.class);

                    assertThatThrownBy(() -> assistant.answer(() -> client.ask(world)));

                    assertFailedAttempts(world);
                },
                Reply.error(500, "server_error"));
    }

    @ParameterizedTest
    @EnumSource
    void aStreamThatIsRepeatedIsOneCall(StreamingClient client) throws Throwable {
        run(
                world -> {
                    String last = world.bean(Assistant.class).stream(() -> client.ask(world))
                            .blockLast();

                    assertThat(last).isNotNull();
                    assertOneCallOfTwoAttempts(world, new Usage(12, 5, 0));
                },
                Reply.error(500, "server_error"),
                Reply.stream());
    }

    @ParameterizedTest
    @EnumSource
    void aStreamThatFailsIsOneCallAndEachAttemptCounts(StreamingClient client) throws Throwable {
        run(
                world -> {
                    Flux<String> answer = world.bean(Assistant.class).stream(() -> client.ask(world));

                    assertThatThrownBy(answer::blockLast);

                    assertFailedAttempts(world);
                },
                Reply.error(500, "server_error"));
    }

    @Test
    void aRequestThatIsSentWhenItsCallHasEndedIsACallOfItsOwn() throws Throwable {
        run(
                world -> {
                    AtomicReference<Mono<String>> later = new AtomicReference<>();
                    world.bean(Assistant.class).answer(() -> {
                        later.set(request(world, false).retrieve().bodyToMono(String.class));
                        return "later";
                    });

                    later.get().block();

                    assertThat(world.bean(CallLog.class).ended())
                            .extracting(ended -> ended.request().operation())
                            .containsExactly("answer", "");
                },
                Reply.chat());
    }

    private static void assertOneCallOfTwoAttempts(GuardedWorld world, Usage usage) {
        assertThat(world.provider().received()).hasSize(2);
        assertThat(world.outcome().kind()).isEqualTo(Outcome.Kind.SUCCESS);
        assertThat(world.breaker().snapshot().calls()).isEqualTo(2);
        assertThat(world.breaker().snapshot().failedCalls()).isEqualTo(1);
        assertThat(world.report().model()).hasValue("gpt-5-mini-2026");
        assertThat(world.report().usage()).hasValue(usage);
        assertThat(world.bean(ProviderKnowledge.class).tokens("openai"))
                .containsOnlyKeys("gpt-5-mini-2026")
                .extractingByKey("gpt-5-mini-2026")
                .satisfies(tokens -> assertThat(tokens.calls()).isEqualTo(1));
    }

    private static void assertFailedAttempts(GuardedWorld world) {
        assertThat(world.provider().received()).hasSize(2);
        assertThat(world.outcome().cause()).isEqualTo(FailureCause.SERVER_ERROR);
        assertThat(world.breaker().snapshot().calls()).isEqualTo(2);
        assertThat(world.breaker().snapshot().failedCalls()).isEqualTo(2);
    }

    private static OpenAIClient openAi(GuardedWorld world) {
        OpenAIClient client = new OpenAIClientImpl(ClientOptions.builder()
                .httpClient(SpringAiOpenAiHttpClient.builder().build())
                .baseUrl(world.provider().url())
                .apiKey("sk-test")
                .maxRetries(1)
                .build());
        return world.bean(GuardedOpenAi.class).guard(client, "openai");
    }

    private static ChatClient advised(GuardedWorld world) {
        return ChatClient.builder(world.bean(OpenAiChatModel.class))
                .defaultAdvisors(world.bean(GuardedChat.class).advisor("openai"))
                .build();
    }

    private static WebClient.RequestHeadersSpec<?> request(GuardedWorld world, boolean streamed) {
        return world.bean(WebClient.Builder.class)
                .build()
                .post()
                .uri(world.provider().url() + "/chat/completions")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(Map.of("model", MODEL, "stream", streamed));
    }

    private static void run(ThrowingConsumer<GuardedWorld> test, Reply... replies) throws Throwable {
        try (LocalProvider provider = new LocalProvider(replies)) {
            GuardedWorld.application(
                            provider,
                            AnnotationAutoConfiguration.class,
                            StreamAutoConfiguration.class,
                            OpenAiAutoConfiguration.class,
                            LangChain4jAutoConfiguration.class,
                            SpringAiAutoConfiguration.class,
                            ToolCallingAutoConfiguration.class,
                            OpenAiChatAutoConfiguration.class,
                            WebClientAutoConfiguration.class,
                            HttpClientAutoConfiguration.class,
                            HttpErrorReaderAutoConfiguration.class)
                    .withBean(Assistant.class)
                    .withPropertyValues(
                            "spring.ai.openai.base-url=" + provider.url(),
                            "spring.ai.openai.api-key=sk-test",
                            "spring.ai.openai.max-retries=1",
                            "spring.ai.openai.chat.model=" + MODEL)
                    .run(context -> {
                        assertThat(context).hasNotFailed();
                        test.accept(new GuardedWorld(context, provider));
                    });
        }
    }
}
