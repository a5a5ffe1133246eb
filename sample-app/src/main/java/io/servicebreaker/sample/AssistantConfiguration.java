package io.servicebreaker.sample;

import io.servicebreaker.sample.AssistantProperties.Remote;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;

/** An HTTP client for each remote service. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AssistantProperties.class)
class AssistantConfiguration {

    @Bean
    RestClient openAiClient(RemoteClients clients, AssistantProperties properties) {
        return withBearer(clients, "openai", properties.openAi());
    }

    @Bean
    RestClient perplexityClient(RemoteClients clients, AssistantProperties properties) {
        return withBearer(clients, "perplexity", properties.perplexity());
    }

    @Bean
    RestClient lightRagClient(RemoteClients clients, AssistantProperties properties) {
        Remote remote = properties.lightRag();
        return clients.to("lightrag", remote)
                .defaultHeader("X-API-Key", key(remote))
                .build();
    }

    private static RestClient withBearer(RemoteClients clients, String provider, Remote remote) {
        return clients.to(provider, remote)
                .defaultHeaders(headers -> headers.setBearerAuth(key(remote)))
                .build();
    }

    private static String key(Remote remote) {
        return remote.isReal() ? remote.key() : "simulated";
    }
}
