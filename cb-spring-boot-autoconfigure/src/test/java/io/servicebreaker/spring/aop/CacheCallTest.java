package io.servicebreaker.spring.aop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.servicebreaker.annotation.ServiceBreaker;
import io.servicebreaker.breaker.BreakerState;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.call.CallListener;
import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Rejection;
import io.servicebreaker.spring.CallListenerFactory;
import io.servicebreaker.spring.ServiceBreakerAutoConfiguration;
import io.servicebreaker.spring.ServiceSignals;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** What a cache does not have is no failure, and a cache that is not to be called has nothing. */
class CacheCallTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(ServiceBreakerAutoConfiguration.class, AnnotationAutoConfiguration.class))
            .withBean(Answers.class)
            .withBean(Calls.class)
            .withPropertyValues(
                    "service-breaker.services.cache=", "service-breaker.services.openai.failure-threshold=2");

    /** Each way of looking something up, which gives null for nothing. */
    enum Way {
        PLAIN(Answers::plain),
        OPTIONAL((answers, key) -> answers.optional(key).orElse(null)),
        STAGE((answers, key) -> answers.stage(key).toCompletableFuture().join()),
        STAGE_OF_OPTIONAL((answers, key) -> answers.future(key).join().orElse(null)),
        MONO((answers, key) -> answers.mono(key).block()),
        FLUX((answers, key) ->
                answers.flux(key).collectList().block().stream().findFirst().orElse(null));

        private final LookUp lookUp;

        Way(LookUp lookUp) {
            this.lookUp = lookUp;
        }

        @Nullable
        String of(Answers answers, String key) {
            return lookUp.of(answers, key);
        }

        private interface LookUp {
            @Nullable
            String of(Answers answers, String key);
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void whatIsThereIsAHit(Way way) {
        run(context -> {
            Answers answers = context.getBean(Answers.class);

            String answer = way.of(answers, "why");

            assertThat(answer).isEqualTo("because");
            assertThat(hits(context)).isEqualTo(1);
            assertThat(calls(context)).containsExactly("SUCCESS HIT");
        });
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void whatIsNotThereIsASuccessAndAMiss(Way way) {
        run(context -> {
            Answers answers = context.getBean(Answers.class);

            String answer = way.of(answers, "how");

            assertThat(answer).isNull();
            assertThat(hits(context)).isZero();
            assertThat(calls(context)).containsExactly("SUCCESS MISS");
            assertThat(context.getBean(Breakers.class)
                            .breaker("cache")
                            .snapshot()
                            .failedCalls())
                    .isZero();
        });
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aFailingStorageIsTheCallersToSeeAndOpensTheCache(Way way) {
        run(context -> {
            Answers answers = context.getBean(Answers.class);
            answers.breakDown();

            for (int i = 0; i < 6; i++) {
                assertThat(catchThrowable(() -> way.of(answers, "why")))
                        .hasStackTraceContaining("java.io.UncheckedIOException");
            }

            assertThat(context.getBean(Breakers.class).breaker("cache").state()).isEqualTo(BreakerState.OPEN);
            assertThat(hits(context)).isNull();
        });
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void anOpenCacheHasNothingAndIsNotAsked(Way way) {
        run(context -> {
            Answers answers = context.getBean(Answers.class);
            context.getBean(Breakers.class).breaker("cache").forceOpen("test", null);

            String answer = way.of(answers, "why");

            assertThat(answer).isNull();
            assertThat(answers.asked()).isZero();
            assertThat(hits(context)).isNull();
            assertThat(calls(context)).containsExactly("REFUSED");
        });
    }

    @Test
    void endsAnEmptyMonoAndFluxWithoutAValue() {
        run(context -> {
            Answers answers = context.getBean(Answers.class);
            context.getBean(Breakers.class).breaker("cache").forceOpen("test", null);

            StepVerifier.create(answers.mono("why")).verifyComplete();
            StepVerifier.create(answers.flux("why")).verifyComplete();
        });
    }

    @Test
    void keepingAnAnswerIsNoLookUp() {
        run(context -> {
            Answers answers = context.getBean(Answers.class);

            answers.keep("how", "thus");
            answers.keepLater("where", "here").join();
            answers.keepAsMono("when", "now").block();

            assertThat(calls(context)).containsExactly("SUCCESS", "SUCCESS", "SUCCESS");
            assertThat(hits(context)).isNull();
        });
    }

    @Test
    void keepsNothingInAnOpenCache() {
        run(context -> {
            Answers answers = context.getBean(Answers.class);
            context.getBean(Breakers.class).breaker("cache").forceOpen("test", null);

            answers.keep("how", "thus");
            answers.keepLater("where", "here").join();
            answers.keepAsMono("when", "now").block();

            assertThat(answers.texts()).containsOnlyKeys("why");
        });
    }

    @Test
    void anOpenCacheContainsNothing() {
        run(context -> {
            Answers answers = context.getBean(Answers.class);
            context.getBean(Breakers.class).breaker("cache").forceOpen("test", null);

            assertThat(answers.contains("why")).isFalse();
        });
    }

    @Test
    void refusesWhatHasNoEmptyValue() {
        run(context -> {
            Answers answers = context.getBean(Answers.class);
            context.getBean(Breakers.class).breaker("cache").forceOpen("test", null);

            assertThatThrownBy(() -> answers.size()).isInstanceOf(CallRejectedException.class);
        });
    }

    @Test
    void asksTheFallbackOfTheMethodWhereThereIsOne() {
        run(context -> {
            Answers answers = context.getBean(Answers.class);
            context.getBean(Breakers.class).breaker("cache").forceOpen("test", null);

            assertThat(answers.orElsewhere("why")).isEqualTo("from elsewhere");
        });
    }

    @Test
    void aRefusalThatComesLaterIsAMiss() {
        run(context -> {
            CompletableFuture<@Nullable String> client = new CompletableFuture<>();
            CompletableFuture<@Nullable String> answer =
                    context.getBean(Answers.class).later(client);
            context.getBean(Breakers.class).breaker("cache").forceOpen("test", null);
            CallRequest request = CallRequest.to("cache");

            client.completeExceptionally(
                    catchThrowable(() -> context.getBean(CallOrchestrator.class).begin(request)));

            assertThat(answer).isCompletedWithValue(null);
        });
    }

    @Test
    void theRefusalOfAnotherServiceIsNoMiss() {
        run(context -> {
            Answers answers = context.getBean(Answers.class);
            context.getBean(Breakers.class).breaker("openai").forceOpen("test", null);

            assertThatThrownBy(() -> answers.passing(() -> answers.ask("why")))
                    .isInstanceOfSatisfying(
                            CallRejectedException.class,
                            refusal -> assertThat(refusal.service()).isEqualTo("openai"));
        });
    }

    @Test
    void anEmptyAnswerOfAnotherServiceIsAnAnswer() {
        run(context -> {
            assertThat(context.getBean(Answers.class).ask("how")).isNull();

            assertThat(calls(context)).containsExactly("SUCCESS");
        });
    }

    @Test
    void saysThatItIsRefusedWhereTheProfileSaysSo() {
        runner.withPropertyValues("service-breaker.profiles.cache.when-refused=error")
                .run(context -> {
                    context.getBean(Breakers.class).breaker("cache").forceOpen("test", null);

                    assertThatThrownBy(() -> context.getBean(Answers.class).plain("why"))
                            .isInstanceOf(CallRejectedException.class);
                });
    }

    private void run(Consumer<ApplicationContext> test) {
        runner.run(test::accept);
    }

    private static @Nullable Double hits(ApplicationContext context) {
        return context.getBean(ServiceSignals.class).of("cache").readings().stream()
                .filter(reading -> reading.name().equals("hits"))
                .findFirst()
                .orElseThrow()
                .value();
    }

    private static List<String> calls(ApplicationContext context) {
        return context.getBean(Calls.class).seen;
    }

    static class Answers {

        private final Map<String, String> texts = new HashMap<>(Map.of("why", "because"));
        private boolean broken;
        private int asked;

        /** Methods, since the object that tests see is a proxy. */
        public void breakDown() {
            broken = true;
        }

        public int asked() {
            return asked;
        }

        public Map<String, String> texts() {
            return texts;
        }

        @ServiceBreaker("cache")
        public @Nullable String plain(String key) {
            return text(key);
        }

        @ServiceBreaker("cache")
        public Optional<String> optional(String key) {
            return Optional.ofNullable(text(key));
        }

        @ServiceBreaker("cache")
        public CompletionStage<@Nullable String> stage(String key) {
            return CompletableFuture.completedFuture(text(key));
        }

        @ServiceBreaker("cache")
        public CompletableFuture<Optional<String>> future(String key) {
            return CompletableFuture.completedFuture(Optional.ofNullable(text(key)));
        }

        @ServiceBreaker("cache")
        public Mono<String> mono(String key) {
            return Mono.fromSupplier(() -> text(key));
        }

        @ServiceBreaker("cache")
        public Flux<String> flux(String key) {
            return Mono.fromSupplier(() -> text(key)).flux();
        }

        @ServiceBreaker("cache")
        public void keep(String key, String text) {
            texts.put(key, text);
        }

        @ServiceBreaker("cache")
        public CompletableFuture<@Nullable Void> keepLater(String key, String text) {
            texts.put(key, text);
            return CompletableFuture.completedFuture(null);
        }

        @ServiceBreaker("cache")
        public Mono<Void> keepAsMono(String key, String text) {
            return Mono.fromRunnable(() -> texts.put(key, text));
        }

        @ServiceBreaker("cache")
        public boolean contains(String key) {
            return texts.containsKey(key);
        }

        @ServiceBreaker("cache")
        public int size() {
            return texts.size();
        }

        @ServiceBreaker(value = "cache", fallback = "elsewhere")
        public @Nullable String orElsewhere(String key) {
            return text(key);
        }

        public String elsewhere(String key) {
            return "from elsewhere";
        }

        @ServiceBreaker("cache")
        public @Nullable String passing(Supplier<@Nullable String> other) {
            return other.get();
        }

        @ServiceBreaker("cache")
        public CompletableFuture<@Nullable String> later(CompletableFuture<@Nullable String> client) {
            return client;
        }

        @ServiceBreaker("openai")
        public @Nullable String ask(String question) {
            return texts.get(question);
        }

        private @Nullable String text(String key) {
            asked++;
            if (broken) {
                throw new UncheckedIOException(new IOException("reset"));
            }
            return texts.get(key);
        }
    }

    static final class Calls implements CallListenerFactory, CallListener {

        private final List<String> seen = new ArrayList<>();

        @Override
        public CallListener listenerFor(String service) {
            return this;
        }

        @Override
        public void finished(CallRequest request, Outcome outcome, long durationNanos) {
            seen.add(outcome.remark() == null ? outcome.kind().name() : outcome.kind() + " " + outcome.remark());
        }

        @Override
        public void rejected(CallRequest request, Rejection rejection) {
            seen.add("REFUSED");
        }
    }
}
