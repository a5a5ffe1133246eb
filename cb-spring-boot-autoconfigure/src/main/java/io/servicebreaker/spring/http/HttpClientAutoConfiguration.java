package io.servicebreaker.spring.http;

import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.spring.Exchanges;
import io.servicebreaker.spring.ReportedHeaders;
import io.servicebreaker.spring.ServiceBreakerAutoConfiguration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.restclient.RestClientCustomizer;
import org.springframework.boot.restclient.RestTemplateCustomizer;
import org.springframework.boot.webclient.WebClientCustomizer;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.reactive.function.client.WebClient;

/** Guards what the HTTP clients send that are made with the builders of Spring Boot. */
@AutoConfiguration(after = ServiceBreakerAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "service-breaker.enabled", matchIfMissing = true)
public final class HttpClientAutoConfiguration {

    private static HttpExchanges exchanges(
            ObjectProvider<Exchanges> exchanges,
            ObjectProvider<ReportedHeaders> reported,
            ObjectProvider<FallbackHeaders> headers,
            InternalFaults faults) {
        return new HttpExchanges(
                SingletonSupplier.of(exchanges::getObject),
                SingletonSupplier.of(() -> reported.getIfAvailable(() -> ReportedHeaders.USUAL)),
                SingletonSupplier.of(() -> headers.orderedStream().toList()),
                faults);
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "org.springframework.http.client.ClientHttpRequestInterceptor")
    static class Requests {

        @Bean
        @ConditionalOnMissingBean
        GuardedRequests serviceBreakerRequests(
                ObjectProvider<Exchanges> exchanges,
                ObjectProvider<ReportedHeaders> reported,
                ObjectProvider<FallbackHeaders> headers,
                InternalFaults faults) {
            return new GuardedRequests(exchanges(exchanges, reported, headers, faults));
        }
    }

    /**
     * The last of the interceptors is the one nearest to the network, which sees each attempt of those before. Only a load
     * balancer comes after it, whose instances have addresses that nobody has configured.
     */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(
            name = {
                "org.springframework.boot.restclient.RestClientCustomizer",
                "org.springframework.http.client.ClientHttpRequestInterceptor",
                "org.springframework.web.client.RestClient"
            })
    @ConditionalOnBooleanProperty(name = "service-breaker.http-clients.enabled", matchIfMissing = true)
    static class RestClients {

        @Bean
        @Order(Ordered.LOWEST_PRECEDENCE)
        RestClientCustomizer serviceBreakerRestClients(GuardedRequests requests) {
            return builder -> builder.requestInterceptors(all -> InOrder.add(requests, all));
        }

        @Bean
        @Order(Ordered.LOWEST_PRECEDENCE)
        RestTemplateCustomizer serviceBreakerRestTemplates(GuardedRequests requests) {
            return template -> InOrder.add(requests, template.getInterceptors());
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(
            name = {
                "org.springframework.web.reactive.function.client.ExchangeFilterFunction",
                "reactor.core.publisher.Mono"
            })
    static class ReactiveExchanges {

        @Bean
        @ConditionalOnMissingBean
        GuardedExchanges serviceBreakerReactiveExchanges(
                ObjectProvider<Exchanges> exchanges,
                ObjectProvider<ReportedHeaders> reported,
                ObjectProvider<FallbackHeaders> headers,
                InternalFaults faults) {
            return new GuardedExchanges(exchanges(exchanges, reported, headers, faults));
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(
            name = {
                "org.springframework.boot.webclient.WebClientCustomizer",
                "org.springframework.web.reactive.function.client.ExchangeFilterFunction",
                "reactor.core.publisher.Mono"
            })
    @ConditionalOnBooleanProperty(name = "service-breaker.http-clients.enabled", matchIfMissing = true)
    static class WebClients {

        @Bean
        @Order(Ordered.LOWEST_PRECEDENCE)
        WebClientCustomizer serviceBreakerWebClients(GuardedExchanges exchanges) {
            return builder ->
                    builder.filters(all -> InOrder.add(exchanges, all)).defaultRequest(GuardedExchanges::remember);
        }
    }

    /** Clients for a load balancer are often made without Spring Boot's builders, as its documentation has them. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(
            name = {
                "org.springframework.cloud.client.loadbalancer.LoadBalanced",
                "org.springframework.web.client.RestClient"
            })
    @ConditionalOnBooleanProperty("service-breaker.integration.load-balancer")
    @ConditionalOnBooleanProperty(name = "service-breaker.http-clients.enabled", matchIfMissing = true)
    static class BalancedRequests {

        @Bean
        static BalancedClients<RestClient.Builder> serviceBreakerBalancedRestClients(
                ApplicationContext application, ObjectProvider<GuardedRequests> requests) {
            return new BalancedClients<>(
                    RestClient.Builder.class,
                    application,
                    builder -> builder.requestInterceptors(all -> InOrder.add(requests.getObject(), all)));
        }

        @Bean
        static BalancedClients<RestTemplate> serviceBreakerBalancedRestTemplates(
                ApplicationContext application, ObjectProvider<GuardedRequests> requests) {
            return new BalancedClients<>(
                    RestTemplate.class,
                    application,
                    template -> InOrder.add(requests.getObject(), template.getInterceptors()));
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(
            name = {
                "org.springframework.cloud.client.loadbalancer.LoadBalanced",
                "org.springframework.web.reactive.function.client.ExchangeFilterFunction",
                "reactor.core.publisher.Mono"
            })
    @ConditionalOnBooleanProperty("service-breaker.integration.load-balancer")
    @ConditionalOnBooleanProperty(name = "service-breaker.http-clients.enabled", matchIfMissing = true)
    static class BalancedExchanges {

        @Bean
        static BalancedClients<WebClient.Builder> serviceBreakerBalancedWebClients(
                ApplicationContext application, ObjectProvider<GuardedExchanges> exchanges) {
            return new BalancedClients<>(
                    WebClient.Builder.class,
                    application,
                    builder -> builder.filters(all -> InOrder.add(exchanges.getObject(), all))
                            .defaultRequest(GuardedExchanges::remember));
        }
    }
}
