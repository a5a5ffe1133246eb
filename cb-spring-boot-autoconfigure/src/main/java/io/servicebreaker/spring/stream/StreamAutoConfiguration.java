package io.servicebreaker.spring.stream;

import io.servicebreaker.provider.StreamContent;
import io.servicebreaker.provider.StreamErrorReader;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the elements of streams are, as far as Spring knows them. */
@AutoConfiguration
@ConditionalOnBooleanProperty(name = "service-breaker.enabled", matchIfMissing = true)
public final class StreamAutoConfiguration {

    StreamAutoConfiguration() {}

    @Bean
    static StreamContent plainStreamContent() {
        return new PlainContent();
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "org.springframework.http.codec.ServerSentEvent")
    static class ServerSentEvents {

        @Bean
        static StreamContent eventStreamContent() {
            return new EventContent();
        }

        @Bean
        static StreamErrorReader eventStreamErrorReader() {
            return new EventErrors();
        }
    }
}
