package io.servicebreaker.spring.aop;

import io.servicebreaker.spring.CallListenerFactory;
import io.servicebreaker.spring.ServiceBreakerAutoConfiguration;
import io.servicebreaker.spring.stream.StreamAutoConfiguration;
import io.servicebreaker.time.FakeTime;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Services as an application configures them, and a record of what happens to their calls. */
@Configuration(proxyBeanMethods = false)
class StreamedServices {

    static ApplicationContextRunner runner() {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        ServiceBreakerAutoConfiguration.class,
                        AnnotationAutoConfiguration.class,
                        StreamAutoConfiguration.class))
                .withUserConfiguration(StreamedServices.class)
                .withPropertyValues("service-breaker.services.openai.failure-threshold=3");
    }

    @Bean
    FakeTime time() {
        return new FakeTime();
    }

    @Bean
    GuardedServices.Calls calls() {
        return new GuardedServices.Calls();
    }

    @Bean
    CallListenerFactory listeners(GuardedServices.Calls calls) {
        return service -> calls;
    }
}
