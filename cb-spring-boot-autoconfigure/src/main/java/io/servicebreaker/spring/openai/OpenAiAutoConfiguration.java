package io.servicebreaker.spring.openai;

import com.openai.client.OpenAIClient;
import com.openai.client.OpenAIClientAsync;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.provider.ErrorReader;
import io.servicebreaker.spring.Exchanges;
import io.servicebreaker.spring.ReportedHeaders;
import io.servicebreaker.spring.ServiceBreakerAutoConfiguration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

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
    GuardedOpenAi guardedOpenAi(
            Exchanges exchanges, Breakers breakers, ReportedHeaders reported, InternalFaults faults) {
        return new GuardedOpenAi(exchanges, breakers, reported, faults);
    }

    @Bean
    static BeanPostProcessor openAiClientGuarding(ObjectProvider<GuardedOpenAi> guarded) {
        return new ClientBeans(guarded);
    }

    /** Guards the clients that are beans, by their addresses. */
    private record ClientBeans(ObjectProvider<GuardedOpenAi> guarded) implements BeanPostProcessor {

        @Override
        public Object postProcessAfterInitialization(Object bean, String name) {
            if (bean instanceof OpenAIClient client) {
                return guarded.getObject().guard(client);
            }
            return bean instanceof OpenAIClientAsync client
                    ? guarded.getObject().guard(client)
                    : bean;
        }
    }
}
