package io.servicebreaker.spring.aop;

import static io.servicebreaker.spring.aop.Calling.faults;
import static io.servicebreaker.spring.aop.Calling.open;
import static io.servicebreaker.spring.aop.Calling.outcomes;
import static io.servicebreaker.spring.aop.Calling.underWay;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.servicebreaker.annotation.ServiceBreaker;
import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.UnacceptableResultException;
import io.servicebreaker.spring.Mishap;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.context.ApplicationContext;

class StageCallTest {

    @Test
    void endsTheCallWhenTheStageCompletes() {
        run((context, client) -> {
            CompletionStage<String> stage = client.ask();
            assertThat(outcomes(context)).isEmpty();
            assertThat(underWay(context)).isOne();

            client.source().stage.complete("yes");

            assertThat(stage.toCompletableFuture()).isCompletedWithValue("yes");
            assertThat(outcomes(context)).containsExactly("openai SUCCESS");
            assertThat(underWay(context)).isZero();
        });
    }

    @Test
    void returnsTheOwnStageOfTheMethod() {
        run((context, client) -> assertThat(client.ask()).isSameAs(client.source().stage));
    }

    @Test
    void recordsTheFailureOfTheStage() {
        run((context, client) -> {
            CompletionStage<String> stage = client.ask();

            client.source().stage.completeExceptionally(new TimeoutException("slow"));

            assertThat(stage.toCompletableFuture()).isCompletedExceptionally();
            assertThat(outcomes(context)).containsExactly("openai FAILURE TIMEOUT");
            assertThat(underWay(context)).isZero();
        });
    }

    @Test
    void takesACancelledFutureForAChangeOfMind() {
        run((context, client) -> {
            client.ask().toCompletableFuture().cancel(true);

            assertThat(outcomes(context)).containsExactly("openai IGNORED CANCELLED");
            assertThat(underWay(context)).isZero();
        });
    }

    @Test
    void deliversTheRefusalThroughTheStage() {
        run((context, client) -> {
            open(context, "openai");

            CompletableFuture<String> future = client.future();

            assertThatThrownBy(future::join)
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(CallRejectedException.class);
        });
    }

    @Test
    void recordsWhatTheMethodThrowsInsteadOfReturning() {
        run((context, client) -> {
            assertThatThrownBy(client::throwing).isInstanceOf(IllegalStateException.class);

            assertThat(outcomes(context)).containsExactly("openai FAILURE UNKNOWN");
            assertThat(underWay(context)).isZero();
        });
    }

    @Test
    void givesThePermitBackWhenThereIsNoStage() {
        run((context, client) -> {
            assertThat(client.nothing()).isNull();

            assertThat(underWay(context)).isZero();
        });
    }

    @Test
    void asksTheFallbackWhenTheStageFails() {
        run((context, client) -> {
            CompletableFuture<String> stage = client.withFallback("q");

            client.source().stage.completeExceptionally(new CompletionException(new IOException("down")));

            assertThat(stage).isCompletedWithValue("cached q because java.io.IOException: down");
        });
    }

    @Test
    void asksTheFallbackWhenRefused() {
        run((context, client) -> {
            open(context, "openai");

            assertThat(client.withFallback("q").join())
                    .startsWith("cached q because " + CallRejectedException.class.getName());
        });
    }

    @Test
    void asksTheFallbackWhenTheMethodThrows() {
        run((context, client) -> assertThat(client.throwingWithFallback("q").join())
                .isEqualTo("cached q because java.lang.IllegalStateException: at once"));
    }

    @Test
    void asksTheFallbackWhenTheAnswerIsNotGoodEnough() {
        run((context, client) -> {
            CompletableFuture<String> stage = client.withFallback("q");

            client.source().stage.complete("");

            assertThat(stage.join()).startsWith("cached q because " + UnacceptableResultException.class.getName());
            assertThat(outcomes(context)).containsExactly("openai FAILURE QUALITY");
        });
    }

    @Test
    void passesAGoodAnswerOnWhereThereIsAFallback() {
        run((context, client) -> {
            CompletableFuture<String> stage = client.withFallback("q");

            client.source().stage.complete("fine");

            assertThat(stage).isCompletedWithValue("fine");
            assertThat(outcomes(context)).containsExactly("openai SUCCESS");
        });
    }

    @Test
    void cancelsTheOwnStageOfTheMethodThroughTheOneWithAFallback() {
        run((context, client) -> {
            client.withFallback("q").cancel(true);

            assertThat(client.source().stage).isCancelled();
            assertThat(outcomes(context)).containsExactly("openai IGNORED CANCELLED");
            assertThat(underWay(context)).isZero();
            assertThat(client.source().fallbacks).isZero();
        });
    }

    @Test
    void endsTheCallWhenTheCallerOfAFallbackWaitsNoLonger() {
        run((context, client) -> {
            client.withFallback("q").completeExceptionally(new TimeoutException("as orTimeout does"));

            assertThat(client.source().stage).isCancelled();
            assertThat(outcomes(context)).containsExactly("openai FAILURE TIMEOUT");
            assertThat(underWay(context)).isZero();
            assertThat(client.source().fallbacks).isZero();
        });
    }

    @Test
    void takesItForAChangeOfMindWhenTheCallerOfAFallbackCompletesTheFuture() {
        run((context, client) -> {
            client.withFallback("q").complete("as completeOnTimeout does");

            assertThat(outcomes(context)).containsExactly("openai IGNORED CANCELLED");
            assertThat(underWay(context)).isZero();
        });
    }

