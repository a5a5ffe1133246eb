package io.servicebreaker.spring.aop;

import static io.servicebreaker.call.DegradationLevel.FULL;
import static io.servicebreaker.call.DegradationLevel.LIMITED;
import static io.servicebreaker.spring.aop.DegradedServices.bringDown;
import static io.servicebreaker.spring.aop.DegradedServices.last;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.servicebreaker.annotation.DegradeAt;
import io.servicebreaker.annotation.ServiceBreaker;
import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.Degradation;
import io.servicebreaker.call.DegradationHints;
import io.servicebreaker.call.DegradationLevel;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.cost.TokenEstimate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What a method says of its calls at a level is what they are made with, and what its code reads. */
class DegradeAtTest {

    private static final TokenEstimate LARGE = new TokenEstimate(1000, 10_000);

    @Test
    void changesNothingWhileAllIsWell() {
        run((context, client) -> {
            assertThat(client.ask(LARGE)).isEqualTo("gpt-4.1 -1");

            CallRequest request = last(context);
            assertThat(request.model()).isEqualTo("gpt-4.1");
            assertThat(request.outputTokens()).isEqualTo(10_000);

            client.plain();
            CallRequest first = last(context);
            client.plain();
            assertThat(last(context)).isSameAs(first);
        });
    }

    @Test
    void isTheModelAndTheMostTokensOfTheCallFromItsLevelOn() {
        run((context, client) -> {
            bringDown(context, "weather", "maps");

            assertThat(client.ask(LARGE)).isEqualTo("gpt-4.1-nano 500");

            CallRequest request = last(context);
            assertThat(request.model()).isEqualTo("gpt-4.1-nano");
            assertThat(request.inputTokens()).isEqualTo(1000);
            assertThat(request.outputTokens()).isEqualTo(500);
        });
    }

    @Test
    void ofALowerLevelHoldsOnUntilAHigherOneSaysOtherwise() {
        run((context, client) -> {
            bringDown(context, "weather");
            client.ask(LARGE);
            assertThat(last(context).model()).isEqualTo("gpt-4.1");
            assertThat(last(context).outputTokens()).isEqualTo(800);

            client.plain();
            assertThat(last(context).model()).isEqualTo("gpt-4.1-mini");

            bringDown(context, "maps");
            client.plain();
            assertThat(last(context).model()).isEqualTo("gpt-4.1-mini");
        });
    }

    @Test
    void leavesASmallerEstimateAndBoundsOneThatSaysNothingOfTheAnswer() {
        run((context, client) -> {
            bringDown(context, "weather", "maps");

            client.ask(new TokenEstimate(10, 20));
            assertThat(last(context).outputTokens()).isEqualTo(20);

            client.ask(new TokenEstimate(10, 0));
            assertThat(last(context).outputTokens()).isEqualTo(500);

            client.ask(null);
            assertThat(last(context).outputTokens()).isZero();
        });
    }

    /** A cent does not do for 10,000 tokens of the large model, and does for 500 of the small one. */
    @Test
    void letsACallThroughThatTheBudgetRefusesAtFull() {
        runner().withPropertyValues(
                        "service-breaker.cost.budgets.daily=0.01",
                        "service-breaker.services.weather.coordinate-with-cost-breaker=false",
                        "service-breaker.services.maps.coordinate-with-cost-breaker=false")
                .withBean(Client.class)
                .run(context -> {
                    Client client = context.getBean(Client.class);
                    assertThatThrownBy(() -> client.ask(LARGE))
                            .isInstanceOfSatisfying(
                                    CallRejectedException.class,
                                    refusal -> assertThat(refusal.reason()).isEqualTo(RejectionReason.COST_BUDGET));

                    bringDown(context, "weather", "maps");

                    assertThat(client.ask(LARGE)).isEqualTo("gpt-4.1-nano 500");
                });
    }

    @Test
    void isReadWhereverTheCodeOfTheCallRuns() {
        run((context, client) -> {
            bringDown(context, "weather", "maps");

            assertThat(client.stage().join()).isEqualTo("gpt-4.1-nano");
            assertThat(client.mono(null).block()).isEqualTo("gpt-4.1-nano");
            assertThat(client.flux().collectList().block()).containsExactly("gpt-4.1-nano");
        });
    }

    @Test
    void ofEachSubscriptionIsThatOfItsLevel() {
        run((context, client) -> {
            Flux<String> made = client.flux();
            assertThat(made.blockLast()).isEqualTo("as it is");
            bringDown(context, "weather", "maps");

            assertThat(made.blockLast()).isEqualTo("gpt-4.1-nano");
            assertThat(last(context).model()).isEqualTo("gpt-4.1-nano");
        });
    }

    @Test
    void agreesWithTheLevelThatTheMethodWasHanded() {
        run((context, client) -> {
            Mono<String> made = client.mono(null);
            bringDown(context, "weather", "maps");

            assertThat(made.block()).isEqualTo("as it is");
            assertThat(last(context).model()).isEmpty();
        });
    }

    @Test
    void staysAsItWasWhenTheCallBegan() {
        run((context, client) -> {
            List<DegradationHints> seen = client.seen(() -> bringDown(context, "weather", "maps"));

            assertThat(seen.get(0).level()).isEqualTo(FULL);
            assertThat(seen.get(1)).isEqualTo(seen.get(0));
        });
    }

