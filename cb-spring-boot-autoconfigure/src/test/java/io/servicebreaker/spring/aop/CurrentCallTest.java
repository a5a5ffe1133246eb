package io.servicebreaker.spring.aop;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.context.ContextExecutorService;
import io.micrometer.context.ContextSnapshotFactory;
import io.servicebreaker.annotation.ServiceBreaker;
import io.servicebreaker.call.CurrentCall;
import io.servicebreaker.call.OngoingCall;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** A client inside a guarded method finds the call that it belongs to, on whatever thread it runs. */
class CurrentCallTest {

    @AfterEach
    void noPropagation() {
        Hooks.disableAutomaticContextPropagation();
    }

    @Test
    void isTheAnnotatedMethodsOwn() {
        run(client -> {
            assertThat(client.blocking()).isEqualTo("openai blocking");
            assertThat(client.stage(Runnable::run).join()).isEqualTo("openai stage");
            assertThat(CurrentCall.get()).isNull();
        });
    }

    @Test
    void isFoundWhereASubscriptionBegins() {
        run(client -> {
            assertThat(client.mono().block()).isEqualTo("openai mono");
            assertThat(client.flux().collectList().block()).containsExactly("openai flux");
            assertThat(CurrentCall.get()).isNull();
        });
    }

    @Test
    void isInTheContextOfASubscriptionOnAnyThread() {
        run(client -> assertThat(client.inContext().block()).isEqualTo("openai inContext"));
    }

    @Test
    void followsASubscriptionToAnotherThreadWithContextPropagation() {
        Hooks.enableAutomaticContextPropagation();

        run(client -> assertThat(client.elsewhere().block()).isEqualTo("openai elsewhere"));
    }

    @Test
    void followsATaskToAnotherThreadWithContextPropagation() {
        ExecutorService threads = Executors.newSingleThreadExecutor();
        ExecutorService carrying = ContextExecutorService.wrap(
                threads, ContextSnapshotFactory.builder().build());
        try {
            run(client -> {
                assertThat(client.stage(carrying::execute).join()).isEqualTo("openai stage");
                assertThat(client.stage(threads::execute).join()).isEqualTo("none");
            });
        } finally {
            threads.shutdownNow();
        }
    }

    private static String described() {
        return described(CurrentCall.get());
    }

    private static String described(OngoingCall call) {
        return call == null
                ? "none"
                : call.request().service() + " " + call.request().operation();
    }

    private static void run(Consumer<Client> test) {
        GuardedServices.runner().withBean(Client.class).run(context -> test.accept(context.getBean(Client.class)));
    }

    static class Client {

        @ServiceBreaker("openai")
        public String blocking() {
            return described();
        }

        @ServiceBreaker("openai")
        public CompletableFuture<String> stage(Consumer<Runnable> executor) {
            CompletableFuture<String> answer = new CompletableFuture<>();
            executor.accept(() -> answer.complete(described()));
            return answer;
        }

        @ServiceBreaker("openai")
        public Mono<String> mono() {
            return Mono.fromCallable(CurrentCallTest::described);
        }

        @ServiceBreaker("openai")
        public Flux<String> flux() {
            return Flux.defer(() -> Flux.just(described()));
        }

        @ServiceBreaker("openai")
        public Mono<String> inContext() {
            return Mono.deferContextual(view -> Mono.just(described(view.get(CurrentCall.KEY))))
                    .subscribeOn(Schedulers.parallel());
        }

        @ServiceBreaker("openai")
        public Mono<String> elsewhere() {
            return Mono.fromCallable(CurrentCallTest::described).subscribeOn(Schedulers.boundedElastic());
        }
    }
}
