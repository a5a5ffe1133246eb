package io.servicebreaker.sample.simulator;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import io.servicebreaker.spring.langchain4j.GuardedHttpClients;
import io.servicebreaker.spring.langchain4j.LangChain4jAutoConfiguration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.springframework.context.ApplicationContext;

class FaultsThroughLangChain4jTest extends FaultsThroughClient {

    FaultsThroughLangChain4jTest() {
        super(LangChain4jAutoConfiguration.class);
    }

    @Override
    void ask(ApplicationContext application, String url) {
        OpenAiChatModel.builder()
                .httpClientBuilder(application.getBean(GuardedHttpClients.class).builder("openai"))
                .baseUrl(url)
                .apiKey("sk-test")
                .modelName(MODEL)
                .maxRetries(0)
                .timeout(PATIENCE)
                .build()
                .chat(QUESTION);
    }

    @Override
    void stream(ApplicationContext application, String url) throws Exception {
        CompletableFuture<ChatResponse> whole = new CompletableFuture<>();
        OpenAiStreamingChatModel.builder()
                .httpClientBuilder(application.getBean(GuardedHttpClients.class).builder("openai"))
                .baseUrl(url)
                .apiKey("sk-test")
                .modelName(MODEL)
                .timeout(PATIENCE)
                .build()
                .chat(QUESTION, new StreamingChatResponseHandler() {
                    @Override
                    public void onPartialResponse(String piece) {}

                    @Override
                    public void onCompleteResponse(ChatResponse response) {
                        whole.complete(response);
                    }

                    @Override
                    public void onError(Throwable error) {
                        whole.completeExceptionally(error);
                    }
                });
        whole.get(30, TimeUnit.SECONDS);
    }
}
