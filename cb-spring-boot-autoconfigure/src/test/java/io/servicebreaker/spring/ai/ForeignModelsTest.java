package io.servicebreaker.spring.ai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.StreamTimeoutException;
import io.servicebreaker.call.Usage;
import io.servicebreaker.spring.CallLog;
import io.servicebreaker.spring.GuardedWorld;
import io.servicebreaker.spring.LocalProvider;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.ThrowingConsumer;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.ChatClientRequest;
import org.springframework.ai.chat.client.ChatClientResponse;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisor;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisorChain;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.Prompt;
import reactor.core.publisher.Flux;

/** Models that are not OpenAI's, and written by whomever. */
class ForeignModelsTest {

    @Test
    void anAnswerWhoseTokensCannotBeReadIsAGoodAnswer() throws Throwable {
        run(world -> {
            ChatClient client = advised(world, withoutReadableTokens());

            assertThat(client.prompt("Paris?").call().content()).isEqualTo("Paris");

            assertThat(world.outcome().kind()).isEqualTo(Outcome.Kind.SUCCESS);
            assertThat(world.bean(InternalFaults.class).count()).isEqualTo(1);
        });
    }

    @Test
    void anAnswerWithinACallWhoseTokensCannotBeReadIsAGoodAnswer() throws Throwable {
        run(world -> {
            ChatClient client = advised(world, withoutReadableTokens());

            assertThat(world.call(() -> client.prompt("Paris?").call().content()))
                    .isEqualTo("Paris");

            assertThat(world.outcome().kind()).isEqualTo(Outcome.Kind.SUCCESS);
        });
    }

    @Test
    void aStreamWhoseTokensCannotBeReadIsAGoodStream() throws Throwable {
        run(world -> {
            ChatClient client = advised(world, withoutReadableTokens());

            assertThat(read(client)).containsExactly("Paris");

            assertThat(world.outcome().kind()).isEqualTo(Outcome.Kind.SUCCESS);
        });
    }

    @Test
    void aPieceWithoutAMessageHarmsNothing() throws Throwable {
        run(world -> {
            ChatResponse nothing = new ChatResponse(List.of(new Generation(null)));

            assertThat(new ChatContent().isContent(nothing)).isFalse();
        });
    }

    @Test
    void aStreamOfAModelThatNeverSaysWhyItStopsIsComplete() throws Throwable {
        run(world -> {
            ChatClient client = advised(world, prompt -> piece("Paris", null));

            read(client);

            assertThat(world.outcome().kind()).isEqualTo(Outcome.Kind.SUCCESS);
        });
    }

    @Test
    void aStreamThatDoesNotSayWhyItStopsAsAnEarlierOneDidIsCut() throws Throwable {
        run(world -> {
            List<String> reasons = new ArrayList<>(List.of("stop"));
            ChatClient client = advised(world, prompt -> piece("Paris", reasons.isEmpty() ? null : reasons.remove(0)));

            read(client);
            read(client);

            List<Outcome> outcomes = world.bean(CallLog.class).ended().stream()
                    .map(ended -> ended.outcome())
                    .toList();
            assertThat(outcomes).extracting(Outcome::kind).containsExactly(Outcome.Kind.SUCCESS, Outcome.Kind.FAILURE);
            assertThat(outcomes.get(1).cause()).isEqualTo(FailureCause.CONNECTION);
        });
    }

    @Test
    void aStreamThatIsCancelledAfterItSaidWhyItStopsIsComplete() throws Throwable {
        run(world -> {
            ChatClient client = advised(world, prompt -> piece("Paris", "stop"));

            client.prompt("Paris?").stream().chatResponse().blockFirst();

            assertThat(world.outcome().kind()).isEqualTo(Outcome.Kind.SUCCESS);
            assertThat(world.report().usage()).hasValue(new Usage(12, 5, 0));
        });
    }

