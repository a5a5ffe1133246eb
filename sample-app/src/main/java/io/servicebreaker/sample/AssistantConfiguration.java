package io.servicebreaker.sample;

import io.servicebreaker.sample.AssistantProperties.Remote;
import io.servicebreaker.sample.simulator.Simulator;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;

/** An HTTP client for each remote service. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AssistantProperties.class)
class AssistantConfiguration {

    @Bean
    RestClient openAiClient(
            RestClient.Builder builder, AssistantProperties properties, ObjectProvider<Simulator> simulator) {
        Remote remote = properties.openAi();
        return builder.baseUrl(remote.baseUrl("openai", simulator))
                .defaultHeaders(headers -> headers.setBearerAuth(key(remote)))
                .build();
    }

    @Bean
    RestClient perplexityClient(
            RestClient.Builder builder, AssistantProperties properties, ObjectProvider<Simulator> simulator) {
        Remote remote = properties.perplexity();
        return builder.baseUrl(remote.baseUrl("perplexity", simulator))
                .defaultHeaders(headers -> headers.setBearerAuth(key(remote)))
                .build();
    }

    @Bean
    RestClient lightRagClient(
            RestClient.Builder builder, AssistantProperties properties, ObjectProvider<Simulator> simulator) {
        Remote remote = properties.lightRag();
        return builder.baseUrl(remote.baseUrl("lightrag", simulator))
                .defaultHeader("X-API-Key", key(remote))
                .build();
    }

    private static String key(Remote remote) {
        return remote.isReal() ? remote.key() : "simulated";
    }
}
