package io.servicebreaker.sample.simulator;

import io.servicebreaker.spring.ai.GuardedChat;
import io.servicebreaker.spring.ai.SpringAiAutoConfiguration;
import io.servicebreaker.spring.openai.OpenAiAutoConfiguration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.ai.openai.http.okhttp.OpenAiHttpClientBuilderCustomizer;
import org.springframework.context.ApplicationContext;

class FaultsThroughSpringAiTest extends FaultsThroughClient {

    FaultsThroughSpringAiTest() {
        super(SpringAiAutoConfiguration.class, OpenAiAutoConfiguration.class);
    }

    @Test
    void aStreamThatStallsIsATimeout() throws Exception {
        assertThatAStreamThatStallsIsATimeout();
    }

    @Override
    void ask(ApplicationContext application, String url) {
        client(application, url).prompt(QUESTION).call().content();
    }

    @Override
    void stream(ApplicationContext application, String url) {
        client(application, url).prompt(QUESTION).stream().content().blockLast();
    }

    private static ChatClient client(ApplicationContext application, String url) {
        OpenAiChatModel built = OpenAiChatModel.builder()
                .options(OpenAiChatOptions.builder()
                        .baseUrl(url)
                        .apiKey("sk-test")
                        .model(MODEL)
                        .maxRetries(0)
                        .timeout(PATIENCE)
                        .build())
                .httpClientBuilderCustomizers(List.of(application.getBean(OpenAiHttpClientBuilderCustomizer.class)))
                .build();
        Object bean = application.getAutowireCapableBeanFactory().initializeBean(built, "chatModel");
        return ChatClient.builder((OpenAiChatModel) bean)
                .defaultAdvisors(application.getBean(GuardedChat.class).advisor("openai"))
                .build();
    }
}
