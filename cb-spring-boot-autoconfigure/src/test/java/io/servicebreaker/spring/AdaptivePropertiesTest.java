package io.servicebreaker.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.adaptive.AdaptiveSettings;
import io.servicebreaker.adaptive.AdaptiveSettings.Mode;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Where each key ends up; what follows from it is tested where it is read. */
class AdaptivePropertiesTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(ServiceBreakerAutoConfiguration.class, AdaptiveAutoConfiguration.class))
            .withPropertyValues("service-breaker.services.openai.provider=openai");

    @Test
    void theDefaultsAreThoseOfTheCore() {
        runner.run(
                context -> assertThat(context.getBean(AdaptiveSettings.class)).isEqualTo(AdaptiveSettings.DEFAULTS));
    }

    @Test
    void eachKeyIsRead() {
        runner.withPropertyValues(
                        "service-breaker.adaptive.mode=auto",
                        "service-breaker.adaptive.learning-window=7d",
                        "service-breaker.adaptive.min-data-points=50",
                        "service-breaker.adaptive.max-adjustment=0.2",
                        "service-breaker.adaptive.adjustment-cooldown=2h",
                        "service-breaker.adaptive.confidence-threshold=0.9",
                        "service-breaker.adaptive.real-time=true",
                        "service-breaker.adaptive.real-time-sensitivity=0.2")
                .run(context -> assertThat(context.getBean(AdaptiveSettings.class))
                        .isEqualTo(new AdaptiveSettings(
                                Mode.AUTO, Duration.ofDays(7), 50, 0.2, Duration.ofHours(2), 0.9, true, 0.2)));
    }

    @Test
    void whatIsNotLearnedCannotBeUsed() {
        runner.withPropertyValues("service-breaker.adaptive.learning=false", "service-breaker.adaptive.mode=auto")
                .run(context -> assertThat(
                                context.getBean(AdaptiveSettings.class).mode())
                        .isEqualTo(Mode.OFF));
    }

    @Test
    void anApplicationMayBringItsOwnSettings() {
        AdaptiveSettings own =
                new AdaptiveSettings(Mode.OFF, Duration.ofDays(1), 1, 0.5, Duration.ofHours(1), 0.5, false, 0.5);

        runner.withBean(AdaptiveSettings.class, () -> own)
                .run(context ->
                        assertThat(context.getBean(AdaptiveSettings.class)).isSameAs(own));
    }
}
