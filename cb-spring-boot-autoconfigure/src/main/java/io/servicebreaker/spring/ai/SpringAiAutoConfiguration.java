package io.servicebreaker.spring.ai;

import com.anthropic.client.AnthropicClientAsync;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.provider.ErrorReader;
import io.servicebreaker.provider.StreamContent;
import io.servicebreaker.spring.ConfiguredServices;
import io.servicebreaker.spring.Exchanges;
import io.servicebreaker.spring.PromptCounter;
import io.servicebreaker.spring.ReportedHeaders;
import io.servicebreaker.spring.ServiceBreakerAutoConfiguration;
import io.servicebreaker.spring.StreamingModels;
import org.springframework.ai.anthropic.AnthropicChatModel;
import org.springframework.ai.anthropic.http.okhttp.AnthropicHttpClientBuilderCustomizer;
import org.springframework.ai.openai.http.okhttp.OpenAiHttpClientBuilderCustomizer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Guards the models of Spring AI, as far as its modules are there. */
@AutoConfiguration(after = ServiceBreakerAutoConfiguration.class)
@ConditionalOnClass(name = "org.springframework.ai.chat.model.ChatModel")
@ConditionalOnBooleanProperty(name = "service-breaker.enabled", matchIfMissing = true)
public final class SpringAiAutoConfiguration {

    @Bean
    ErrorReader springAiErrorReader() {
        return new AiErrorReader();
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(
            name = {"org.springframework.ai.chat.client.advisor.api.CallAdvisor", "reactor.core.publisher.Flux"})
    static class Chat {

        @Bean
        GuardedChat guardedChat(
                CallOrchestrator orchestrator,
                Breakers breakers,
                ConfiguredServices services,
                PromptCounter prompts,
                InternalFaults faults) {
            return new GuardedChat(orchestrator, breakers, services, prompts, faults);
        }

        @Bean
        StreamContent chatStreamContent() {
            return new ChatContent();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(
            name = {"org.springframework.ai.openai.http.okhttp.OpenAiHttpClientBuilderCustomizer", "okhttp3.Interceptor"
            })
    static class OpenAi {

        @Bean
        OpenAiHttpClientBuilderCustomizer guardedOpenAiHttpClient(
                Exchanges exchanges, ReportedHeaders reported, InternalFaults faults) {
            AttemptInterceptor interceptor = new AttemptInterceptor(exchanges, reported, faults);
            return builder -> builder.interceptor(interceptor);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(
            name = {
                "org.springframework.ai.anthropic.http.okhttp.AnthropicHttpClientBuilderCustomizer",
                "com.anthropic.client.AnthropicClientAsync",
                "okhttp3.Interceptor"
            })
    static class Anthropic {

        @Bean
        AnthropicHttpClientBuilderCustomizer guardedAnthropicHttpClient(
                Exchanges exchanges, ReportedHeaders reported, InternalFaults faults) {
            AttemptInterceptor interceptor = new AttemptInterceptor(exchanges, reported, faults);
            return builder -> builder.interceptor(interceptor);
        }

        @Bean
        StreamThreads serviceBreakerStreamThreads() {
            return new StreamThreads();
        }

        @Bean
        static BeanPostProcessor anthropicChatModelGuarding(ObjectProvider<StreamThreads> threads) {
            return new StreamingModels<>(
                    AnthropicChatModel.class,
                    AnthropicClientAsync.class,
                    client -> new AnthropicStreams(threads.getObject()).guard(client));
        }

        @Bean
        ErrorReader anthropicErrorReader(ObjectProvider<ReportedHeaders> reported) {
            return new AnthropicErrorReader(reported.getIfAvailable(() -> ReportedHeaders.USUAL));
        }
    }
}
