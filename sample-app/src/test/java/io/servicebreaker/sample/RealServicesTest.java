package io.servicebreaker.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.breaker.Breakers;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;

/** LightRAG and OpenAI are real, though nobody asks them anything; Perplexity is simulated. */
@SpringBootTest(
        webEnvironment = WebEnvironment.NONE,
        properties = {"simulator.port=0", "LIGHTRAG_URL=http://localhost:9621", "OPENAI_API_KEY=sk-test"})
class RealServicesTest {

    @Autowired
    private Breakers breakers;

    @Autowired
    private RemoteClients clients;

    @Autowired
    private AssistantProperties assistant;

    @Test
    void areSlowWhenTheirProviderSaysSo() {
        assertThat(slowAfter("lightrag")).hasSeconds(30);
        assertThat(slowAfter("openai")).hasSeconds(15);
        assertThat(slowAfter("perplexity")).hasSeconds(4);
    }

    @Test
    void areGivenMoreTimeToAnswer() {
        assertThat(clients.settings(assistant.lightRag()).readTimeout()).hasSeconds(140);
        assertThat(clients.settings(assistant.openAi()).readTimeout()).hasSeconds(25);
        assertThat(clients.settings(assistant.perplexity()).readTimeout()).hasSeconds(10);
    }

    private Duration slowAfter(String service) {
        return breakers.breaker(service).snapshot().settings().slowCallDuration();
    }
}
