package io.servicebreaker.spring.aop;

import static io.servicebreaker.spring.aop.Calling.outcomes;
import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.annotation.ServiceBreaker;
import io.servicebreaker.call.StreamTimeoutException;
import java.time.Duration;
import kotlinx.coroutines.flow.Flow;
import kotlinx.coroutines.reactive.ReactiveFlowKt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ApplicationContext;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.publisher.TestPublisher;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.test.subscriber.TestSubscriber;

/** The first token is waited for 10 s, each further one 3 s. */
class StreamTimeoutTest {

    private final VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();

    private final TestPublisher<String> source = TestPublisher.create();
    private final TestSubscriber<String> subscriber = TestSubscriber.create();

    @AfterEach
    void realTime() {
        VirtualTimeScheduler.reset();
    }

    @Test
    void failsAStreamThatDoesNotBegin() {
        run((context, client) -> {
            client.flux(source.flux()).subscribe(subscriber);
            pass(9_999);
            assertThat(subscriber.isTerminated()).isFalse();

            pass(1);

            assertThat(subscriber.expectTerminalError())
                    .isInstanceOfSatisfying(StreamTimeoutException.class, timeout -> {
                        assertThat(timeout.service()).isEqualTo("openai");
                        assertThat(timeout.setting()).isEqualTo("stream.first-token-timeout");
                        assertThat(timeout.limit()).hasSeconds(10);
                    })
                    .hasMessageContainingAll("openai", "stream.first-token-timeout", "PT10S");
            source.assertCancelled();
            assertThat(outcomes(context)).containsExactly("openai FAILURE TIMEOUT");
        });
    }

    @Test
    void failsAStreamThatStalls() {
        run((context, client) -> {
            client.flux(source.flux()).subscribe(subscriber);
            pass(9_000);
            source.next("a");
            pass(2_999);
            source.next("b");
            pass(2_999);
            assertThat(subscriber.isTerminated()).isFalse();

            pass(1);

            assertThat(subscriber.getReceivedOnNext()).containsExactly("a", "b");
            assertThat(subscriber.expectTerminalError())
                    .isInstanceOf(StreamTimeoutException.class)
                    .hasMessageContainingAll("openai", "stream.stall-timeout", "PT3S");
            source.assertCancelled();
            assertThat(outcomes(context)).containsExactly("openai FAILURE TIMEOUT");
        });
    }

    @Test
    void doesNotTakeKeepAlivesForContent() {
        run((context, client) -> {
            client.flux(source.flux()).subscribe(subscriber);
            for (int second = 0; second < 9; second++) {
                pass(1_000);
                source.next("");
            }
            assertThat(subscriber.isTerminated()).isFalse();

            pass(1_000);

            assertThat(subscriber.getReceivedOnNext()).hasSize(9);
            assertThat(subscriber.expectTerminalError()).hasMessageContaining("stream.first-token-timeout");
        });
    }

    @Test
    void takesABlankForContent() {
        run((context, client) -> {
            client.flux(source.flux()).subscribe(subscriber);
            pass(1_000);
            source.next(" ");
            source.next("");
            pass(2_999);
            source.next("");

            pass(1);

            assertThat(subscriber.expectTerminalError()).hasMessageContaining("stream.stall-timeout");
        });
    }

    @Test
    void doesNotWaitBeforeAnythingIsAskedFor() {
        run((context, client) -> {
            TestSubscriber<String> idle =
                    TestSubscriber.builder().initialRequest(0).build();
            client.flux(source.flux()).subscribe(idle);
            pass(60_000);
            assertThat(idle.isTerminated()).isFalse();
            assertThat(time.getScheduledTaskCount()).isZero();

            idle.request(1);
            pass(10_000);

            assertThat(idle.expectTerminalError()).hasMessageContaining("stream.first-token-timeout");
        });
    }

