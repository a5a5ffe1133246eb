package io.servicebreaker.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.coordination.HandMovedLoad;
import io.servicebreaker.coordination.LoadReading;
import io.servicebreaker.coordination.LocalLoad;
import io.servicebreaker.coordination.SystemHealth;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Where the load of an application comes from. */
class LocalLoadTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(ServiceBreakerAutoConfiguration.class))
            .withPropertyValues(
                    "service-breaker.services.openai.provider=openai",
                    "service-breaker.coordination.sync-interval=100ms");

    @Test
    void isThatOfItsVirtualMachine() {
        runner.run(context -> {
            SystemHealth system = context.getBean(SystemHealth.class);
            Awaitility.await().until(() -> system.snapshot().load().heap() >= 0);

            LoadReading load = system.snapshot().load();

            assertThat(load.heap()).isBetween(0.0, 1.0);
            assertThat(load.cpu()).isBetween(0.0, 1.0);
        });
    }

    @Test
    void isThatOfABeanOfTheApplication() {
        HandMovedLoad own = new HandMovedLoad();
        own.collectedTo(0.42);
        runner.withBean(LocalLoad.class, () -> own).run(context -> {
            SystemHealth system = context.getBean(SystemHealth.class);

            Awaitility.await().until(() -> system.snapshot().load().heap() == 0.42);
        });
    }

    @Test
    void isNoneWhereItCannotBeReadAndAllElseGoesOn() {
        runner.withBean(LocalLoad.class, BrokenLoad::new).run(context -> {
            SystemHealth system = context.getBean(SystemHealth.class);
            InternalFaults faults = context.getBean(InternalFaults.class);
            system.declareEmergency("drill", "ada", Duration.ofMillis(300));

            Awaitility.await().until(() -> system.snapshot().emergency() == null);

            assertThat(faults.count()).isPositive();
            assertThat(system.snapshot().load()).isEqualTo(LoadReading.CALM);
            assertThat(context.getBean(CallOrchestrator.class).call(CallRequest.to("openai"), () -> "answer"))
                    .isEqualTo("answer");
        });
    }

    private static final class BrokenLoad implements LocalLoad {

        @Override
        public double heap() {
            throw new IllegalStateException("broken");
        }

        @Override
        public long collections() {
            return 0;
        }

        @Override
        public double cpu() {
            return 0;
        }
    }
}
