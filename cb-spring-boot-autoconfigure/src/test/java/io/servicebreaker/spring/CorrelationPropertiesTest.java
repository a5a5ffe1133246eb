package io.servicebreaker.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.coordination.Correlation;
import io.servicebreaker.coordination.FailureCorrelation;
import io.servicebreaker.coordination.SharedCause;
import io.servicebreaker.time.FakeTime;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class CorrelationPropertiesTest {

    private static final String KEYS = "service-breaker.coordination.correlation.";

    private final FakeTime time = new FakeTime();
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(ServiceBreakerAutoConfiguration.class))
            .withBean(FakeTime.class, () -> time)
            .withPropertyValues(
                    "service-breaker.services.chat.provider=openai",
                    "service-breaker.services.embed.provider=openai",
                    "service-breaker.services.near.endpoint-patterns=https://gateway.local/near/**",
                    "service-breaker.services.far.endpoint-patterns=https://gateway.local/far/**",
                    "service-breaker.services.claude.provider=anthropic");

    @ParameterizedTest
    @CsvSource({
        "window, 59s, 1m to 1h",
        "window, 61m, 1m to 1h",
        "false-reports-per-hour, 0, above 0",
        "false-reports-per-hour, 1.1, at most 1",
        "false-reports-per-hour, NaN, above 0"
    })
    void aValueOutOfRangeFailsStartUpWithItsName(String key, String value, String allowed) {
        runner.withPropertyValues(KEYS + key + "=" + value)
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .isInstanceOf(InvalidPropertyException.class)
                        .hasMessageContaining(KEYS + key)
                        .hasMessageContaining(allowed));
    }

    @Test
    void aCorrelationEndsAWindowAfterTheLastFailures() {
        runner.withPropertyValues(KEYS + "window=1m").run(context -> {
            FailureCorrelation correlation = context.getBean(FailureCorrelation.class);
            failTogether(correlation, "chat", "embed");
            pass(correlation, 180);
            assertThat(correlation.correlations()).singleElement().matches(found -> !found.isOpen());
        });
    }

    @Test
    void howManyFalseReportsAreAcceptedDecidesWhatIsFound() {
        runner.withPropertyValues(KEYS + "false-reports-per-hour=0.0000001").run(context -> {
            FailureCorrelation correlation = context.getBean(FailureCorrelation.class);
            failTogether(correlation, "chat", "claude");
            assertThat(correlation.correlations()).isEmpty();
        });
    }

    @Test
    void whatServicesShareIsTakenFromTheirSettings() {
        runner.run(context -> {
            FailureCorrelation correlation = context.getBean(FailureCorrelation.class);
            failTogether(correlation, "chat", "embed");
            failTogether(correlation, "near", "far");
            assertThat(correlation.correlations())
                    .extracting(Correlation::cause)
                    .containsExactly(SharedCause.SHARED_HOST, SharedCause.SHARED_PROVIDER);
        });
    }

    private void failTogether(FailureCorrelation correlation, String... services) {
        pass(correlation, 4 * 3600);
        for (int second = 0; second < 20; second++) {
            for (String service : List.of(services)) {
                correlation
                        .listenerFor(service)
                        .finished(CallRequest.to(service), Outcome.failure(FailureCause.SERVER_ERROR), 1);
            }
            pass(correlation, 1);
        }
    }

    private void pass(FailureCorrelation correlation, int seconds) {
        for (int second = 0; second < seconds; second++) {
            time.advance(Duration.ofSeconds(1));
            correlation.analyse();
        }
    }
}
