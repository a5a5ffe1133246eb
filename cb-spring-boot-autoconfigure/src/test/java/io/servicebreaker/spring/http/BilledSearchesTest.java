package io.servicebreaker.spring.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.cost.Period;
import io.servicebreaker.spring.GuardedWorld;
import io.servicebreaker.spring.LocalProvider;
import io.servicebreaker.spring.LocalProvider.Reply;
import io.servicebreaker.spring.ServiceCosts;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.web.client.RestClient;

/** What searches cost that models make, by the bundled prices. */
class BilledSearchesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "perplexity | {\"model\":\"sonar-deep-research\",\"usage\":{\"num_search_queries\":20}} | 0.1",
                "anthropic | {\"type\":\"message\",\"model\":\"claude-haiku-4-5\",\"usage\":"
                        + "{\"input_tokens\":1000,\"server_tool_use\":{\"web_search_requests\":2}}} | 0.021",
                "openai | {\"model\":\"gpt-5-mini-2026\",\"output\":[{\"type\":\"web_search_call\","
                        + "\"action\":{\"type\":\"search\"}}],\"usage\":{\"input_tokens\":1000}} | 0.01025"
            })
    void areBookedWhenTheCallEnds(String profile, String answer, String cost) {
        try (LocalProvider provider = new LocalProvider(Reply.json(200, answer))) {
            GuardedWorld.application(provider, HttpClientAutoConfiguration.class, RestClientAutoConfiguration.class)
                    .withPropertyValues("service-breaker.services.openai.provider=" + profile)
                    .run(context -> {
                        RestClient client =
                                context.getBean(RestClient.Builder.class).build();

                        client.get().uri(provider.url()).retrieve().body(String.class);

                        assertThat(context.getBean(ServiceCosts.class)
                                        .budgets()
                                        .total(Period.DAILY)
                                        .spent())
                                .hasToString(cost);
                    });
        }
    }
}
