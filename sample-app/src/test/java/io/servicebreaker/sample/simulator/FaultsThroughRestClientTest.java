package io.servicebreaker.sample.simulator;

import io.servicebreaker.call.FailureCause;
import io.servicebreaker.spring.http.HttpClientAutoConfiguration;
import io.servicebreaker.spring.http.HttpErrorReaderAutoConfiguration;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.http.MediaType;
import org.springframework.web.client.RestClient;

class FaultsThroughRestClientTest extends FaultsThroughHttpClient {

    FaultsThroughRestClientTest() {
        super(
                RestClientAutoConfiguration.class,
                HttpClientAutoConfiguration.class,
                HttpErrorReaderAutoConfiguration.class);
    }

    /** The client of the JDK says of it no more than that it is closed. */
    @ParameterizedTest
    @ValueSource(strings = {"openai", "perplexity", "lightrag"})
    void aStreamThatStallsIsABrokenConnection(String provider) throws Exception {
        assertThatAStreamThatStallsIs(FailureCause.CONNECTION, provider);
    }

    @Override
    void ask(ApplicationContext application, Question question) {
        request(application, question, Way.ASK).retrieve().body(String.class);
    }

    @Override
    void stream(ApplicationContext application, Question question) {
        request(application, question, Way.STREAM).exchange((sent, response) -> {
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(response.getBody(), StandardCharsets.UTF_8))) {
                return lines.lines().count();
            }
        });
    }

    private static RestClient.RequestBodySpec request(ApplicationContext application, Question question, Way way) {
        return application
                .getBean(RestClient.Builder.class)
                .requestFactory(ClientHttpRequestFactoryBuilder.jdk()
                        .build(HttpClientSettings.defaults().withReadTimeout(question.patience())))
                .build()
                .post()
                .uri(address(question, way))
                .header("Authorization", "Bearer sk-test")
                .contentType(MediaType.APPLICATION_JSON)
                .body(body(question, way));
    }
}
