package io.servicebreaker.spring.aop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.servicebreaker.annotation.ServiceBreaker;
import io.servicebreaker.breaker.BreakerState;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.spring.ServiceBreakerAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class AnnotationAutoConfigurationTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(ServiceBreakerAutoConfiguration.class, AnnotationAutoConfiguration.class))
            .withPropertyValues("service-breaker.services.openai.failure-threshold=1")
            .withBean(Client.class);

    @Test
    void guardsByTheConfiguredBreaker() {
        runner.run(context -> {
            Client client = context.getBean(Client.class);
            assertThatThrownBy(client::ask).isInstanceOf(IllegalStateException.class);

            assertThatThrownBy(client::ask).isInstanceOf(CallRejectedException.class);

            assertThat(context.getBean(Breakers.class).breaker("openai").state())
                    .isEqualTo(BreakerState.OPEN);
        });
    }

    @Test
    void leavesTheMethodAloneWhenSwitchedOff() {
        runner.withPropertyValues("service-breaker.enabled=false").run(context -> {
            Client client = context.getBean(Client.class);
            assertThatThrownBy(client::ask).isInstanceOf(IllegalStateException.class);

            assertThatThrownBy(client::ask).isInstanceOf(IllegalStateException.class);
        });
    }

    @Test
    void needsNoReactor() {
        runner.withClassLoader(new FilteredClassLoader("reactor", "org.reactivestreams", "org.aspectj"))
                .run(context -> assertThatThrownBy(context.getBean(Client.class)::ask)
                        .isInstanceOf(IllegalStateException.class));
    }

    @Test
    void keepsNoBeanFromTheOtherPostProcessors(CapturedOutput output) {
        runner.run(context -> assertThat(context).hasNotFailed());

        assertThat(output).doesNotContain("is not eligible for getting processed by all BeanPostProcessors");
    }

    @Test
    void isFoundByTheName() {
        assertThat(org.springframework.boot.context.annotation.ImportCandidates.load(
                        org.springframework.boot.autoconfigure.AutoConfiguration.class,
                        getClass().getClassLoader()))
                .contains(AnnotationAutoConfiguration.class.getName());
    }

    /** Public, since a proxy made by another class loader must see it. */
    public static class Client {

        @ServiceBreaker("openai")
        public String ask() {
            throw new IllegalStateException("down");
        }
    }
}
