package io.servicebreaker.spring.web;

import io.servicebreaker.spring.ServiceBreakerAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Problem documents for refused calls. */
@AutoConfiguration(after = ServiceBreakerAutoConfiguration.class)
@ConditionalOnWebApplication
@ConditionalOnClass(RestControllerAdvice.class)
@ConditionalOnBooleanProperty(
        name = {"service-breaker.enabled", "service-breaker.web.problem-details"},
        matchIfMissing = true)
public final class ServiceBreakerWebAutoConfiguration {

    @Bean
    RefusedCallAdvice serviceBreakerRefusedCallAdvice() {
        return new RefusedCallAdvice();
    }
}
