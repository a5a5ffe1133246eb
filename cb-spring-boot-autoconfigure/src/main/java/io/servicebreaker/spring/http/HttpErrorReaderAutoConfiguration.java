package io.servicebreaker.spring.http;

import io.servicebreaker.provider.ErrorReader;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Readers for the exceptions of the HTTP clients that are there. */
@AutoConfiguration
@ConditionalOnBooleanProperty(name = "service-breaker.enabled", matchIfMissing = true)
public final class HttpErrorReaderAutoConfiguration {

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "org.springframework.web.client.RestClientResponseException")
    static class RestClientReader {

        @Bean
        ErrorReader restClientErrorReader() {
            return new RestClientErrorReader();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "org.springframework.web.reactive.function.client.WebClientResponseException")
    static class WebClientReader {

        @Bean
        ErrorReader webClientErrorReader() {
            return new WebClientErrorReader();
        }
    }
}
