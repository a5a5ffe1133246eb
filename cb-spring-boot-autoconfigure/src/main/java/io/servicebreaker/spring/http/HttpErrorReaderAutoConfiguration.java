package io.servicebreaker.spring.http;

import io.servicebreaker.provider.ErrorReader;
import io.servicebreaker.spring.ConfiguredServices;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
        ErrorReader restClientErrorReader(ObjectProvider<ConfiguredServices> services) {
            return new RestClientErrorReader(limitHeaders(services));
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "org.springframework.web.reactive.function.client.WebClientResponseException")
    static class WebClientReader {

        @Bean
        ErrorReader webClientErrorReader(ObjectProvider<ConfiguredServices> services) {
            return new WebClientErrorReader(limitHeaders(services));
        }
    }

    private static Set<String> limitHeaders(ObjectProvider<ConfiguredServices> services) {
        return services.stream()
                .flatMap(configured -> configured.all().stream())
                .flatMap(service -> service.provider().limits().stream())
                .flatMap(limit -> Stream.of(limit.remaining(), limit.reset()))
                .map(name -> name.toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
    }
}