    @Test
    void aStreamThatDoesNotGoOnFails() throws Throwable {
        run("stream.stall-timeout=10ms", world -> {
            ChatClient client = ChatClient.builder(new Stalling(piece("Par", null)))
                    .defaultAdvisors(world.bean(GuardedChat.class).advisor("openai"))
                    .build();

            assertThatThrownBy(() -> read(client)).hasRootCauseInstanceOf(StreamTimeoutException.class);

            assertThat(world.outcome().cause()).isEqualTo(FailureCause.TIMEOUT);
        });
    }

    @Test
    void aStreamThatCannotBeginIsAFailure() throws Throwable {
        run(world -> {
            ChatClient client = ChatClient.builder(new Answering(prompt -> piece("Paris", "stop")))
                    .defaultAdvisors(world.bean(GuardedChat.class).advisor("openai"), new Broken())
                    .build();

            assertThatThrownBy(() -> read(client)).hasMessageContaining("broken");

            assertThat(world.outcome().kind()).isNotEqualTo(Outcome.Kind.SUCCESS);
        });
    }

    private static List<String> read(ChatClient client) {
        return client.prompt("Paris?").stream().content().collectList().block();
    }

    private static ChatClient advised(GuardedWorld world, Answers answers) {
        return ChatClient.builder(new Answering(answers))
                .defaultAdvisors(world.bean(GuardedChat.class).advisor("openai"))
                .build();
    }

    private static void run(ThrowingConsumer<GuardedWorld> test) throws Throwable {
        run("failure-threshold=3", test);
    }

    private static void run(String setting, ThrowingConsumer<GuardedWorld> test) throws Throwable {
        try (LocalProvider provider = new LocalProvider()) {
            GuardedWorld.application(provider, SpringAiAutoConfiguration.class)
                    .withPropertyValues("service-breaker.services.openai." + setting)
                    .run(context -> {
                        assertThat(context).hasNotFailed();
                        test.accept(new GuardedWorld(context, provider));
                    });
        }
    }

    private static ChatResponse piece(String text, String reason) {
        ChatGenerationMetadata metadata =
                ChatGenerationMetadata.builder().finishReason(reason).build();
        return new ChatResponse(
                List.of(new Generation(new AssistantMessage(text), metadata)),
                ChatResponseMetadata.builder().usage(new DefaultUsage(12, 5)).build());
    }

    private static Answers withoutReadableTokens() {
        DefaultUsage unreadable = new DefaultUsage(12, 5) {
            @Override
            public Long getCacheReadInputTokens() {
                throw new IllegalStateException("not counted");
            }
        };
        return prompt -> new ChatResponse(
                List.of(new Generation(new AssistantMessage("Paris"))),
                ChatResponseMetadata.builder().usage(unreadable).build());
    }

    /** What a model answers. */
    private interface Answers {

        ChatResponse to(Prompt prompt);
    }

    private record Answering(Answers answers) implements ChatModel {

        @Override
        public ChatResponse call(Prompt prompt) {
            return answers.to(prompt);
        }

        @Override
        public Flux<ChatResponse> stream(Prompt prompt) {
            return Flux.defer(() -> Flux.just(answers.to(prompt)));
        }
    }

    private record Stalling(ChatResponse first) implements ChatModel {

        @Override
        public ChatResponse call(Prompt prompt) {
            return first;
        }

        @Override
        public Flux<ChatResponse> stream(Prompt prompt) {
            return Flux.concat(Flux.just(first), Flux.never());
        }
    }

    /** Stands between ours and the model. */
    private record Broken() implements StreamAdvisor {

        @Override
        public Flux<ChatClientResponse> adviseStream(ChatClientRequest request, StreamAdvisorChain chain) {
            throw new IllegalStateException("broken");
        }

        @Override
        public String getName() {
            return "broken";
        }

        @Override
        public int getOrder() {
            return LOWEST_PRECEDENCE - 1;
        }
    }
}
