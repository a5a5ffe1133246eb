package io.servicebreaker.spring.http;

import io.servicebreaker.provider.ErrorReader;
import io.servicebreaker.spring.ReportedHeaders;
import org.springframework.beans.factory.ObjectProvider;
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
        ErrorReader restClientErrorReader(ObjectProvider<ReportedHeaders> reported) {
            return new RestClientErrorReader(reported.getIfAvailable(() -> ReportedHeaders.USUAL));
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "org.springframework.web.reactive.function.client.WebClientResponseException")
    static class WebClientReader {

        @Bean
        ErrorReader webClientErrorReader(ObjectProvider<ReportedHeaders> reported) {
            return new WebClientErrorReader(reported.getIfAvailable(() -> ReportedHeaders.USUAL));
        }
    }
}
