package io.servicebreaker.spring.aop;

import static io.servicebreaker.spring.aop.Calling.open;
import static io.servicebreaker.spring.aop.Calling.outcomes;
import static io.servicebreaker.spring.aop.Calling.underWay;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.servicebreaker.annotation.ServiceBreaker;
import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.time.FakeTime;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.context.ApplicationContext;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

class ReactiveCallTest {

    @Test
    void beginsACallWithEachSubscription() {
        run((context, client) -> {
            Mono<String> mono = client.mono(Mono.just("yes"));
            assertThat(outcomes(context)).isEmpty();

            mono.block();
            mono.block();

            assertThat(outcomes(context)).containsExactly("openai SUCCESS", "openai SUCCESS");
            assertThat(underWay(context)).isZero();
        });
    }

    @Test
    void takesAnEmptyMonoForAnAnswer() {
        run((context, client) -> {
            StepVerifier.create(client.mono(Mono.empty())).verifyComplete();

            assertThat(outcomes(context)).containsExactly("openai SUCCESS");
        });
    }

    @Test
    void recordsTheErrorSignalOfAMono() {
        run((context, client) -> {
            StepVerifier.create(client.mono(Mono.error(new IOException("down"))))
                    .verifyErrorMessage("down");

            assertThat(outcomes(context)).containsExactly("openai FAILURE CONNECTION");
            assertThat(underWay(context)).isZero();
        });
    }

    @Test
    void recordsAnErrorThatIsNoException() {
        run((context, client) -> {
            StepVerifier.create(client.mono(Mono.error(new AssertionError("bug"))))
                    .verifyErrorMessage("bug");

            assertThat(outcomes(context)).containsExactly("openai IGNORED LOCAL_ERROR");
            assertThat(underWay(context)).isZero();
        });
    }

    @Test
    void deliversTheRefusalAsAnErrorAndDoesNotSubscribe() {
        run((context, client) -> {
            open(context, "openai");
            List<String> subscriptions = new ArrayList<>();
            Mono<String> source = Mono.just("yes").doOnSubscribe(s -> subscriptions.add("subscribed"));

            StepVerifier.create(client.mono(source)).verifyError(CallRejectedException.class);
            StepVerifier.create(client.flux(source.flux())).verifyError(CallRejectedException.class);

            assertThat(subscriptions).isEmpty();
        });
    }

    @Test
    void takesADisposedMonoForAChangeOfMind() {
        run((context, client) -> {
            Disposable subscription = client.mono(Mono.never()).subscribe();
            assertThat(underWay(context)).isOne();

            subscription.dispose();

            assertThat(outcomes(context)).containsExactly("openai IGNORED CANCELLED");
            assertThat(underWay(context)).isZero();
        });
    }

    @Test
    void countsTheValueOfAMonoThoughTheSubscriberCancelsOnceItHasIt() {
        run((context, client) -> {
            client.mono(Mono.just("yes")).flux().take(1).blockLast();

            assertThat(outcomes(context)).containsExactly("openai SUCCESS");
        });
    }

    @Test
    void asksTheBreakerAgainOnEachRetry() {
        run((context, client) -> {
            Mono<String> mono = client.mono(Mono.error(new IOException("down")));

            StepVerifier.create(mono.retry(5)).verifyError(CallRejectedException.class);

            assertThat(outcomes(context))
                    .startsWith("openai FAILURE CONNECTION", "openai FAILURE CONNECTION", "openai REFUSED OPEN")
                    .hasSize(6);
        });
    }

    @Test
    void endsTheCallWhenTheFluxCompletes() {
        run((context, client) -> {
            Sinks.Many<String> source = Sinks.many().unicast().onBackpressureBuffer();
            client.flux(source.asFlux()).subscribe();
            source.tryEmitNext("a").orThrow();
            assertThat(outcomes(context)).isEmpty();

            source.tryEmitComplete().orThrow();

            assertThat(outcomes(context)).containsExactly("openai SUCCESS");
            assertThat(underWay(context)).isZero();
        });
    }

    @Test
    void judgesAFluxByTheTimeToItsFirstElement() {
        run((context, client) -> {
            FakeTime time = context.getBean(FakeTime.class);
            Sinks.Many<String> source = Sinks.many().unicast().onBackpressureBuffer();
            client.flux(source.asFlux()).subscribe();

            time.advance(Duration.ofSeconds(2));
            source.tryEmitNext("a").orThrow();
            time.advance(Duration.ofMinutes(3));
            source.tryEmitNext("b").orThrow();
            source.tryEmitComplete().orThrow();

            assertThat(context.getBean(GuardedServices.Calls.class).durations).containsExactly(Duration.ofSeconds(2));
            assertThat(outcomes(context)).containsExactly("openai SUCCESS");
        });
    }

