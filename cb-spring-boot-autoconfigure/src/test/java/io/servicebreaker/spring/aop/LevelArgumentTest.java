package io.servicebreaker.spring.aop;

import static io.servicebreaker.call.DegradationLevel.CACHE_ONLY;
import static io.servicebreaker.call.DegradationLevel.FULL;
import static io.servicebreaker.call.DegradationLevel.REDUCED;
import static io.servicebreaker.spring.aop.DegradedServices.bringDown;
import static io.servicebreaker.spring.aop.DegradedServices.last;
import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.annotation.ServiceBreaker;
import io.servicebreaker.call.DegradationLevel;
import io.servicebreaker.call.InternalFaults;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.context.ApplicationContext;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A method that takes a level is handed that of its call. */
class LevelArgumentTest {

    @Test
    void isFullWhileAllIsWellWhateverTheCallerPassed() {
        run((context, client) -> {
            assertThat(client.blocking("q", null)).isEqualTo("q FULL");
            assertThat(client.blocking("q", CACHE_ONLY)).isEqualTo("q FULL");
        });
    }

    @Test
    void isTheLevelOfNowInEveryKindOfMethod() {
        run((context, client) -> {
            bringDown(context, "weather");

            assertThat(client.blocking("q", FULL)).isEqualTo("q REDUCED");
            assertThat(client.stage(null).join()).isEqualTo("REDUCED");
            assertThat(client.mono(null).block()).isEqualTo("REDUCED");
            assertThat(client.flux(null).collectList().block()).containsExactly("REDUCED");

            bringDown(context, "maps");

            assertThat(client.blocking("q", null)).isEqualTo("q LIMITED");
            assertThat(context.getBean(InternalFaults.class).count()).isZero();
        });
    }

    @Test
    void ofAPublisherIsThatOfWhenTheMethodRan() {
        run((context, client) -> {
            Mono<String> made = client.mono(null);
            bringDown(context, "weather");

            assertThat(made.block()).isEqualTo("FULL");
        });
    }

    @Test
    void isFullForEssentialCallsAndCaches() {
        run((context, client) -> {
            bringDown(context, "weather", "maps");

            assertThat(client.essential(CACHE_ONLY)).isEqualTo("FULL");
            assertThat(client.cached(CACHE_ONLY)).isEqualTo("FULL");
        });
    }

    @Test
    void isWhatExpressionsSee() {
        run((context, client) -> {
            bringDown(context, "weather");

            client.modelled(CACHE_ONLY);

            assertThat(last(context).model()).isEqualTo("model-1");
        });
    }

    @Test
    void ofAFallbackIsThatOfItsOwnCall() {
        run((context, client) -> {
            bringDown(context, "weather", "maps");

            assertThat(client.failing(FULL)).isEqualTo("instead LIMITED");
            assertThat(client.failingToCache(null)).isEqualTo("FULL");
        });
    }

    @Test
    void isHandedInThroughAnInterface() {
        DegradedServices.runner()
                .withPropertyValues("spring.aop.proxy-target-class=false")
                .withBean(Spoken.class)
                .run(context -> {
                    bringDown(context, "weather");

                    assertThat(context.getBean(Speaking.class).speak(null)).isEqualTo(REDUCED);
                });
    }

    private static void run(BiConsumer<ApplicationContext, Client> test) {
        DegradedServices.runner()
                .withBean(Client.class)
                .run(context -> test.accept(context, context.getBean(Client.class)));
    }

    static class Client {

        @ServiceBreaker("openai")
        public String blocking(String question, @Nullable DegradationLevel level) {
            return question + " " + level;
        }

        @ServiceBreaker("openai")
        public CompletableFuture<String> stage(@Nullable DegradationLevel level) {
            return CompletableFuture.completedFuture(String.valueOf(level));
        }

        @ServiceBreaker("openai")
        public Mono<String> mono(@Nullable DegradationLevel level) {
            return Mono.just(String.valueOf(level));
        }

        @ServiceBreaker("openai")
        public Flux<String> flux(@Nullable DegradationLevel level) {
            return Flux.just(String.valueOf(level));
        }

        @ServiceBreaker(value = "openai", essential = true)
        public String essential(DegradationLevel level) {
            return String.valueOf(level);
        }

        @ServiceBreaker("answers")
        public String cached(@Nullable DegradationLevel level) {
            return String.valueOf(level);
        }

        @ServiceBreaker(value = "openai", model = "#p0 == null ? '' : 'model-' + #p0.step()")
        public void modelled(DegradationLevel level) {}

        @ServiceBreaker(value = "lightrag", fallback = "instead")
        public String failing(DegradationLevel level) {
            throw new IllegalStateException("down");
        }

        public String instead(DegradationLevel level) {
            return "instead " + level;
        }

        @ServiceBreaker(value = "lightrag", fallback = "cached")
        public String failingToCache(@Nullable DegradationLevel level) {
            throw new IllegalStateException("down");
        }
    }

    interface Speaking {

        DegradationLevel speak(@Nullable DegradationLevel level);
    }

    static class Spoken implements Speaking {

        @Override
        @ServiceBreaker("openai")
        public DegradationLevel speak(@Nullable DegradationLevel level) {
            return level == null ? CACHE_ONLY : level;
        }
    }
}
