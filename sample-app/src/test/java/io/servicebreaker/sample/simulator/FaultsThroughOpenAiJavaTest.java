package io.servicebreaker.sample.simulator;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.spring.openai.GuardedOpenAi;
import io.servicebreaker.spring.openai.OpenAiAutoConfiguration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.ApplicationContext;

class FaultsThroughOpenAiJavaTest extends FaultsThroughClient {

    FaultsThroughOpenAiJavaTest() {
        super(OpenAiAutoConfiguration.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai", "perplexity"})
    void aStreamThatStallsIsATimeout(String provider) throws Exception {
        assertThatAStreamThatStallsIs(FailureCause.TIMEOUT, provider);
    }

    @Override
    void ask(ApplicationContext application, Question question) {
        client(application, question)
                .chat()
                .completions()
                .create(params(question))
                .validate();
    }

    @Override
    void stream(ApplicationContext application, Question question) {
        try (StreamResponse<ChatCompletionChunk> stream =
                client(application, question).chat().completions().createStreaming(params(question))) {
            stream.stream().forEach(piece -> {});
        }
    }

    private static OpenAIClient client(ApplicationContext application, Question question) {
        return application
                .getBean(GuardedOpenAi.class)
                .guard(
                        OpenAIOkHttpClient.builder()
                                .baseUrl(question.url())
                                .apiKey("sk-test")
                                .maxRetries(0)
                                .timeout(question.patience())
                                .build(),
                        question.service());
    }

    private static ChatCompletionCreateParams params(Question question) {
        return ChatCompletionCreateParams.builder()
                .model(question.model())
                .addUserMessage(Question.TEXT)
                .build();
    }
}
