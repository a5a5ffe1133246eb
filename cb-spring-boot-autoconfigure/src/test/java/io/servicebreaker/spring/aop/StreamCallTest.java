package io.servicebreaker.spring.aop;

import static io.servicebreaker.spring.aop.Calling.faults;
import static io.servicebreaker.spring.aop.Calling.outcomes;
import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.annotation.ServiceBreaker;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CurrentCall;
import io.servicebreaker.call.OngoingCall;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Usage;
import io.servicebreaker.provider.StreamContent;
import io.servicebreaker.provider.StreamErrorReader;
import io.servicebreaker.time.FakeTime;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.http.codec.ServerSentEvent;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.test.subscriber.TestSubscriber;

/** What in a stream is an answer, what only keeps it alive, and what ends the call. */
class StreamCallTest {

    private static final ServerSentEvent<Object> COMMENT =
            ServerSentEvent.builder().comment("keep-alive").build();

    @Test
    void tellsCancelledBeforeAndAfterTheFirstContentApart() {
        run((context, client) -> {
            TestPublisher<Object> waiting = TestPublisher.create();
            TestPublisher<Object> answering = TestPublisher.create();
            TestSubscriber<Object> early = TestSubscriber.create();
            TestSubscriber<Object> late = TestSubscriber.create();
            client.stream(waiting.flux()).subscribe(early);
            client.stream(answering.flux()).subscribe(late);
            waiting.next(COMMENT).next("");
            answering.next(COMMENT).next("a");

            early.cancel();
            late.cancel();

            assertThat(context.getBean(GuardedServices.Calls.class).ends)
                    .containsExactly(Outcome.CANCELLED, Outcome.CANCELLED_WHILE_ANSWERING);
        });
    }

    @Test
    void judgesAStreamByTheTimeToItsFirstContent() {
        run((context, client) -> {
            FakeTime time = context.getBean(FakeTime.class);
            TestPublisher<Object> source = TestPublisher.create();
            client.stream(source.flux()).subscribe(TestSubscriber.create());

            source.next(COMMENT);
            time.advance(Duration.ofSeconds(2));
            source.next("a");
            time.advance(Duration.ofMinutes(3));
            source.complete();

            assertThat(context.getBean(GuardedServices.Calls.class).durations).containsExactly(Duration.ofSeconds(2));
        });
    }

    @Test
    void asksTheFallbackThoughKeepAlivesWerePassedOn() {
        run((context, client) -> {
            Flux<Object> cut = Flux.<Object>just(COMMENT, "").concatWith(Flux.error(new IOException("cut")));

            StepVerifier.create(client.recovering(cut))
                    .expectNext(COMMENT, "", "cached")
                    .verifyComplete();
        });
    }

    @Test
    void doesNotAskTheFallbackOnceThereWasContent() {
        run((context, client) -> {
            Flux<Object> cut = Flux.<Object>just(COMMENT, " ").concatWith(Flux.error(new IOException("cut")));

            StepVerifier.create(client.recovering(cut)).expectNext(COMMENT, " ").verifyErrorMessage("cut");
        });
    }

    @Test
    void countsAnErrorThatAnEventTellsThoughTheStreamCompletes() {
        run((context, client) -> {
            Object error = ServerSentEvent.builder()
                    .event("error")
                    .data(Map.of("type", "error", "error", Map.of("type", "overloaded_error", "message", "Overloaded")))
                    .build();

            StepVerifier.create(client.stream(Flux.just("a", error)))
                    .expectNext("a", error)
                    .verifyComplete();

            assertThat(outcomes(context)).containsExactly("openai FAILURE OVERLOADED");
            assertThat(onlyReport(context).status()).hasValue(529);
        });
    }

    @Test
    void passesOnWhatComesAfterAnError() {
        run((context, client) -> {
            Object error = ServerSentEvent.builder().event("error").build();

            StepVerifier.create(client.stream(Flux.just(error, "b").concatWith(Flux.error(new IOException("cut")))))
                    .expectNext(error, "b")
                    .verifyErrorMessage("cut");

            assertThat(outcomes(context)).containsExactly("openai FAILURE SERVER_ERROR");
        });
    }

