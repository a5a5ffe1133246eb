package io.servicebreaker.spring.openai;

import com.openai.client.OpenAIClient;
import com.openai.client.OpenAIClientAsync;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.provider.ErrorReader;
import io.servicebreaker.spring.DeclaredBeans;
import io.servicebreaker.spring.Exchanges;
import io.servicebreaker.spring.ReportedHeaders;
import io.servicebreaker.spring.ServiceBreakerAutoConfiguration;
import io.servicebreaker.spring.StreamingModels;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Guards the clients of OpenAI's SDK, if it is there. */
@AutoConfiguration(after = ServiceBreakerAutoConfiguration.class)
@ConditionalOnClass(name = "com.openai.client.OpenAIClient")
@ConditionalOnBooleanProperty(name = "service-breaker.enabled", matchIfMissing = true)
public final class OpenAiAutoConfiguration {

    @Bean
    ErrorReader openAiErrorReader(ObjectProvider<ReportedHeaders> reported) {
        return new OpenAiErrorReader(reported.getIfAvailable(() -> ReportedHeaders.USUAL));
    }

    @Bean
    GuardedOpenAi guardedOpenAi(Exchanges exchanges, ReportedHeaders reported, InternalFaults faults) {
        return new GuardedOpenAi(exchanges, reported, faults);
    }

    @Bean
    static BeanPostProcessor openAiClientGuarding(
            ObjectProvider<GuardedOpenAi> guarded, ConfigurableListableBeanFactory beans) {
        return new ClientBeans(guarded, new DeclaredBeans(beans, "GuardedOpenAi.guard"));
    }

    /** The clients that Spring AI keeps in its models. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "org.springframework.ai.openai.OpenAiChatModel")
    static class SpringAi {

        @Bean
        static BeanPostProcessor openAiChatModelGuarding(ObjectProvider<GuardedOpenAi> guarded) {
            return new StreamingModels<>(
                    OpenAiChatModel.class,
                    OpenAIClientAsync.class,
                    client -> guarded.getObject().guard(client));
        }
    }

    /** Guards the clients that are beans, by their addresses. */
    private record ClientBeans(ObjectProvider<GuardedOpenAi> guarded, DeclaredBeans beans)
            implements BeanPostProcessor {

        @Override
        public Object postProcessAfterInitialization(Object bean, String name) {
            if (bean instanceof OpenAIClient client && beans.mayBecome(OpenAIClient.class, name)) {
                return guarded.getObject().guard(client);
            }
            return bean instanceof OpenAIClientAsync client && beans.mayBecome(OpenAIClientAsync.class, name)
                    ? guarded.getObject().guard(client)
                    : bean;
        }
    }
}
