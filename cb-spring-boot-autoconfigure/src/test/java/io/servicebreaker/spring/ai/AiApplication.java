package io.servicebreaker.spring.ai;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.spring.GuardedWorld;
import io.servicebreaker.spring.LocalProvider;
import io.servicebreaker.spring.LocalProvider.Reply;
import io.servicebreaker.spring.openai.OpenAiAutoConfiguration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.function.ThrowingConsumer;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.model.chat.client.autoconfigure.ChatClientAutoConfiguration;
import org.springframework.ai.model.openai.autoconfigure.OpenAiChatAutoConfiguration;
import org.springframework.ai.model.openai.autoconfigure.OpenAiEmbeddingAutoConfiguration;
import org.springframework.ai.model.tool.autoconfigure.ToolCallingAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Applications whose models Spring AI has configured, with the SDK's repetitions below them. */
final class AiApplication {

    private AiApplication() {}

    /** One with OpenAI's models, which repeat a question five times. */
    static void withOpenAi(ThrowingConsumer<GuardedWorld> test, Reply... replies) throws Throwable {
        withOpenAi(application -> application, test, replies);
    }

    static void withOpenAi(
            UnaryOperator<ApplicationContextRunner> changed, ThrowingConsumer<GuardedWorld> test, Reply... replies)
            throws Throwable {
        try (LocalProvider provider = new LocalProvider(replies)) {
            ApplicationContextRunner application = GuardedWorld.application(
                            provider,
                            SpringAiAutoConfiguration.class,
                            OpenAiAutoConfiguration.class,
                            ToolCallingAutoConfiguration.class,
                            OpenAiChatAutoConfiguration.class,
                            OpenAiEmbeddingAutoConfiguration.class,
                            ChatClientAutoConfiguration.class)
                    .withPropertyValues(
                            "spring.ai.openai.base-url=" + provider.url(),
                            "spring.ai.openai.api-key=sk-test",
                            "spring.ai.openai.max-retries=5",
                            "spring.ai.openai.chat.model=gpt-5-mini",
                            "spring.ai.openai.embedding.model=text-embedding-3-small");
            changed.apply(application).run(context -> {
                assertThat(context).hasNotFailed();
                test.accept(new GuardedWorld(context, provider));
            });
        }
    }

    /** A client as an application gets it. */
    static ChatClient client(GuardedWorld world) {
        return world.bean(ChatClient.Builder.class).build();
    }

    static ChatClient advised(GuardedWorld world) {
        return world.bean(ChatClient.Builder.class)
                .defaultAdvisors(world.bean(GuardedChat.class).advisor("openai"))
                .build();
    }

    static String ask(ChatClient client) {
        return client.prompt("What is the capital of France?").call().content();
    }

    static String stream(ChatClient client) {
        return String.join(
                "",
                client.prompt("What is the capital of France?").stream()
                        .content()
                        .collectList()
                        .block());
    }
}