    @Test
    void takesADisposedFluxForAChangeOfMind() {
        run((context, client) -> {
            client.flux(Flux.just("a", "b").concatWith(Flux.never())).take(1).blockLast();

            assertThat(outcomes(context)).containsExactly("openai IGNORED CANCELLED");
            assertThat(underWay(context)).isZero();
        });
    }

    @Test
    void recordsTheErrorOfAFluxAfterElements() {
        run((context, client) -> {
            StepVerifier.create(client.flux(Flux.just("a").concatWith(Flux.error(new IOException("cut")))))
                    .expectNext("a")
                    .verifyErrorMessage("cut");

            assertThat(outcomes(context)).containsExactly("openai FAILURE CONNECTION");
        });
    }

    @Test
    void signalsWhatTheMethodThrowsInsteadOfReturning() {
        run((context, client) -> {
            Mono<String> mono = client.throwing();

            StepVerifier.create(mono).verifyErrorMessage("at once");

            assertThat(outcomes(context)).containsExactly("openai FAILURE UNKNOWN");
        });
    }

    @Test
    void letsAnErrorThrownByTheMethodThrough() {
        run((context, client) -> {
            assertThatThrownBy(client::broken).isInstanceOf(StackOverflowError.class);

            assertThat(underWay(context)).isZero();
        });
    }

    @Test
    void endsTheCallWhenReactorThrowsAtTheSubscriber() {
        run((context, client) -> {
            Mono<String> onSubscribe = client.mono(Mono.defer(ReactiveCallTest::broken));
            Mono<String> onRequest = client.mono(Mono.fromCallable(ReactiveCallTest::broken));
            Flux<String> stream = client.flux(Flux.generate(sink -> broken()));

            assertThatThrownBy(onSubscribe::subscribe).isInstanceOf(LinkageError.class);
            assertThatThrownBy(onRequest::subscribe).isInstanceOf(LinkageError.class);
            assertThatThrownBy(stream::subscribe).isInstanceOf(LinkageError.class);

            assertThat(outcomes(context)).hasSize(3).containsOnly("openai IGNORED LOCAL_ERROR");
            assertThat(underWay(context)).isZero();
        });
    }

    @Test
    void doesNotBlameTheServiceWhenTheConsumerOfAFluxThrows() {
        run((context, client) -> {
            Flux<String> flux = client.flux(Flux.just("a"));

            assertThatThrownBy(() -> flux.subscribe(element -> broken())).isInstanceOf(LinkageError.class);

            assertThat(outcomes(context)).containsExactly("openai IGNORED CANCELLED");
            assertThat(underWay(context)).isZero();
        });
    }

    @Test
    void asksTheFallbackWhenAMonoFails() {
        run((context, client) -> {
            Mono<String> mono = client.recovering(Mono.error(new IOException("down")));

            StepVerifier.create(mono).expectNext("cached after down").verifyComplete();

            assertThat(outcomes(context)).containsExactly("openai FAILURE CONNECTION");
        });
    }

    @Test
    void asksTheFallbackWhenAMonoIsRefused() {
        run((context, client) -> {
            open(context, "openai");

            StepVerifier.create(client.recovering(Mono.just("yes")))
                    .expectNextMatches(answer -> answer.startsWith("cached after Call to 'openai' refused"))
                    .verifyComplete();
        });
    }

    @Test
    void asksTheFallbackWhenTheValueOfAMonoIsNotGoodEnough() {
        run((context, client) -> {
            StepVerifier.create(client.recovering(Mono.just("")))
                    .expectNextMatches(answer -> answer.startsWith("cached after The answer does not satisfy"))
                    .verifyComplete();

            assertThat(outcomes(context)).containsExactly("openai FAILURE QUALITY");
        });
    }

    @Test
    void asksTheFallbackWhenAnEmptyMonoIsNotGoodEnough() {
        run((context, client) -> {
            StepVerifier.create(client.needingAValue(Mono.empty()))
                    .expectNext("cached")
                    .verifyComplete();

            assertThat(outcomes(context)).containsExactly("openai FAILURE QUALITY");
        });
    }

    @Test
    void remembersTheFirstErrorWhenTheFallbackFails() {
        run((context, client) -> StepVerifier.create(client.hopeless(Mono.error(new IOException("down"))))
                .verifyErrorSatisfies(e -> {
                    assertThat(e).hasMessage("cache down");
                    assertThat(e.getSuppressed())
                            .singleElement()
                            .extracting(Throwable::getMessage)
                            .isEqualTo("down");
                }));
    }

    @Test
    void remembersTheFirstErrorWhenTheFallbackReturnsNoPublisher() {
        run((context, client) -> StepVerifier.create(client.unanswered(Mono.error(new IOException("down"))))
                .verifyErrorSatisfies(e -> {
                    assertThat(e).hasMessage("the fallback returned no publisher");
                    assertThat(e.getSuppressed())
                            .singleElement()
                            .extracting(Throwable::getMessage)
                            .isEqualTo("down");
                }));
    }

