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

/** Its client waits for ever for the next piece of a stream, so none of those that stall is driven. */
class FaultsThroughLangChain4jTest extends FaultsThroughClient {

    FaultsThroughLangChain4jTest() {
        super(LangChain4jAutoConfiguration.class);
    }

    @Override
    void ask(ApplicationContext application, Question question) {
        OpenAiChatModel.builder()
                .httpClientBuilder(application.getBean(GuardedHttpClients.class).builder(question.service()))
                .baseUrl(question.url())
                .apiKey("sk-test")
                .modelName(question.model())
                .maxRetries(0)
                .timeout(question.patience())
                .build()
                .chat(Question.TEXT);
    }

    @Override
    void stream(ApplicationContext application, Question question) throws Exception {
        CompletableFuture<ChatResponse> whole = new CompletableFuture<>();
        OpenAiStreamingChatModel.builder()
                .httpClientBuilder(application.getBean(GuardedHttpClients.class).builder(question.service()))
                .baseUrl(question.url())
                .apiKey("sk-test")
                .modelName(question.model())
                .timeout(question.patience())
                .build()
                .chat(Question.TEXT, new StreamingChatResponseHandler() {
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
