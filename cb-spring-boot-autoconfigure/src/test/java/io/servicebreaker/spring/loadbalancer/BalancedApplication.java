package io.servicebreaker.spring.loadbalancer;

import io.servicebreaker.spring.LocalProvider;
import io.servicebreaker.spring.ServiceBreakerAutoConfiguration;
import io.servicebreaker.spring.http.HttpClientAutoConfiguration;
import io.servicebreaker.spring.http.HttpErrorReaderAutoConfiguration;
import io.servicebreaker.time.FakeTime;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientBuilderConfigurer;
import org.springframework.boot.restclient.autoconfigure.RestTemplateAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestTemplateBuilderConfigurer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.webclient.WebClientCustomizer;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.cloud.client.CommonsClientAutoConfiguration;
import org.springframework.cloud.client.ReactiveCommonsClientAutoConfiguration;
import org.springframework.cloud.client.discovery.composite.CompositeDiscoveryClientAutoConfiguration;
import org.springframework.cloud.client.discovery.composite.reactive.ReactiveCompositeDiscoveryClientAutoConfiguration;
import org.springframework.cloud.client.discovery.simple.SimpleDiscoveryClientAutoConfiguration;
import org.springframework.cloud.client.discovery.simple.reactive.SimpleReactiveDiscoveryClientAutoConfiguration;
import org.springframework.cloud.client.loadbalancer.LoadBalanced;
import org.springframework.cloud.client.loadbalancer.LoadBalancerAutoConfiguration;
import org.springframework.cloud.client.loadbalancer.reactive.LoadBalancerBeanPostProcessorAutoConfiguration;
import org.springframework.cloud.client.loadbalancer.reactive.ReactorLoadBalancerClientAutoConfiguration;
import org.springframework.cloud.commons.util.UtilAutoConfiguration;
import org.springframework.cloud.configuration.CompatibilityVerifierAutoConfiguration;
import org.springframework.cloud.loadbalancer.config.BlockingLoadBalancerClientAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.client.reactive.JdkClientHttpConnector;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.reactive.function.client.WebClient;

/** An application whose clients know services by name, some made as Spring Boot and some as Spring Cloud has them. */
@Configuration(proxyBeanMethods = false)
class BalancedApplication {

    /** Kinds of clients. */
    enum Kind {
        REST_CLIENT,
        BOOT_REST_CLIENT,
        REST_TEMPLATE,
        BOOT_REST_TEMPLATE,
        WEB_CLIENT,
        BOOT_WEB_CLIENT;

        /** Asks a service for an answer as text. */
        String ask(ApplicationContext context, String url) {
            return switch (this) {
                case REST_CLIENT -> blocking(context, "restClients", url);
                case BOOT_REST_CLIENT -> blocking(context, "bootRestClients", url);
                case REST_TEMPLATE ->
                    context.getBean("restTemplate", RestTemplate.class).getForObject(url, String.class);
                case BOOT_REST_TEMPLATE ->
                    context.getBean("bootRestTemplates", RestTemplateBuilder.class)
                            .build()
                            .getForObject(url, String.class);
                case WEB_CLIENT -> reactive(context, "webClients", url);
                case BOOT_WEB_CLIENT -> reactive(context, "bootWebClients", url);
            };
        }

        private static String blocking(ApplicationContext context, String builder, String url) {
            return context.getBean(builder, RestClient.Builder.class)
                    .build()
                    .get()
                    .uri(url)
                    .retrieve()
                    .body(String.class);
        }

        private static String reactive(ApplicationContext context, String builder, String url) {
            return context.getBean(builder, WebClient.Builder.class)
                    .build()
                    .get()
                    .uri(url)
                    .retrieve()
                    .bodyToMono(String.class)
                    .block();
        }
    }

    @Bean
    @LoadBalanced
    RestClient.Builder restClients() {
        return RestClient.builder().requestFactory(new JdkClientHttpRequestFactory());
    }

    @Bean
    @LoadBalanced
    RestClient.Builder bootRestClients(RestClientBuilderConfigurer configurer) {
        return configurer.configure(RestClient.builder());
    }

    @Bean
    @LoadBalanced
    RestTemplate restTemplate() {
        return new RestTemplate(new JdkClientHttpRequestFactory());
    }

    @Bean
    @LoadBalanced
    RestTemplateBuilder bootRestTemplates(RestTemplateBuilderConfigurer configurer) {
        return configurer.configure(new RestTemplateBuilder());
    }

    @Bean
    @LoadBalanced
    WebClient.Builder webClients() {
        return WebClient.builder().clientConnector(new JdkClientHttpConnector());
    }

    @Bean
    @LoadBalanced
    WebClient.Builder bootWebClients(ObjectProvider<WebClientCustomizer> customizers) {
        WebClient.Builder builder = WebClient.builder();
        customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
        return builder;
    }

    /** Instances are found under a name. */
    static ApplicationContextRunner found(ApplicationContextRunner runner, String service, LocalProvider... instances) {
        ApplicationContextRunner with = runner;
        for (int i = 0; i < instances.length; i++) {
            String property = "spring.cloud.discovery.client.simple.instances." + service + "[" + i + "].";
            with = with.withPropertyValues(
                    property + "uri=" + instances[i].url(), property + "instance-id=" + service + "-" + i);
        }
        return with;
    }

    static ApplicationContextRunner runner() {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        ServiceBreakerAutoConfiguration.class,
                        io.servicebreaker.spring.loadbalancer.LoadBalancerAutoConfiguration.class,
                        HttpErrorReaderAutoConfiguration.class,
                        HttpClientAutoConfiguration.class,
                        ImperativeHttpClientAutoConfiguration.class,
                        ReactiveHttpClientAutoConfiguration.class,
                        RestClientAutoConfiguration.class,
                        RestTemplateAutoConfiguration.class,
                        WebClientAutoConfiguration.class,
                        UtilAutoConfiguration.class,
                        CompatibilityVerifierAutoConfiguration.class,
                        CommonsClientAutoConfiguration.class,
                        ReactiveCommonsClientAutoConfiguration.class,
                        CompositeDiscoveryClientAutoConfiguration.class,
                        ReactiveCompositeDiscoveryClientAutoConfiguration.class,
                        SimpleDiscoveryClientAutoConfiguration.class,
                        SimpleReactiveDiscoveryClientAutoConfiguration.class,
                        LoadBalancerAutoConfiguration.class,
                        LoadBalancerBeanPostProcessorAutoConfiguration.class,
                        ReactorLoadBalancerClientAutoConfiguration.class,
                        org.springframework.cloud.loadbalancer.config.LoadBalancerAutoConfiguration.class,
                        BlockingLoadBalancerClientAutoConfiguration.class))
                .withUserConfiguration(BalancedApplication.class)
                .withBean(FakeTime.class)
                .withPropertyValues(
                        "service-breaker.integration.load-balancer=true",
                        "service-breaker.services.inventory.endpoint-patterns=http://inventory/**",
                        "service-breaker.services.inventory.failure-threshold=4",
                        "service-breaker.services.inventory.recovery-jitter=0",
                        "service-breaker.services.inventory.half-open-max-requests=1",
                        "spring.http.clients.imperative.factory=jdk",
                        "spring.http.clients.reactive.connector=jdk");
    }
}
