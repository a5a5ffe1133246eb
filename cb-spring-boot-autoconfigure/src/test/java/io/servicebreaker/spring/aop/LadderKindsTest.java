package io.servicebreaker.spring.aop;

import static io.servicebreaker.spring.aop.Calling.hops;
import static io.servicebreaker.spring.aop.Calling.open;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.context.ContextExecutorService;
import io.micrometer.context.ContextSnapshotFactory;
import io.servicebreaker.annotation.ServiceBreaker;
import io.servicebreaker.call.AnswerPath;
import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.FallbackFor;
import io.servicebreaker.time.FakeTime;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.springframework.context.ApplicationContext;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Ladders of methods that answer later, on other threads. */
class LadderKindsTest {

    /** None of them is interrupted when a task before is disposed of: an error would then pass for a cancellation. */
    private static final Scheduler OTHER_THREADS = Schedulers.fromExecutor(task -> new Thread(task).start());

    private static final String LADDER_FIRST = "lightrag CONNECTION -> Client.%1$sSecond ANSWERED perplexity";
    private static final String LADDER_SECOND = "openai FORCED_OPEN -> Client.%1$sThird ANSWERED perplexity";

    @Test
    void followsStages() {
        run((context, client) -> {
            open(context, "openai");
            CompletableFuture<String> source = new CompletableFuture<>();

            AnswerPath path = AnswerPath.open();
            CompletionStage<String> answer = client.stage(source);
            path.close();
            Thread other = new Thread(() -> source.completeExceptionally(new IOException("down")));
            other.start();

            assertThat(answer.toCompletableFuture().get()).isEqualTo("third");
            other.join();
            assertThat(path.answeredBy()).contains("perplexity");
            assertThat(path.isDegraded()).isTrue();
            assertThat(hops(context))
                    .containsExactly(LADDER_FIRST.formatted("stage"), LADDER_SECOND.formatted("stage"));
        });
    }

    @Test
    void followsMonos() {
        run((context, client) -> {
            open(context, "openai");
            AnswerPath path = AnswerPath.create();

            String answer = client.mono(
                            Mono.<String>error(new IOException("down")).subscribeOn(OTHER_THREADS))
                    .contextWrite(around -> around.put(AnswerPath.KEY, path))
                    .block();

            assertThat(answer).isEqualTo("third");
            assertThat(path.answeredBy()).contains("perplexity");
            assertThat(path.isDegraded()).isTrue();
            assertThat(path.steps()).hasSize(3);
            assertThat(hops(context)).containsExactly(LADDER_FIRST.formatted("mono"), LADDER_SECOND.formatted("mono"));
        });
    }

    @Test
    void followsEachSubscriptionOfAFlux() {
        run((context, client) -> {
            open(context, "openai");
            Flux<String> answers =
                    client.flux(Flux.<String>error(new IOException("down")).subscribeOn(OTHER_THREADS));

            assertThat(answers.collectList().block()).containsExactly("third", "more");
            assertThat(answers.next().block()).isEqualTo("third");

            assertThat(hops(context))
                    .containsExactly(
                            LADDER_FIRST.formatted("flux"),
                            LADDER_SECOND.formatted("flux"),
                            LADDER_FIRST.formatted("flux"),
                            LADDER_SECOND.formatted("flux"));
        });
    }

    @Test
    void keepsTheDeadlineOverThreads() {
        run((context, client) -> {
            FakeTime time = context.getBean(FakeTime.class);
            Mono<String> late = Mono.<String>fromRunnable(() -> time.advance(Duration.ofSeconds(2)))
                    .then(Mono.<String>error(new IOException("down")))
                    .subscribeOn(OTHER_THREADS);

            assertThatThrownBy(() -> client.hasty(late).block())
                    .isInstanceOf(CallRejectedException.class)
                    .hasMessageContaining("DEADLINE");
            CompletableFuture<String> source = new CompletableFuture<>();
            CompletionStage<String> hasty = client.hastyStage(source);
            time.advance(Duration.ofSeconds(2));
            source.completeExceptionally(new IOException("down"));

            assertThatThrownBy(() -> hasty.toCompletableFuture().get())
                    .hasCauseInstanceOf(CallRejectedException.class)
                    .hasMessageContaining("DEADLINE");
        });
    }

    @Test
    void followsTasksToOtherThreadsWithContextPropagation() {
        ExecutorService threads = Executors.newSingleThreadExecutor();
        Executor carrying = ContextExecutorService.wrap(
                threads, ContextSnapshotFactory.builder().build());
        run((context, client) -> {
            open(context, "lightrag");
            try (AnswerPath path = AnswerPath.open()) {
                assertThat(client.stageOn(carrying).toCompletableFuture().get()).isEqualTo("q");

                assertThat(path.answeredBy()).contains("perplexity");
                assertThat(path.isDegraded()).isTrue();
            }
        });
        threads.shutdownNow();
    }

    @Test
    void choosesByTheCauseOfASignal() {
        run((context, client) -> {
            assertThat(client.chosen(Mono.error(new SocketTimeoutException())).block())
                    .isEqualTo("in time");
            assertThat(client.chosen(Mono.error(new IOException())).block()).isEqualTo("otherwise");
            assertThat(client.chosen(Mono.just("")).block()).isEqualTo("otherwise");
        });
    }

