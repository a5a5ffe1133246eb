package io.servicebreaker.sample.simulator;

import io.servicebreaker.call.FailureCause;
import io.servicebreaker.spring.ai.GuardedChat;
import io.servicebreaker.spring.ai.SpringAiAutoConfiguration;
import io.servicebreaker.spring.openai.OpenAiAutoConfiguration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.ai.openai.http.okhttp.OpenAiHttpClientBuilderCustomizer;
import org.springframework.context.ApplicationContext;

class FaultsThroughSpringAiTest extends FaultsThroughClient {

    FaultsThroughSpringAiTest() {
        super(SpringAiAutoConfiguration.class, OpenAiAutoConfiguration.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai", "perplexity"})
    void aStreamThatStallsIsATimeout(String provider) throws Exception {
        assertThatAStreamThatStallsIs(FailureCause.TIMEOUT, provider);
    }

    @Override
    void ask(ApplicationContext application, Question question) {
        client(application, question).prompt(Question.TEXT).call().content();
    }

    @Override
    void stream(ApplicationContext application, Question question) {
        client(application, question).prompt(Question.TEXT).stream().content().blockLast();
    }

    private static ChatClient client(ApplicationContext application, Question question) {
        OpenAiChatModel built = OpenAiChatModel.builder()
                .options(OpenAiChatOptions.builder()
                        .baseUrl(question.url())
                        .apiKey("sk-test")
                        .model(question.model())
                        .maxRetries(0)
                        .timeout(question.patience())
                        .build())
                .httpClientBuilderCustomizers(List.of(application.getBean(OpenAiHttpClientBuilderCustomizer.class)))
                .build();
        Object bean = application.getAutowireCapableBeanFactory().initializeBean(built, "chatModel");
        return ChatClient.builder((OpenAiChatModel) bean)
                .defaultAdvisors(application.getBean(GuardedChat.class).advisor(question.service()))
                .build();
    }
}
