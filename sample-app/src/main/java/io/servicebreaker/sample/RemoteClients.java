package io.servicebreaker.sample;

import io.servicebreaker.sample.AssistantProperties.Remote;
import io.servicebreaker.sample.simulator.Simulator;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;

/** Begins HTTP clients of remote services: their address, and how long they may take. */
@Component
class RemoteClients {

    private final ObjectProvider<RestClient.Builder> builders;
    private final ClientHttpRequestFactoryBuilder<?> factories;
    private final HttpClientSettings simulated;
    private final ObjectProvider<Simulator> simulator;

    RemoteClients(
            ObjectProvider<RestClient.Builder> builders,
            ClientHttpRequestFactoryBuilder<?> factories,
            HttpClientSettings settings,
            ObjectProvider<Simulator> simulator) {
        this.builders = builders;
        this.factories = factories;
        this.simulated = settings;
        this.simulator = simulator;
    }

    RestClient.Builder to(String provider, Remote remote) {
        return builders.getObject()
                .baseUrl(remote.baseUrl(provider, simulator))
                .requestFactory(factories.build(settings(remote)));
    }

    HttpClientSettings settings(Remote remote) {
        return remote.isReal() ? simulated.withReadTimeout(remote.readTimeout()) : simulated;
    }
}
