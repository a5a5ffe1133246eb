package io.servicebreaker.spring.langchain4j;

import dev.langchain4j.http.client.HttpClientBuilder;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.provider.ErrorReader;
import io.servicebreaker.spring.Exchanges;
import io.servicebreaker.spring.ReportedHeaders;
import io.servicebreaker.spring.ServiceBreakerAutoConfiguration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/** Guards the HTTP clients of LangChain4j, if it is there. */
@AutoConfiguration(after = ServiceBreakerAutoConfiguration.class)
@ConditionalOnClass(
        name = {"dev.langchain4j.http.client.HttpClientBuilder", "dev.langchain4j.exception.NonRetriableException"})
@ConditionalOnBooleanProperty(name = "service-breaker.enabled", matchIfMissing = true)
public final class LangChain4jAutoConfiguration {

    private static final Logger log = LoggerFactory.getLogger(LangChain4jAutoConfiguration.class);

    @Bean
    ErrorReader langChain4jErrorReader(ObjectProvider<ReportedHeaders> reported) {
        return new HttpExceptionReader(reported.getIfAvailable(() -> ReportedHeaders.USUAL));
    }

    @Bean
    GuardedHttpClients guardedHttpClients(
            Exchanges exchanges, Breakers breakers, ReportedHeaders reported, InternalFaults faults) {
        return new GuardedHttpClients(exchanges, breakers, new Hearing(reported, faults));
    }

    @Bean
    static BeanPostProcessor httpClientBuilderGuarding(
            ObjectProvider<GuardedHttpClients> guarded, ConfigurableListableBeanFactory beans) {
        return new BuilderBeans(guarded, beans, ConcurrentHashMap.newKeySet());
    }

    /** Guards the builders that are beans, by the addresses of their clients' requests. */
    private record BuilderBeans(
            ObjectProvider<GuardedHttpClients> guarded, ConfigurableListableBeanFactory beans, Set<String> told)
            implements BeanPostProcessor {

        @Override
        public Object postProcessAfterInitialization(Object bean, String name) {
            return bean instanceof HttpClientBuilder builder && mayBecome(HttpClientBuilder.class, name)
                    ? guarded.getObject().guard(builder)
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
                        "Bean '{}' is not guarded, since it is declared as {}: declare it as {}, or use what GuardedHttpClients.guard makes of it",
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