    @Test
    void doesNotBlameTheServiceForASubscriberThatAsksForNothing() {
        run((context, client) -> {
            TestSubscriber<String> slow =
                    TestSubscriber.builder().initialRequest(1).build();
            client.flux(source.flux()).subscribe(slow);
            source.next("a");
            pass(60_000);
            assertThat(slow.isTerminated()).isFalse();

            slow.request(1);
            pass(2_999);
            assertThat(slow.isTerminated()).isFalse();
            pass(1);

            assertThat(slow.expectTerminalError()).hasMessageContaining("stream.stall-timeout");
        });
    }

    @Test
    void addsUpTheWaitsOfASubscriberThatAsksForOneElementAtATime() {
        run((context, client) -> {
            TestSubscriber<String> single =
                    TestSubscriber.builder().initialRequest(1).build();
            client.flux(source.flux()).subscribe(single);
            source.next("a");
            for (int keepAlive = 0; keepAlive < 2; keepAlive++) {
                single.request(1);
                pass(1_000);
                source.next("");
                pass(20_000);
            }
            single.request(1);
            pass(999);
            assertThat(single.isTerminated()).isFalse();

            pass(1);

            assertThat(single.expectTerminalError()).hasMessageContaining("stream.stall-timeout");
        });
    }

    @Test
    void doesNotBlameTheServiceForTimeSpentOnAnElement() {
        run((context, client) -> {
            TestSubscriber<String> received = TestSubscriber.create();
            client.flux(source.flux())
                    .doOnNext(element -> pass(element.equals("slow") ? 60_000 : 0))
                    .subscribe(received);

            source.next("slow");
            pass(2_999);
            source.next("b");

            assertThat(received.getReceivedOnNext()).containsExactly("slow", "b");
        });
    }

    @Test
    void setsNoTimerForEachElement() {
        run((context, client) -> {
            client.flux(source.flux()).subscribe(subscriber);
            source.next("a");
            long before = time.getScheduledTaskCount();

            for (int i = 0; i < 1_000; i++) {
                source.next("more");
            }

            assertThat(time.getScheduledTaskCount()).isEqualTo(before);
        });
    }

    @Test
    void setsNoTimerWhereNothingIsLimited() {
        run((context, client) -> {
            client.unlimited(source.flux()).subscribe(subscriber);
            source.next("a");
            pass(3_600_000);

            source.complete();

            assertThat(subscriber.isTerminatedComplete()).isTrue();
            assertThat(time.getScheduledTaskCount()).isZero();
        });
    }

    @Test
    void waitsForTheNextContentOnlyWhereThatIsLimited() {
        run((context, client) -> {
            client.begun(source.flux()).subscribe(subscriber);
            source.next("a");
            pass(3_600_000);

            assertThat(subscriber.isTerminated()).isFalse();
            assertThat(time.getScheduledTaskCount()).isEqualTo(1);
        });
    }

    @Test
    void waitsForTheFirstContentOnlyWhereThatIsLimited() {
        run((context, client) -> {
            client.ongoing(source.flux()).subscribe(subscriber);
            pass(3_600_000);
            assertThat(subscriber.isTerminated()).isFalse();
            source.next("a");

            pass(3_000);

            assertThat(subscriber.expectTerminalError()).hasMessageContaining("stream.stall-timeout");
        });
    }

    @Test
    void letsAMonoTakeItsTime() {
        run((context, client) -> {
            TestSubscriber<String> single = TestSubscriber.create();
            client.mono(source.mono()).subscribe(single);

            pass(3_600_000);

            assertThat(single.isTerminated()).isFalse();
        });
    }

    @Test
    void failsAFlowThatDoesNotBegin() {
        StreamedServices.runner()
                .withPropertyValues("service-breaker.services.openai.stream.first-token-timeout=10s")
                .withPropertyValues("service-breaker.services.perplexity.stream.first-token-timeout=10s")
                .withBean(SuspendingClient.class)
                .run(context -> {
                    SuspendingClient client = context.getBean(SuspendingClient.class);
                    Flow<?> words = (Flow<?>) SuspendingCallTest.await(client::silentWords);
                    TestSubscriber<Object> collector = TestSubscriber.create();
                    ReactiveFlowKt.asPublisher(words).subscribe(collector);

                    pass(10_000);

                    assertThat(collector.expectTerminalError()).isInstanceOf(StreamTimeoutException.class);
                    assertThat(outcomes(context)).containsExactly("openai FAILURE TIMEOUT");
                });
    }