    @Test
    void saysThatACallerHasGivenUpMeanwhile() {
        run((context, client) -> {
            open(context, "lightrag");

            client.monoOf(Mono.never()).subscribe().dispose();
            client.stageOf(new CompletableFuture<>()).toCompletableFuture().cancel(true);

            assertThat(hops(context))
                    .containsExactly(
                            "lightrag FORCED_OPEN -> Client.passed CANCELLED",
                            "lightrag FORCED_OPEN -> Client.passed CANCELLED");
        });
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void followsBlockingCallsOnVirtualThreads() {
        run((context, client) -> {
            open(context, "lightrag", "openai");
            Executor virtual = task -> {
                try {
                    Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, task);
                } catch (ReflectiveOperationException e) {
                    throw new IllegalStateException(e);
                }
            };

            String told = CompletableFuture.supplyAsync(
                            () -> {
                                try (AnswerPath path = AnswerPath.open()) {
                                    return client.plain("q") + " by "
                                            + path.answeredBy().orElseThrow();
                                }
                            },
                            virtual)
                    .get();

            assertThat(told).isEqualTo("q by perplexity");
        });
    }

    private static void run(Scenario scenario) {
        GuardedServices.runner().withBean(Client.class).run(context -> {
            assertThat(context).hasNotFailed();
            scenario.play(context, context.getBean(Client.class));
        });
    }

    private interface Scenario {
        void play(ApplicationContext context, Client client) throws Throwable;
    }

    static class Client {

        private final CallOrchestrator orchestrator;

        Client(CallOrchestrator orchestrator) {
            this.orchestrator = orchestrator;
        }

        @ServiceBreaker(value = "lightrag", fallback = "elsewhere")
        public CompletionStage<String> stageOn(Executor threads) {
            return new CompletableFuture<>();
        }

        public CompletionStage<String> elsewhere(Executor threads) {
            return CompletableFuture.supplyAsync(
                    () -> {
                        orchestrator.begin(CallRequest.to("perplexity")).succeeded();
                        return "q";
                    },
                    threads);
        }

        @ServiceBreaker(value = "lightrag", fallback = "stageSecond")
        public CompletionStage<String> stage(CompletionStage<String> source) {
            return source;
        }

        @ServiceBreaker(value = "openai", fallback = "stageThird")
        public CompletionStage<String> stageSecond(CompletionStage<String> source) {
            return source;
        }

        @ServiceBreaker("perplexity")
        public CompletionStage<String> stageThird(CompletionStage<String> source) {
            return CompletableFuture.supplyAsync(() -> "third");
        }

        @ServiceBreaker(value = "lightrag", fallback = "monoSecond")
        public Mono<String> mono(Mono<String> source) {
            return source;
        }

        @ServiceBreaker(value = "openai", fallback = "monoThird")
        public Mono<String> monoSecond(Mono<String> source) {
            return source;
        }

        @ServiceBreaker("perplexity")
        public Mono<String> monoThird(Mono<String> source) {
            return Mono.just("third").subscribeOn(OTHER_THREADS);
        }

        @ServiceBreaker(value = "lightrag", fallback = "fluxSecond")
        public Flux<String> flux(Flux<String> source) {
            return source;
        }

        @ServiceBreaker(value = "openai", fallback = "fluxThird")
        public Flux<String> fluxSecond(Flux<String> source) {
            return source;
        }

        @ServiceBreaker("perplexity")
        public Flux<String> fluxThird(Flux<String> source) {
            return Flux.just("third", "more");
        }

        @ServiceBreaker(value = "lightrag", fallback = "hastySecond", deadline = "1s")
        public Mono<String> hasty(Mono<String> source) {
            return source;
        }

        @ServiceBreaker("openai")
        public Mono<String> hastySecond(Mono<String> source) {
            return Mono.just("too late");
        }

        @ServiceBreaker(value = "lightrag", fallback = "hastyStageSecond", deadline = "1s")
        public CompletionStage<String> hastyStage(CompletionStage<String> source) {
            return source;
        }

        @ServiceBreaker("openai")
        public CompletionStage<String> hastyStageSecond(CompletionStage<String> source) {
            return CompletableFuture.completedFuture("too late");
        }

        @ServiceBreaker(value = "openai", fallback = "inTime, otherwise", acceptResult = "!#result.isEmpty()")
        public Mono<String> chosen(Mono<String> source) {
            return source;
        }

        @FallbackFor(FailureCause.TIMEOUT)
        public Mono<String> inTime(Mono<String> source) {
            return Mono.just("in time");
        }

        public Mono<String> otherwise(Mono<String> source) {
            return Mono.just("otherwise");
        }

        @ServiceBreaker(value = "lightrag", fallback = "passed")
        public Mono<String> monoOf(Mono<String> source) {
            return Mono.empty();
        }

        @ServiceBreaker("openai")
        public Mono<String> passed(Mono<String> source) {
            return source;
        }

        @ServiceBreaker(value = "lightrag", fallback = "passed")
        public CompletionStage<String> stageOf(CompletionStage<String> source) {
            return source;
        }

        @ServiceBreaker("openai")
        public CompletionStage<String> passed(CompletionStage<String> source) {
            return source;
        }

        @ServiceBreaker(value = "lightrag", fallback = "plainSecond")
        public String plain(String question) {
            return question;
        }

        @ServiceBreaker(value = "openai", fallback = "plainThird")
        public String plainSecond(String question) {
            return question;
        }

        @ServiceBreaker("perplexity")
        public String plainThird(String question) {
            return question;
        }
    }
}
