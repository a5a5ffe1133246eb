package io.servicebreaker.spring.langchain4j;

import dev.langchain4j.http.client.HttpClientBuilder;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.provider.ErrorReader;
import io.servicebreaker.spring.DeclaredBeans;
import io.servicebreaker.spring.Exchanges;
import io.servicebreaker.spring.ReportedHeaders;
import io.servicebreaker.spring.ServiceBreakerAutoConfiguration;
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

    @Bean
    ErrorReader langChain4jErrorReader(ObjectProvider<ReportedHeaders> reported) {
        return new HttpExceptionReader(reported.getIfAvailable(() -> ReportedHeaders.USUAL));
    }

    @Bean
    GuardedHttpClients guardedHttpClients(Exchanges exchanges, ReportedHeaders reported, InternalFaults faults) {
        return new GuardedHttpClients(exchanges, new Hearing(reported, faults));
    }

    @Bean
    static BeanPostProcessor httpClientBuilderGuarding(
            ObjectProvider<GuardedHttpClients> guarded, ConfigurableListableBeanFactory beans) {
        return new BuilderBeans(guarded, new DeclaredBeans(beans, "GuardedHttpClients.guard"));
    }

    /** Guards the builders that are beans, by the addresses of their clients' requests. */
    private record BuilderBeans(ObjectProvider<GuardedHttpClients> guarded, DeclaredBeans beans)
            implements BeanPostProcessor {

        @Override
        public Object postProcessAfterInitialization(Object bean, String name) {
            return bean instanceof HttpClientBuilder builder && beans.mayBecome(HttpClientBuilder.class, name)
                    ? guarded.getObject().guard(builder)
                    : bean;
        }
    }
}