    @Test
    void asksTheFallbackInsteadOfAStreamThatDoesNotBegin() {
        run((context, client) -> {
            client.recovering(source.flux()).subscribe(subscriber);
            source.next("");

            pass(10_000);

            assertThat(subscriber.getReceivedOnNext()).containsExactly("", "cached");
            assertThat(subscriber.isTerminatedComplete()).isTrue();
            assertThat(outcomes(context)).containsExactly("openai FAILURE TIMEOUT");
        });
    }

    @Test
    void doesNotAskTheFallbackOnceThereWasContent() {
        run((context, client) -> {
            client.recovering(source.flux()).subscribe(subscriber);
            source.next("a");

            pass(3_000);

            assertThat(subscriber.getReceivedOnNext()).containsExactly("a");
            assertThat(subscriber.expectTerminalError()).isInstanceOf(StreamTimeoutException.class);
        });
    }

    @Test
    void beginsAnewWithEachSubscription() {
        run((context, client) -> {
            Flux<String> stream = client.flux(Flux.never());

            stream.onErrorResume(e -> stream).subscribe(subscriber);
            pass(19_999);
            assertThat(subscriber.isTerminated()).isFalse();
            pass(1);

            assertThat(subscriber.expectTerminalError()).isInstanceOf(StreamTimeoutException.class);
            assertThat(outcomes(context)).containsExactly("openai FAILURE TIMEOUT", "openai FAILURE TIMEOUT");
        });
    }

    @Test
    void passesOnWhatASourceEmitsWithinTheRequestOfAnElement() {
        run((context, client) -> {
            TestSubscriber<String> received = TestSubscriber.create();
            Flux<String> eager = Flux.range(0, 1_000).map(String::valueOf).hide();

            client.flux(eager).limitRate(1).subscribe(received);

            assertThat(received.getReceivedOnNext()).hasSize(1_000);
            assertThat(received.isTerminatedComplete()).isTrue();
            pass(60_000);
            assertThat(outcomes(context)).containsExactly("openai SUCCESS");
        });
    }

    private void pass(long millis) {
        time.advanceTimeBy(Duration.ofMillis(millis));
    }

    private static void run(Scenario test) {
        StreamedServices.runner()
                .withPropertyValues(
                        "service-breaker.services.openai.stream.first-token-timeout=10s",
                        "service-breaker.services.openai.stream.stall-timeout=3s",
                        "service-breaker.services.perplexity.stream.first-token-timeout=10s",
                        "service-breaker.services.cache.stream.stall-timeout=3s",
                        "service-breaker.services.lightrag.provider=lightrag")
                .withBean(Client.class)
                .run(context -> test.play(context, context.getBean(Client.class)));
    }

    private interface Scenario {

        void play(ApplicationContext context, Client client) throws Throwable;
    }

    static class Client {

        @ServiceBreaker("openai")
        public Flux<String> flux(Flux<String> source) {
            return source;
        }

        @ServiceBreaker("lightrag")
        public Flux<String> unlimited(Flux<String> source) {
            return source;
        }

        @ServiceBreaker("perplexity")
        public Flux<String> begun(Flux<String> source) {
            return source;
        }

        @ServiceBreaker("cache")
        public Flux<String> ongoing(Flux<String> source) {
            return source;
        }

        @ServiceBreaker("openai")
        public Mono<String> mono(Mono<String> source) {
            return source;
        }

        @ServiceBreaker(value = "openai", fallback = "cached")
        public Flux<String> recovering(Flux<String> source) {
            return source;
        }

        public Flux<String> cached(Flux<String> source) {
            return Flux.just("cached");
        }
    }
}
