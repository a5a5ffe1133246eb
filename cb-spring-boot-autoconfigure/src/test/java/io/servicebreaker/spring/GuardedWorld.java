package io.servicebreaker.spring;

import io.servicebreaker.breaker.Breaker;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.time.FakeTime;
import io.servicebreaker.time.TimeSource;
import java.util.concurrent.Callable;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/** An application that guards the service {@code openai}, which a {@link LocalProvider} is. */
public record GuardedWorld(ApplicationContext context, LocalProvider provider) {

    /** An application in which three failures open the breaker. */
    public static ApplicationContextRunner application(LocalProvider provider, Class<?>... configurations) {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(ServiceBreakerAutoConfiguration.class))
                .withConfiguration(AutoConfigurations.of(configurations))
                .withBean(TimeSource.class, FakeTime::new)
                .withBean(CallLog.class)
                .withPropertyValues(
                        "service-breaker.services.openai.endpoint-patterns=" + provider.url() + "/**",
                        "service-breaker.services.openai.failure-threshold=3");
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    public Breaker breaker() {
        return bean(Breakers.class).breaker("openai");
    }

    /** Makes a call of the service, as an annotated method does. */
    public <T> T call(Callable<T> operation) throws Exception {
        return bean(CallOrchestrator.class).call(CallRequest.to("openai"), operation);
    }

    /** How the only call ended. */
    public Outcome outcome() {
        if (bean(CallLog.class).ended().size() != 1) {
            throw new AssertionError(
                    "not one call ended: " + bean(CallLog.class).ended());
        }
        return bean(CallLog.class).ended().get(0).outcome();
    }

    /** What the only call told. */
    public CallReport report() {
        CallReport report = outcome().report();
        return report == null ? CallReport.EMPTY : report;
    }
}
