package io.servicebreaker.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.coordination.CoordinatedService;
import io.servicebreaker.coordination.CoordinatedService.Dependence;
import io.servicebreaker.coordination.CoordinationSettings;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Where each key ends up; what follows from it is tested where it is read. */
class CoordinationPropertiesTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(ServiceBreakerAutoConfiguration.class))
            .withPropertyValues("service-breaker.services.openai.provider=openai");

    @Test
    void theDefaultsAreThoseOfTheCore() {
        runner.run(context -> assertThat(settings(context.getBean(ServiceBreakerProperties.class)))
                .isEqualTo(CoordinationSettings.DEFAULTS));
    }

    @Test
    void eachKeyOfTheWholeIsRead() {
        runner.withPropertyValues(
                        "service-breaker.coordination.failure-cascading=false",
                        "service-breaker.coordination.cascade-delay=2s",
                        "service-breaker.coordination.max-cascade-depth=4",
                        "service-breaker.coordination.progressive-degradation=false",
                        "service-breaker.coordination.degradation-steps=0.1,0.2,0.3,0.4",
                        "service-breaker.coordination.sync-interval=3s",
                        "service-breaker.coordination.coordination-timeout=9s",
                        "service-breaker.system.health-threshold=0.2",
                        "service-breaker.system.cascade-failure-threshold=5",
                        "service-breaker.system.emergency-mode-enabled=false",
                        "service-breaker.system.emergency-recovery-timeout=7m",
                        "service-breaker.system.resource-exhaustion-threshold=0.8")
                .run(context -> assertThat(settings(context.getBean(ServiceBreakerProperties.class)))
                        .isEqualTo(new CoordinationSettings(
                                false,
                                Duration.ofSeconds(2),
                                4,
                                false,
                                List.of(0.1, 0.2, 0.3, 0.4),
                                Duration.ofSeconds(3),
                                Duration.ofSeconds(9),
                                0.2,
                                5,
                                false,
                                Duration.ofMinutes(7),
                                0.8)));
    }

    @Test
    void eachKeyOfAServiceIsRead() {
        runner.withPropertyValues(
                        "service-breaker.services.lightrag.depends-on=openai,cache",
                        "service-breaker.services.lightrag.on-dependency-failure=refuse",
                        "service-breaker.services.lightrag.criticality=3",
                        "service-breaker.services.cache=")
                .run(context -> {
                    ConfiguredServices services = context.getBean(ConfiguredServices.class);
                    assertThat(services.service("lightrag").coordination())
                            .isEqualTo(new CoordinatedService(
                                    "lightrag", 3, false, List.of("openai", "cache"), Dependence.REFUSE));
                    assertThat(services.service("cache").coordination())
                            .isEqualTo(new CoordinatedService("cache", 0.25, true, List.of(), Dependence.DEGRADE));
                    assertThat(services.service("openai").coordination()).isEqualTo(CoordinatedService.of("openai"));
                });
    }

    private static CoordinationSettings settings(ServiceBreakerProperties properties) {
        return CoordinationResolver.resolve(properties.coordination(), properties.system());
    }
}