    @Test
    void endsTheCallOfAStageThatCannotBeCancelled() {
        run((context, client) -> {
            client.uncancellable("q").toCompletableFuture().cancel(true);

            assertThat(outcomes(context)).containsExactly("openai IGNORED CANCELLED");
            assertThat(underWay(context)).isZero();
        });
    }

    @Test
    void cancelsTheStageOfTheFallback() {
        run((context, client) -> {
            client.source().fallbackStage = new CompletableFuture<>();
            CompletableFuture<String> stage = client.withFallback("q");
            client.source().stage.completeExceptionally(new IOException("down"));

            stage.cancel(true);

            assertThat(client.source().fallbackStage).isCancelled();
            assertThat(outcomes(context)).containsExactly("openai FAILURE CONNECTION");
        });
    }

    @Test
    void failsWhenTheFallbackReturnsNoStage() {
        run((context, client) -> {
            open(context, "openai");

            assertThatThrownBy(client.answeredByNothing("q")::join)
                    .cause()
                    .hasMessage("the fallback returned no stage")
                    .satisfies(e ->
                            assertThat(e.getSuppressed()).singleElement().isInstanceOf(CallRejectedException.class));
        });
    }

    @Test
    void passesTheFailureOnThatNobodyCanLookInto() {
        run((context, client) -> {
            IOException unreadable = new IOException("down") {
                @Override
                public synchronized Throwable getCause() {
                    throw new IllegalStateException("no cause for you");
                }
            };
            CompletableFuture<String> stage = client.withFallback("q");

            client.source().stage.completeExceptionally(unreadable);

            assertThatThrownBy(stage::get).cause().isSameAs(unreadable);
            assertThat(faults(context)).isPositive();
            assertThat(underWay(context)).isZero();
        });
    }

    @Test
    void remembersTheFirstFailureWhenTheFallbackFails() {
        run((context, client) -> {
            client.source().fallbackStage = CompletableFuture.failedFuture(new IOException("cache down"));
            CompletableFuture<String> stage = client.withFallback("q");

            client.source().stage.completeExceptionally(new TimeoutException("slow"));

            assertThatThrownBy(stage::join)
                    .cause()
                    .hasMessage("cache down")
                    .satisfies(
                            e -> assertThat(e.getSuppressed()).singleElement().isInstanceOf(TimeoutException.class));
        });
    }

    @Test
    void remembersTheFirstFailureBeforeTheCallerHearsOfTheSecond() {
        run((context, client) -> {
            open(context, "openai");
            CompletableFuture<String> answer = new CompletableFuture<>();
            client.source().fallbackStage = answer;
            CompletableFuture<Integer> remembered = client.withFallback("q")
                    .handle((result, error) -> Mishap.unwrapped(error).getSuppressed().length);

            answer.completeExceptionally(new IOException("cache down"));

            assertThat(remembered).isCompletedWithValue(1);
        });
    }

    @Test
    void doesNotRememberAFailureInItself() {
        run((context, client) -> {
            IOException down = new IOException("down");
            client.source().fallbackStage = CompletableFuture.failedFuture(down);
            CompletableFuture<String> stage = client.withFallback("q");

            client.source().stage.completeExceptionally(new CompletionException(down));

            assertThat(stage).isCompletedExceptionally();
            assertThat(down.getSuppressed()).isEmpty();
        });
    }

    private static void run(BiConsumer<ApplicationContext, Client> test) {
        GuardedServices.runner()
                .withBean(Client.class)
                .run(context -> test.accept(context, context.getBean(Client.class)));
    }

    /** What the client is made to do; apart from it, as the fields of a proxy are empty. */
    static final class Source {

        final CompletableFuture<String> stage = new CompletableFuture<>();

        @Nullable
        CompletableFuture<String> fallbackStage;

        int fallbacks;
    }

    static class Client {

        private final Source source = new Source();

        Source source() {
            return source;
        }

        @ServiceBreaker("openai")
        public CompletionStage<String> ask() {
            return source.stage;
        }

        @ServiceBreaker("openai")
        public CompletableFuture<String> future() {
            return source.stage;
        }

        @ServiceBreaker("openai")
        public CompletableFuture<String> throwing() {
            throw new IllegalStateException("at once");
        }

        @ServiceBreaker("openai")
        public @Nullable CompletableFuture<String> nothing() {
            return null;
        }

        @ServiceBreaker(value = "openai", fallback = "cached", acceptResult = "!#result.isEmpty()")
        public CompletableFuture<String> withFallback(String question) {
            return source.stage;
        }

        @ServiceBreaker(value = "openai", fallback = "cached")
        public CompletionStage<String> uncancellable(String question) {
            return source.stage.minimalCompletionStage();
        }

        @ServiceBreaker(value = "openai", fallback = "cached")
        public CompletableFuture<String> throwingWithFallback(String question) {
            throw new IllegalStateException("at once");
        }

        @ServiceBreaker(value = "openai", fallback = "nothing")
        public CompletableFuture<String> answeredByNothing(String question) {
            return source.stage;
        }

        public @Nullable CompletableFuture<String> nothing(String question) {
            return null;
        }

        public CompletableFuture<String> cached(String question, Exception failure) {
            source.fallbacks++;
            return source.fallbackStage != null
                    ? source.fallbackStage
                    : CompletableFuture.completedFuture("cached " + question + " because " + failure);
        }
    }
}
