package io.servicebreaker.spring.aop;

import static io.servicebreaker.spring.aop.Calling.faults;
import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.annotation.ServiceBreaker;
import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.event.Events;
import io.servicebreaker.time.FakeTime;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.aopalliance.intercept.MethodInvocation;
import org.junit.jupiter.api.Test;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** An orchestrator that knows no service stands for a part of ours that throws. */
class OwnFaultTest {

    @Test
    void leavesABlockingCallUnguarded() {
        run((context, client) -> {
            assertThat(client.ask()).isEqualTo("asked");

            assertThat(faults(context)).isOne();
        });
    }

    @Test
    void leavesAStageUnguarded() {
        run((context, client) -> {
            assertThat(client.stage().toCompletableFuture().join()).isEqualTo("asked");

            assertThat(faults(context)).isOne();
        });
    }

    @Test
    void leavesPublishersUnguarded() {
        run((context, client) -> {
            assertThat(client.mono().block()).isEqualTo("asked");
            assertThat(client.flux().collectList().block()).containsExactly("a", "b");

            assertThat(faults(context)).isEqualTo(2);
        });
    }

    @Test
    void leavesAStageThatCannotBeWatchedToTheCaller() {
        GuardedServices.runner().withBean(Client.class).run(context -> {
            CompletionStage<String> stage = context.getBean(Client.class).unwatchable();

            assertThat(stage).isInstanceOf(Unwatchable.class);
            assertThat(Calling.underWay(context)).isZero();
            assertThat(faults(context)).isOne();
        });
    }

    @Test
    void leavesTheCallUnguardedWhenThereIsNoPlan() throws Throwable {
        InternalFaults faults = new InternalFaults(new FakeTime());
        ServiceBreakerInterceptor interceptor = new ServiceBreakerInterceptor(
                provider(() -> {
                    throw new IllegalStateException("no plans today");
                }),
                provider(() -> faults));

        Object answer = interceptor.invoke(new Proceeding());

        assertThat(answer).isEqualTo("proceeded");
        assertThat(faults.count()).isOne();
    }

    private static <T> org.springframework.beans.factory.ObjectProvider<T> provider(Supplier<T> supplier) {
        return new org.springframework.beans.factory.ObjectProvider<>() {
            @Override
            public T getObject() {
                return supplier.get();
            }
        };
    }

    private static void run(BiConsumer<ApplicationContext, Client> test) {
        GuardedServices.runner()
                .withUserConfiguration(Broken.class)
                .withBean(Client.class)
                .run(context -> test.accept(context, context.getBean(Client.class)));
    }

    @Configuration(proxyBeanMethods = false)
    static class Broken {

        @Bean
        @Primary
        CallOrchestrator brokenOrchestrator(FakeTime time, Events events, InternalFaults faults) {
            return new CallOrchestrator(Map.of(), time, events, faults, false);
        }
    }

    static class Client {

        @ServiceBreaker("openai")
        public String ask() {
            return "asked";
        }

        @ServiceBreaker("openai")
        public CompletionStage<String> stage() {
            return CompletableFuture.completedFuture("asked");
        }

        @ServiceBreaker("openai")
        public CompletionStage<String> unwatchable() {
            return new Unwatchable();
        }

        @ServiceBreaker("openai")
        public Mono<String> mono() {
            return Mono.just("asked");
        }

        @ServiceBreaker("openai")
        public Flux<String> flux() {
            return Flux.just("a", "b");
        }
    }

    private static final class Unwatchable extends CompletableFuture<String> {

        @Override
        public CompletableFuture<String> whenComplete(
                java.util.function.BiConsumer<? super String, ? super Throwable> action) {
            throw new UnsupportedOperationException("not me");
        }
    }

    private static final class Proceeding implements MethodInvocation {

        @Override
        public java.lang.reflect.Method getMethod() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Object[] getArguments() {
            return new Object[0];
        }

        @Override
        public Object proceed() {
            return "proceeded";
        }

        @Override
        public Object getThis() {
            return this;
        }

        @Override
        public java.lang.reflect.AccessibleObject getStaticPart() {
            throw new UnsupportedOperationException();
        }
    }
}
