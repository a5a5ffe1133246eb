package io.servicebreaker.sample.simulator;

import io.servicebreaker.call.FailureCause;
import io.servicebreaker.spring.http.HttpClientAutoConfiguration;
import io.servicebreaker.spring.http.HttpErrorReaderAutoConfiguration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.client.WebClient;

class FaultsThroughWebClientTest extends FaultsThroughHttpClient {

    FaultsThroughWebClientTest() {
        super(
                WebClientAutoConfiguration.class,
                HttpClientAutoConfiguration.class,
                HttpErrorReaderAutoConfiguration.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai", "perplexity", "lightrag"})
    void aStreamThatStallsIsATimeout(String provider) throws Exception {
        assertThatAStreamThatStallsIs(FailureCause.TIMEOUT, provider);
    }

    /** The request has not been written when the breaker is asked. */
    @Override
    boolean namesTheModel() {
        return false;
    }

    @Override
    void ask(ApplicationContext application, Question question) {
        answer(application, question, Way.ASK).bodyToMono(String.class).block();
    }

    @Override
    void stream(ApplicationContext application, Question question) {
        answer(application, question, Way.STREAM).bodyToFlux(String.class).blockLast();
    }

    private static WebClient.ResponseSpec answer(ApplicationContext application, Question question, Way way) {
        return application
                .getBean(WebClient.Builder.class)
                .clientConnector(ClientHttpConnectorBuilder.reactor()
                        .build(HttpClientSettings.defaults().withReadTimeout(question.patience())))
                .build()
                .post()
                .uri(address(question, way))
                .header("Authorization", "Bearer sk-test")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(body(question, way))
                .retrieve();
    }
}
