package io.servicebreaker.spring.aop;

import static io.servicebreaker.spring.aop.Calling.open;
import static io.servicebreaker.spring.aop.Calling.outcomes;
import static io.servicebreaker.spring.aop.Calling.underWay;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.DegradationLevel;
import java.io.IOException;
import java.util.List;
import kotlin.coroutines.Continuation;
import kotlin.coroutines.EmptyCoroutineContext;
import kotlinx.coroutines.BuildersKt;
import kotlinx.coroutines.Dispatchers;
import kotlinx.coroutines.flow.Flow;
import kotlinx.coroutines.reactive.ReactiveFlowKt;
import kotlinx.coroutines.reactor.MonoKt;
import org.junit.jupiter.api.Test;
import org.springframework.context.ApplicationContext;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

class SuspendingCallTest {

    @Test
    void endsTheCallWhenTheFunctionReturns() {
        run((context, client) -> {
            assertThat(await(end -> client.ask("q", "gpt-5", end))).isEqualTo("q");

            assertThat(outcomes(context)).containsExactly("openai SUCCESS");
            assertThat(underWay(context)).isZero();
        });
    }

    @Test
    void readsExpressions() {
        run((context, client) -> {
            await(end -> client.ask("", "gpt-5", end));

            assertThat(outcomes(context)).containsExactly("openai FAILURE QUALITY");
            assertThat(context.getBean(GuardedServices.Calls.class).requests)
                    .singleElement()
                    .extracting("model")
                    .isEqualTo("gpt-5");
        });
    }

    @Test
    void isHandedTheLevelOfItsCall() {
        DegradedServices.runner()
                .withPropertyValues("service-breaker.services.perplexity.criticality=0.001")
                .withBean(SuspendingClient.class)
                .run(context -> {
                    SuspendingClient client = context.getBean(SuspendingClient.class);
                    assertThat(await(end -> client.levelled(DegradationLevel.MINIMAL, end)))
                            .isEqualTo("FULL -1");

                    DegradedServices.bringDown(context, "weather");

                    assertThat(await(end -> client.levelled(DegradationLevel.FULL, end)))
                            .isEqualTo("REDUCED 500");
                    assertThat(DegradedServices.last(context).model()).isEqualTo("REDUCED");
                });
    }

    @Test
    void recordsWhatTheFunctionThrows() {
        run((context, client) -> {
            assertThatThrownBy(() -> await(client::fail)).isInstanceOf(IOException.class);

            assertThat(outcomes(context)).containsExactly("openai FAILURE CONNECTION");
            assertThat(underWay(context)).isZero();
        });
    }

    @Test
    void throwsTheRefusal() {
        run((context, client) -> {
            open(context, "openai");

            assertThatThrownBy(() -> await(client::tell)).isInstanceOf(CallRejectedException.class);
        });
    }

    @Test
    void notesTheHopsOfALadder() {
        run((context, client) -> {
            await(end -> client.recovering("q", end));

            assertThat(Calling.hops(context))
                    .containsExactly("openai CONNECTION -> SuspendingClient.cached ANSWERED perplexity");
            assertThat(context.getBean(GuardedServices.Calls.class).requests)
                    .extracting(CallRequest::isFallback)
                    .containsExactly(false, true);
        });
    }

    @Test
    void takesNothingForAnAnswer() {
        run((context, client) -> {
            await(client::tell);

            assertThat(outcomes(context)).containsExactly("openai SUCCESS");
        });
    }

    @Test
    void takesACancelledCoroutineForAChangeOfMind() {
        run((context, client) -> {
            Disposable coroutine = MonoKt.mono(Dispatchers.getUnconfined(), (scope, end) -> client.hang(end))
                    .subscribe();
            assertThat(underWay(context)).isOne();

            coroutine.dispose();

            assertThat(outcomes(context)).containsExactly("openai IGNORED CANCELLED");
            assertThat(underWay(context)).isZero();
        });
    }

    @Test
    void asksAFallbackThatSuspends() {
        run((context, client) -> {
            assertThat(await(end -> client.recovering("q", end))).isEqualTo("cached q after down");

            assertThat(outcomes(context)).containsExactly("openai FAILURE CONNECTION", "perplexity SUCCESS");
        });
    }

    @Test
    void asksAFallbackThatDoesNotSuspend() {
        run((context, client) ->
                assertThat(await(end -> client.recoveringAtOnce("q", end))).isEqualTo("stored q"));
    }

    @Test
    void guardsTheCollectionOfAFlow() {
        run((context, client) -> {
            Flow<?> words = (Flow<?>) await(client::words);
            assertThat(outcomes(context)).isEmpty();

            List<?> collected =
                    Flux.from(ReactiveFlowKt.asPublisher(words)).collectList().block();

            assertThat(collected).isEqualTo(List.of("a", "b"));
            assertThat(outcomes(context)).containsExactly("openai FAILURE CONNECTION");
        });
    }

    static Object await(Suspending function) throws InterruptedException {
        return BuildersKt.runBlocking(EmptyCoroutineContext.INSTANCE, (scope, end) -> function.call(end));
    }

    private static void run(Scenario test) {
        GuardedServices.runner()
                .withBean(SuspendingClient.class)
                .run(context -> test.play(context, context.getBean(SuspendingClient.class)));
    }

    interface Suspending {

        Object call(Continuation<Object> end);
    }

    private interface Scenario {

        void play(ApplicationContext context, SuspendingClient client) throws Throwable;
    }
}
