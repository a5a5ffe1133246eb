package io.servicebreaker.spring.openai;

import com.openai.client.OpenAIClient;
import com.openai.client.OpenAIClientAsync;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.provider.ErrorReader;
import io.servicebreaker.spring.Exchanges;
import io.servicebreaker.spring.ReportedHeaders;
import io.servicebreaker.spring.ServiceBreakerAutoConfiguration;
import io.servicebreaker.spring.StreamingModels;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.beans.factory.FactoryBean;
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

    private static final Logger log = LoggerFactory.getLogger(OpenAiAutoConfiguration.class);

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
    static BeanPostProcessor openAiClientGuarding(
            ObjectProvider<GuardedOpenAi> guarded, ConfigurableListableBeanFactory beans) {
        return new ClientBeans(guarded, beans, ConcurrentHashMap.newKeySet());
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
    private record ClientBeans(
            ObjectProvider<GuardedOpenAi> guarded, ConfigurableListableBeanFactory beans, Set<String> told)
            implements BeanPostProcessor {

        @Override
        public Object postProcessAfterInitialization(Object bean, String name) {
            if (bean instanceof OpenAIClient client && mayBecome(OpenAIClient.class, name)) {
                return guarded.getObject().guard(client);
            }
            return bean instanceof OpenAIClientAsync client && mayBecome(OpenAIClientAsync.class, name)
                    ? guarded.getObject().guard(client)
                    : bean;
        }

        /** Whoever asks for it by the type that it was declared with must still find it. */
        private boolean mayBecome(Class<?> type, String name) {
            Class<?> declared = declaredType(name);
            if (declared == null || declared.isAssignableFrom(type)) {
                return true;
            }
            if (told.add(name)) {
                log.warn(
                        "Bean '{}' is not guarded, since it is declared as {}: declare it as {}, or use what GuardedOpenAi.guard makes of it",
                        name,
                        declared.getName(),
                        type.getSimpleName());
            }
            return false;
        }

        private @Nullable Class<?> declaredType(String name) {
            Class<?> type = beans.containsBeanDefinition(name)
                    ? beans.getMergedBeanDefinition(name).getResolvableType().resolve()
                    : null;
            return type == null || FactoryBean.class.isAssignableFrom(type) ? null : type;
        }
    }
}
