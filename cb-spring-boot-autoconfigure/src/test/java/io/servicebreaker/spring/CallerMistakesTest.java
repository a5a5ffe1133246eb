package io.servicebreaker.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.servicebreaker.annotation.ServiceBreaker;
import io.servicebreaker.breaker.BreakerState;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.spring.aop.AnnotationAutoConfiguration;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.constraints.NotBlank;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.core.codec.EncodingException;
import org.springframework.core.convert.ConverterNotFoundException;
import org.springframework.core.convert.TypeDescriptor;
import org.springframework.http.converter.HttpMessageNotWritableException;
import org.springframework.validation.annotation.Validated;
import org.springframework.validation.beanvalidation.MethodValidationPostProcessor;

/** The breaker opens with the first failure that counts. */
class CallerMistakesTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(ServiceBreakerAutoConfiguration.class, AnnotationAutoConfiguration.class))
            .withPropertyValues("service-breaker.services.openai.failure-threshold=1")
            .withBean(MethodValidationPostProcessor.class)
            .withBean(Client.class);

    static Stream<Exception> mistakes() {
        return Stream.of(
                new ConstraintViolationException("blank", null),
                new ConverterNotFoundException(null, TypeDescriptor.valueOf(String.class)),
                new EncodingException("no JSON"),
                new HttpMessageNotWritableException("no JSON"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void doNotCountAgainstTheService(Exception mistake) {
        runner.run(context -> {
            fail(context, mistake);

            assertThat(state(context)).isEqualTo(BreakerState.CLOSED);
        });
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void countWhenTheConfigurationNamesThem(Exception mistake) {
        String name = mistake.getClass().getName();
        runner.withPropertyValues("service-breaker.services.openai.record-exceptions=" + name)
                .run(context -> {
                    fail(context, mistake);

                    assertThat(state(context)).isEqualTo(BreakerState.OPEN);
                });
    }

    @Test
    void areFoundByTheValidationOfArgumentsInsideTheBreaker() {
        runner.run(context -> {
            Client client = context.getBean(Client.class);

            assertThatThrownBy(() -> client.ask(" ")).isInstanceOf(ConstraintViolationException.class);

            assertThat(state(context)).isEqualTo(BreakerState.CLOSED);
        });
    }

    private static void fail(ApplicationContext context, Exception failure) {
        context.getBean(CallOrchestrator.class).begin(CallRequest.to("openai")).failed(failure);
    }

    private static BreakerState state(ApplicationContext context) {
        return context.getBean(Breakers.class).breaker("openai").state();
    }

    @Validated
    static class Client {

        @ServiceBreaker("openai")
        public String ask(@NotBlank String question) {
            return question;
        }
    }
}
