package io.servicebreaker.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CallRejected;
import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.call.PromptTokens;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.cost.Estimate;
import io.servicebreaker.event.Events;
import io.servicebreaker.spring.LocalProvider.Reply;
import io.servicebreaker.spring.http.HttpClientAutoConfiguration;
import io.servicebreaker.time.FakeTime;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.http.MediaType;
import org.springframework.web.client.RestClient;

/** When the tokens of prompts are counted, and how. */
class CountedPromptsTest {

    private static final String COST = "service-breaker.cost.";
    private static final String TEXT = "Why is the sky blue, and why is it red in the evening?";

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(ServiceBreakerAutoConfiguration.class))
            .withPropertyValues(
                    "service-breaker.services.openai.provider=openai",
                    "service-breaker.services.anthropic.provider=anthropic");

    @ParameterizedTest
    @CsvSource({"openai, gpt-5, 15", "openai, my-deployment, 15", "anthropic, gpt-5, 15", "anthropic, claude, 14"})
    void areCountedByOpenAisDictionaryForItsModelsAndByBytesForOthers(String service, String model, int tokens) {
        awaitDictionary();
        runner.withPropertyValues(COST + "budgets.daily=1").run(context -> {
            CallRequest request = CallRequest.to(service).model(model);

            assertThat(prompt(context, request).input()).isEqualTo(tokens);
        });
    }

    @Test
    void areReadByNobodyWhereNothingLimitsWhatTheServiceSpends() {
        runner.withPropertyValues(COST + "budgets.services.anthropic.daily=1", COST + "rules=")
                .run(context -> {
                    assertThat(prompt(context, CallRequest.to("openai"))).isNull();
                    assertThat(prompt(context, CallRequest.to("anthropic"))).isNotNull();
                });
        runner.run(
                context -> assertThat(prompt(context, CallRequest.to("openai"))).isNull());
        runner.withPropertyValues(
                        COST + "budgets.daily=1", "service-breaker.services.openai.coordinate-with-cost-breaker=false")
                .run(context ->
                        assertThat(prompt(context, CallRequest.to("openai"))).isNull());
    }

    @Test
    void areCountedWhereARuleLimitsWhatServicesSpend() {
        runner.withPropertyValues(COST + "rules[0].id=one", COST + "rules[0].type=operation", COST + "rules[0].value=1")
                .run(context ->
                        assertThat(prompt(context, CallRequest.to("openai"))).isNotNull());
    }

    @Test
    void thatCannotBeReadNeverFailACall() {
        runner.withPropertyValues(COST + "budgets.daily=1").run(context -> {
            CallRequest request = context.getBean(PromptCounter.class)
                    .add(CallRequest.to("openai").model("gpt-5"), text -> {
                        throw new IllegalStateException("somebody else's fault");
                    });

            Estimate estimate = context.getBean(ServiceCosts.class)
                    .of("openai")
                    .orElseThrow()
                    .estimate(request);

            assertThat(estimate.method()).isEqualTo(Estimate.Method.DEFAULT);
            assertThat(context.getBean(InternalFaults.class).count()).isEqualTo(1);
        });
    }

    @Test
    void areForgottenWhenACallIsRefusedBeforeAnybodyAsksForThem() {
        List<CallRejected> refusals = new CopyOnWriteArrayList<>();
        runner.withPropertyValues(COST + "budgets.daily=1").run(context -> {
            context.getBean(Events.class).subscribe(CallRejected.class, refusals::add);
            context.getBean(Breakers.class).breaker("openai").forceOpen("maintenance", null);
            CallRequest request = context.getBean(PromptCounter.class)
                    .add(CallRequest.to("openai").model("gpt-5"), text -> text.add(TEXT));

            assertThatExceptionOfType(CallRejectedException.class)
                    .isThrownBy(() -> context.getBean(CallOrchestrator.class).begin(request));

            await().until(() -> !refusals.isEmpty());
            assertThat(request.prompt()).isNotNull();
            assertThat(refusals.get(0).request().model()).isEqualTo("gpt-5");
            assertThat(refusals.get(0).request().prompt()).isNull();
        });
    }

    /** By default it would cost 0.01. */
    @Test
    void decideWhetherARequestIsSent() {
        try (LocalProvider provider = new LocalProvider(Reply.chat())) {
            GuardedWorld.application(provider, HttpClientAutoConfiguration.class, RestClientAutoConfiguration.class)
                    .withPropertyValues(
                            COST + "budgets.daily=0.05", COST + "prices.mini.input=1", COST + "prices.mini.output=1000")
                    .run(context -> {
                        RestClient client =
                                context.getBean(RestClient.Builder.class).build();

                        CallRejectedException refusal =
                                catchThrowableOfType(CallRejectedException.class, () -> ask(client, provider, 51));

                        assertThat(refusal.reason()).isEqualTo(RejectionReason.COST_BUDGET);
                        assertThat(provider.received()).isEmpty();
                        ask(client, provider, 49);
                        assertThat(provider.received()).hasSize(1);
                    });
        }
    }

    private static void ask(RestClient client, LocalProvider provider, int mostOutput) {
        client.post()
                .uri(provider.url() + "/v1/chat/completions")
                .contentType(MediaType.APPLICATION_JSON)
                .body("{\"model\":\"mini\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"max_tokens\":"
                        + mostOutput + "}")
                .retrieve()
                .body(String.class);
    }

    private static PromptTokens prompt(ApplicationContext context, CallRequest request) {
        return context.getBean(PromptCounter.class)
                .add(request, text -> text.add(TEXT))
                .prompt();
    }

    private static void awaitDictionary() {
        InternalFaults faults = new InternalFaults(new FakeTime());
        await().until(() -> OpenAiTokens.counter(faults) != TokenCounter.BY_BYTES);
    }
}