    @Test
    void winsOverWhatTheServiceSuggestsWhichIsOnlyTold() {
        run((context, client) -> {
            bringDown(context, "weather", "maps");

            DegradationHints hints = client.hints();

            assertThat(hints.level()).isEqualTo(LIMITED);
            assertThat(hints.maxTokens()).hasValue(77);
            assertThat(hints.get("prompt")).hasValue("short");
            assertThat(hints.model()).isEmpty(); // it would be another than that of the request
            assertThat(last(context).model()).isEqualTo("gpt-4.1");
        });
    }

    @Test
    void theSuggestionsOfAServiceAreToldToMethodsThatSayNothing() {
        run((context, client) -> {
            assertThat(client.unhinted().values()).isEmpty();

            bringDown(context, "weather", "maps");

            assertThat(client.unhinted().get("mode")).hasValue("naive");
            assertThat(client.unhinted().number("top-k")).hasValue(5);
            assertThat(client.unhinted().level()).isEqualTo(LIMITED);
            assertThat(last(context).model()).isEmpty();
        });
    }

    @Test
    void isSeenByTheBreakerOfTheModel() {
        run((context, client) -> {
            bringDown(context, "weather", "maps");
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(client::failing).hasMessage("down");
            }

            assertThatThrownBy(client::failing).isInstanceOfSatisfying(CallRejectedException.class, refusal -> {
                assertThat(refusal.reason()).isEqualTo(RejectionReason.MODEL_UNHEALTHY);
                assertThat(refusal).hasMessageContaining("gpt-4.1-nano");
            });
            assertThat(client.hints().level()).isEqualTo(LIMITED);
        });
    }

    @Test
    void isFoundOnInterfaces() {
        runner().withBean(Implementing.class).run(context -> {
            bringDown(context, "weather");
            Declared client = context.getBean(Declared.class);

            client.inherited();
            assertThat(last(context).model()).isEqualTo("gpt-4.1-mini");
            client.overridden();
            assertThat(last(context).model()).isEqualTo("gpt-4o-mini");
        });
    }

    private static ApplicationContextRunner runner() {
        return DegradedServices.runner().withPropertyValues("app.small=gpt-4.1-nano");
    }

    private static void run(BiConsumer<ApplicationContext, Client> test) {
        runner().withBean(Client.class).run(context -> test.accept(context, context.getBean(Client.class)));
    }

    static class Client {

        @ServiceBreaker(value = "openai", model = "gpt-4.1", estimatedTokens = "#p0")
        @DegradeAt(level = 2, model = "${app.small}", maxTokens = 500)
        @DegradeAt(level = 1, model = "gpt-4.1", maxTokens = 800)
        public String ask(@Nullable TokenEstimate size) {
            DegradationHints hints = Degradation.hints();
            return hints.model().orElse("gpt-4.1") + " " + hints.maxTokens().orElse(-1);
        }

        @ServiceBreaker(value = "openai", model = "gpt-4.1")
        @DegradeAt(level = 1, model = "gpt-4.1-mini")
        public void plain() {}

        @ServiceBreaker("openai")
        @DegradeAt(level = 2, model = "gpt-4.1-nano")
        public CompletableFuture<String> stage() {
            return CompletableFuture.completedFuture(model());
        }

        @ServiceBreaker("openai")
        @DegradeAt(level = 2, model = "gpt-4.1-nano")
        public Mono<String> mono(@Nullable DegradationLevel level) {
            return Mono.fromCallable(Client::model);
        }

        @ServiceBreaker("openai")
        @DegradeAt(level = 2, model = "gpt-4.1-nano")
        public Flux<String> flux() {
            return Flux.defer(() -> Flux.just(model()));
        }

        @ServiceBreaker("openai")
        @DegradeAt(level = 1, model = "gpt-4.1-nano")
        public List<DegradationHints> seen(Runnable meanwhile) {
            DegradationHints before = Degradation.hints();
            meanwhile.run();
            return List.of(before, Degradation.hints());
        }

        @ServiceBreaker(value = "openai", model = "gpt-4.1")
        @DegradeAt(level = 1, maxTokens = 77)
        public DegradationHints hints() {
            return Degradation.hints();
        }

        @ServiceBreaker("lightrag")
        public DegradationHints unhinted() {
            return Degradation.hints();
        }

        @ServiceBreaker(value = "openai", model = "gpt-4.1")
        @DegradeAt(level = 1, model = "gpt-4.1-nano")
        public void failing() {
            throw new IllegalStateException("down");
        }

        private static String model() {
            return Degradation.hints().model().orElse("as it is");
        }
    }

    interface Declared {

        @ServiceBreaker("openai")
        @DegradeAt(level = 1, model = "gpt-4.1-mini")
        void inherited();

        @ServiceBreaker("openai")
        @DegradeAt(level = 1, model = "gpt-4.1-mini")
        @DegradeAt(level = 2, model = "gpt-4.1-nano")
        void overridden();
    }

    static class Implementing implements Declared {

        @Override
        public void inherited() {}

        @Override
        @ServiceBreaker("openai")
        @DegradeAt(level = 1, model = "gpt-4o-mini")
        public void overridden() {}
    }
}
