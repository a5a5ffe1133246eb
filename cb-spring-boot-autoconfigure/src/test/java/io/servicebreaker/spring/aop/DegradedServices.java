package io.servicebreaker.spring.aop;

import io.servicebreaker.breaker.BreakerState;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.call.CallListener;
import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Rejection;
import io.servicebreaker.coordination.SystemHealth;
import io.servicebreaker.spring.CallListenerFactory;
import io.servicebreaker.spring.ServiceBreakerAutoConfiguration;
import io.servicebreaker.time.FakeTime;
import java.net.ConnectException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Four services that matter alike, so that each one that is down makes one level; and a cache. */
@Configuration(proxyBeanMethods = false)
class DegradedServices {

    static ApplicationContextRunner runner() {
        return new ApplicationContextRunner()
                .withConfiguration(
                        AutoConfigurations.of(ServiceBreakerAutoConfiguration.class, AnnotationAutoConfiguration.class))
                .withUserConfiguration(DegradedServices.class)
                .withPropertyValues(
                        "service-breaker.services.openai.failure-threshold=3",
                        "service-breaker.services.lightrag.failure-threshold=3",
                        "service-breaker.services.weather.failure-threshold=3",
                        "service-breaker.services.maps.failure-threshold=3",
                        "service-breaker.services.answers.provider=cache",
                        "service-breaker.services.answers.criticality=0.001");
    }

    @Bean
    FakeTime time() {
        return new FakeTime();
    }

    @Bean
    Requests requests() {
        return new Requests();
    }

    /** Lets services go down by failing calls, and the whole be looked at. */
    static void bringDown(ApplicationContext context, String... services) {
        for (String service : services) {
            for (int i = 0; i < 3; i++) {
                context.getBean(CallOrchestrator.class)
                        .begin(CallRequest.to(service))
                        .failed(new ConnectException("down"));
            }
            if (context.getBean(Breakers.class).breaker(service).state() != BreakerState.OPEN) {
                throw new AssertionError(service + " is up");
            }
        }
        context.getBean(SystemHealth.class).update();
    }

    static CallRequest last(ApplicationContext context) {
        List<CallRequest> all = context.getBean(Requests.class).all;
        return all.get(all.size() - 1);
    }

    /** What was asked for, whatever became of it. */
    static final class Requests implements CallListenerFactory, CallListener {

        final List<CallRequest> all = new CopyOnWriteArrayList<>();

        @Override
        public CallListener listenerFor(String service) {
            return this;
        }

        @Override
        public void finished(CallRequest request, Outcome outcome, long durationNanos) {
            all.add(request);
        }

        @Override
        public void rejected(CallRequest request, Rejection rejection) {
            all.add(request);
        }
    }
}
