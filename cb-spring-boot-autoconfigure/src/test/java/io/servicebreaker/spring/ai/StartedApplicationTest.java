package io.servicebreaker.spring.ai;

import static io.servicebreaker.spring.ai.AiApplication.ask;
import static io.servicebreaker.spring.ai.AiApplication.client;
import static io.servicebreaker.spring.ai.AiApplication.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.Usage;
import io.servicebreaker.spring.CallLog;
import io.servicebreaker.spring.GuardedWorld;
import io.servicebreaker.spring.LocalProvider;
import io.servicebreaker.spring.LocalProvider.Reply;
import io.servicebreaker.time.FakeTime;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.ThrowingConsumer;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** An application that has nothing but Spring AI, this library and their properties. */
class StartedApplicationTest {

    @Test
    void answersStreamsAndEmbeddingsAreCallsOfTheServiceOfTheirAddress() throws Throwable {
        run(
                world -> {
                    String answer = ask(client(world));
                    String streamed = stream(client(world));
                    float[] embedded = world.bean(EmbeddingModel.class).embed("Paris");

                    assertThat(answer).isEqualTo("Paris");
                    assertThat(streamed).isEqualTo("Paris");
                    assertThat(embedded).hasSize(2);
                    assertThat(world.bean(CallLog.class).ended())
                            .extracting(ended -> ended.outcome().report().usage())
                            .containsExactly(
                                    Optional.of(new Usage(12, 5, 3)),
                                    Optional.of(new Usage(12, 5, 0)),
                                    Optional.of(new Usage(4, 0, 0)));
                },
                Reply.chat(),
                Reply.stream(),
                Reply.embedding());
    }

    @Test
    void nothingIsAskedOfAnOpenService() throws Throwable {
        run(
                world -> {
                    world.breaker().forceOpen("maintenance", null);

                    assertThatThrownBy(() -> ask(client(world))).isInstanceOf(CallRejectedException.class);
                    assertThatThrownBy(() -> stream(client(world))).hasRootCauseInstanceOf(CallRejectedException.class);
                    assertThatThrownBy(() -> world.bean(EmbeddingModel.class).embed("Paris"))
                            .isInstanceOf(CallRejectedException.class);

                    assertThat(world.provider().received()).isEmpty();
                    assertThat(world.bean(CallLog.class).rejected()).hasSize(3);
                },
                Reply.chat());
    }

    private static void run(ThrowingConsumer<GuardedWorld> test, Reply... replies) throws Throwable {
        SpringApplication application = new SpringApplication(Application.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        try (LocalProvider provider = new LocalProvider(replies);
                ConfigurableApplicationContext context = application.run(
                        "--service-breaker.services.openai.endpoint-patterns=" + provider.url() + "/**",
                        "--spring.ai.openai.base-url=" + provider.url(),
                        "--spring.ai.openai.api-key=sk-test",
                        "--spring.ai.openai.chat.model=gpt-5-mini",
                        "--spring.ai.model.chat=openai",
                        "--spring.ai.model.embedding=openai")) {
            test.accept(new GuardedWorld(context, provider));
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        @Bean
        FakeTime time() {
            return new FakeTime();
        }

        @Bean
        CallLog callLog() {
            return new CallLog();
        }
    }
}