    @Test
    void signalsThrowablesOfEveryKind() {
        run((context, client) -> {
            StepVerifier.create(client.throwingThrowable()).verifyErrorMessage("neither exception nor error");
            StepVerifier.create(client.recoveringByThrowable(Mono.error(new IOException("down"))))
                    .verifyErrorMessage("neither exception nor error");
        });
    }

    @Test
    void asksTheFallbackWhenAFluxFailsBeforeItsFirstElement() {
        run((context, client) -> StepVerifier.create(client.recoveringFlux(Flux.error(new IOException("down"))))
                .expectNext("cached", "after down")
                .verifyComplete());
    }

    @Test
    void passesTheErrorOfAFluxOnAfterItsFirstElement() {
        run((context, client) -> {
            Flux<String> cut = Flux.just("a").concatWith(Flux.error(new IOException("cut")));

            StepVerifier.create(client.recoveringFlux(cut)).expectNext("a").verifyErrorMessage("cut");
        });
    }

    @Test
    void forgetsAtEachSubscriptionThatAnEarlierOneEmitted() {
        run((context, client) -> {
            List<Flux<String>> sources = new ArrayList<>(List.of(
                    Flux.just("a").concatWith(Flux.error(new IOException("cut"))),
                    Flux.error(new IOException("down"))));
            Flux<String> flux = client.recoveringFlux(Flux.defer(() -> sources.remove(0)));
            StepVerifier.create(flux).expectNext("a").verifyErrorMessage("cut");

            StepVerifier.create(flux).expectNext("cached", "after down").verifyComplete();
        });
    }

    @Test
    void keepsTheContextOfTheSubscriber() {
        run((context, client) -> {
            Mono<String> mono = client.mono(Mono.deferContextual(view -> Mono.just(view.get("user"))));

            StepVerifier.create(mono.contextWrite(c -> c.put("user", "ada")))
                    .expectNext("ada")
                    .verifyComplete();
        });
    }

    /** What Reactor does not signal, but throws. */
    private static <T> T broken() {
        throw new NoClassDefFoundError("gone");
    }

    private static void run(Scenario test) {
        GuardedServices.runner()
                .withBean(Client.class)
                .run(context -> test.play(context, context.getBean(Client.class)));
    }

    private interface Scenario {

        void play(ApplicationContext context, Client client) throws Throwable;
    }

    static class Client {

        @ServiceBreaker("openai")
        public Mono<String> mono(Mono<String> source) {
            return source;
        }

        @ServiceBreaker("openai")
        public Flux<String> flux(Flux<String> source) {
            return source;
        }

        @ServiceBreaker("openai")
        public Mono<String> throwing() {
            throw new IllegalStateException("at once");
        }

        @ServiceBreaker("openai")
        public Mono<String> broken() {
            throw new StackOverflowError();
        }

        @ServiceBreaker(value = "openai", fallback = "cached", acceptResult = "!#result.isEmpty()")
        public Mono<String> recovering(Mono<String> source) {
            return source;
        }

        @ServiceBreaker(value = "openai", fallback = "plain", acceptResult = "#result != null")
        public Mono<String> needingAValue(Mono<String> source) {
            return source;
        }

        @ServiceBreaker(value = "openai", fallback = "failing")
        public Mono<String> hopeless(Mono<String> source) {
            return source;
        }

        @ServiceBreaker(value = "openai", fallback = "nothing")
        public Mono<String> unanswered(Mono<String> source) {
            return source;
        }

        public @Nullable Mono<String> nothing(Mono<String> source) {
            return null;
        }

        @ServiceBreaker("openai")
        public Mono<String> throwingThrowable() throws Throwable {
            throw new Throwable("neither exception nor error");
        }

        @ServiceBreaker(value = "openai", fallback = "throwing")
        public Mono<String> recoveringByThrowable(Mono<String> source) throws Throwable {
            return source;
        }

        public Mono<String> throwing(Mono<String> source) throws Throwable {
            throw new Throwable("neither exception nor error");
        }

        @ServiceBreaker(value = "openai", fallback = "cached")
        public Flux<String> recoveringFlux(Flux<String> source) {
            return source;
        }

        public Mono<String> cached(Mono<String> source, Exception failure) {
            return Mono.just("cached after " + failure.getMessage());
        }

        public Mono<String> plain(Mono<String> source) {
            return Mono.just("cached");
        }

        public Mono<String> failing(Mono<String> source) {
            return Mono.error(new IllegalStateException("cache down"));
        }

        public Flux<String> cached(Flux<String> source, Exception failure) {
            return Flux.just("cached", "after " + failure.getMessage());
        }
    }
}
