package io.servicebreaker.spring.aop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.servicebreaker.annotation.ServiceBreaker;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.provider.ErrorReader;
import io.servicebreaker.spring.ServiceBreakerAutoConfiguration;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.resilience.annotation.EnableResilientMethods;
import org.springframework.resilience.annotation.Retryable;

/** Spring's retries around a guarded method repeat what may help. */
class RetryTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(ServiceBreakerAutoConfiguration.class, AnnotationAutoConfiguration.class))
            .withPropertyValues("service-breaker.services.openai.failure-threshold=3")
            .withUserConfiguration(Resilient.class)
            .withBean(
                    ErrorReader.class,
                    () -> error -> Optional.ofNullable(error.getMessage())
                            .filter(message -> message.startsWith("HTTP "))
                            .map(message -> CallReport.ofStatus(Integer.parseInt(message.substring(5, 8)))
                                    .code(message.substring(8).strip())));

    static Stream<Throwable> passing() {
        return Stream.of(
                new IOException("connection reset"),
                new IllegalStateException("HTTP 500"),
                new IllegalStateException("HTTP 503"));
    }

    static Stream<Throwable> lasting() {
        return Stream.of(
                new IllegalStateException("HTTP 400"),
                new IllegalStateException("HTTP 401"),
                new IllegalStateException("HTTP 429 insufficient_quota"),
                new CancellationException());
    }

    @ParameterizedTest
    @MethodSource("passing")
    void repeatsWhatMayPass(Throwable failure) {
        run((context, client) -> {
            catchThrowable(() -> client.fail(failure));

            assertThat(client.calls()).isEqualTo(3);
        });
    }

    @ParameterizedTest
    @MethodSource("lasting")
    void doesNotRepeatWhatWillNot(Throwable failure) {
        run((context, client) -> {
            catchThrowable(() -> client.fail(failure));

            assertThat(client.calls()).isEqualTo(1);
        });
    }

    @Test
    void doesNotRepeatARefusal() {
        run((context, client) -> {
            Calling.open(context, "openai");

            catchThrowable(() -> client.fail(new IOException("never thrown")));

            assertThat(client.calls()).isEqualTo(0);
            assertThat(Calling.breaker(context, "openai").snapshot().notPermittedCalls())
                    .isEqualTo(1);
        });
    }

    @Test
    void everyAttemptIsACall() {
        run((context, client) -> {
            catchThrowable(() -> client.fail(new IOException("connection reset")));

            assertThat(Calling.breaker(context, "openai").snapshot().failedCalls())
                    .isEqualTo(3);
        });
    }

    private void run(BiConsumer<ApplicationContext, Client> test) {
        runner.run(context -> test.accept(context, context.getBean(Client.class)));
    }

    @EnableResilientMethods
    static class Resilient {

        @Bean
        Client client() {
            return new Client();
        }
    }

    static class Client {

        private final AtomicInteger calls = new AtomicInteger();

        public int calls() {
            return calls.get();
        }

        @Retryable(predicate = RetryableFailures.class, maxRetries = 2, delay = 1)
        @ServiceBreaker("openai")
        public String fail(Throwable failure) throws Throwable {
            calls.incrementAndGet();
            throw failure;
        }
    }
}