    @Test
    void countsTokensThatWereBilledThoughTheStreamFails() {
        run((context, client) -> {
            StepVerifier.create(client.billed(new Usage(20, 5, 0)))
                    .expectNext("a")
                    .verifyErrorMessage("cut");

            assertThat(outcomes(context)).containsExactly("openai FAILURE CONNECTION");
            assertThat(onlyReport(context).usage()).contains(new Usage(20, 5, 0));
        });
    }

    @Test
    void countsTokensThatWereBilledThoughAnEventTellsAnError() {
        run((context, client) -> {
            StepVerifier.create(client.billedWithAnError(new Usage(20, 5, 0)))
                    .expectNextCount(1)
                    .verifyComplete();

            assertThat(outcomes(context)).containsExactly("openai FAILURE SERVER_ERROR");
            assertThat(onlyReport(context).usage()).contains(new Usage(20, 5, 0));
        });
    }

    @Test
    void asksTheApplicationWhatItsElementsAre() {
        run(
                runner -> runner.withBean(StreamContent.class, () -> element -> !element.equals(0))
                        .withBean(
                                StreamErrorReader.class,
                                () -> element ->
                                        element.equals(-1) ? Optional.of(CallReport.ofStatus(503)) : Optional.empty()),
                (context, client) -> {
                    client.stream(Flux.just(0).concatWith(Flux.never()).cast(Object.class))
                            .subscribe()
                            .dispose();
                    client.stream(Flux.just(0, 1, -1)).blockLast();

                    assertThat(context.getBean(GuardedServices.Calls.class).ends.get(0))
                            .isEqualTo(Outcome.CANCELLED);
                    assertThat(outcomes(context))
                            .containsExactly("openai IGNORED CANCELLED", "openai FAILURE OVERLOADED");
                });
    }

    @Test
    void takesForContentWhatNobodyCanJudge() {
        run(
                runner -> runner.withBean(StreamContent.class, () -> element -> {
                            throw new IllegalStateException("on purpose");
                        })
                        .withBean(StreamErrorReader.class, () -> element -> {
                            throw new IllegalStateException("on purpose");
                        }),
                (context, client) -> {
                    client.stream(Flux.just((Object) "a").concatWith(Flux.never()))
                            .subscribe()
                            .dispose();

                    assertThat(context.getBean(GuardedServices.Calls.class).ends)
                            .containsExactly(Outcome.CANCELLED_WHILE_ANSWERING);
                    assertThat(faults(context)).isEqualTo(2);
                });
    }

    private static CallReport onlyReport(ApplicationContext context) {
        List<Outcome> ends = context.getBean(GuardedServices.Calls.class).ends;
        assertThat(ends).singleElement().extracting(Outcome::report).isNotNull();
        return ends.get(0).report();
    }

    private static void run(Scenario test) {
        run(runner -> runner, test);
    }

    private static void run(Setting setting, Scenario test) {
        setting.in(StreamedServices.runner().withBean(Client.class))
                .run(context -> test.play(context, context.getBean(Client.class)));
    }

    private interface Setting {

        ApplicationContextRunner in(ApplicationContextRunner runner);
    }

    private interface Scenario {

        void play(ApplicationContext context, Client client) throws Throwable;
    }

    static class Client {

        @ServiceBreaker("openai")
        public Flux<Object> stream(Flux<Object> source) {
            return source;
        }

        @ServiceBreaker("openai")
        public Flux<Object> billed(Usage usage) {
            return Flux.deferContextual(context -> Flux.<Object>just("a")
                    .doOnNext(element -> tell(context.get(CurrentCall.KEY), usage))
                    .concatWith(Flux.error(new IOException("cut"))));
        }

        @ServiceBreaker("openai")
        public Flux<Object> billedWithAnError(Usage usage) {
            return Flux.deferContextual(context -> Flux.<Object>just(
                            ServerSentEvent.builder().event("error").build())
                    .doOnNext(element -> tell(context.get(CurrentCall.KEY), usage)));
        }

        private static void tell(OngoingCall call, Usage usage) {
            call.told(CallReport.EMPTY.usage(usage));
        }

        @ServiceBreaker(value = "openai", fallback = "cached")
        public Flux<Object> recovering(Flux<Object> source) {
            return source;
        }

        public Flux<Object> cached(Flux<Object> source) {
            return Flux.just("cached");
        }
    }
}
