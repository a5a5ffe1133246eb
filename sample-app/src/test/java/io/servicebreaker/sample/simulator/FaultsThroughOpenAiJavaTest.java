package io.servicebreaker.sample.simulator;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import io.servicebreaker.spring.openai.GuardedOpenAi;
import io.servicebreaker.spring.openai.OpenAiAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.springframework.context.ApplicationContext;

class FaultsThroughOpenAiJavaTest extends FaultsThroughClient {

    private static final ChatCompletionCreateParams PARAMS = ChatCompletionCreateParams.builder()
            .model(MODEL)
            .addUserMessage(QUESTION)
            .build();

    FaultsThroughOpenAiJavaTest() {
        super(OpenAiAutoConfiguration.class);
    }

    @Test
    void aStreamThatStallsIsATimeout() throws Exception {
        assertThatAStreamThatStallsIsATimeout();
    }

    @Override
    void ask(ApplicationContext application, String url) {
        client(application, url).chat().completions().create(PARAMS).validate();
    }

    @Override
    void stream(ApplicationContext application, String url) {
        try (StreamResponse<ChatCompletionChunk> stream =
                client(application, url).chat().completions().createStreaming(PARAMS)) {
            stream.stream().forEach(piece -> {});
        }
    }

    private static OpenAIClient client(ApplicationContext application, String url) {
        return application
                .getBean(GuardedOpenAi.class)
                .guard(
                        OpenAIOkHttpClient.builder()
                                .baseUrl(url)
                                .apiKey("sk-test")
                                .maxRetries(0)
                                .timeout(PATIENCE)
                                .build(),
                        "openai");
    }
}
