package io.servicebreaker.spring;

import static io.servicebreaker.call.DegradationLevel.LIMITED;
import static io.servicebreaker.call.DegradationLevel.MINIMAL;
import static io.servicebreaker.call.DegradationLevel.REDUCED;
import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.call.DegradationSteps;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;

/** How calls may ask for less, in the user's words. */
class ProfileStepsTest {

    private static final String OPENAI = "service-breaker.profiles.openai.steps.";

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(ServiceBreakerAutoConfiguration.class))
            .withPropertyValues("service-breaker.services.chat.provider=openai");

    @Test
    void addToOursAndReplaceThoseOfTheSameName() {
        runner.withPropertyValues(OPENAI + "2.model=gpt-4o-mini", OPENAI + "2.max-tokens=700", OPENAI + "3.tone=terse")
                .run(context -> {
                    DegradationSteps steps = steps(context);
                    assertThat(steps.at(REDUCED).model()).hasValue("gpt-4.1-mini");
                    assertThat(steps.at(LIMITED).model()).hasValue("gpt-4o-mini");
                    assertThat(steps.at(MINIMAL).maxTokens()).hasValue(700);
                    assertThat(steps.at(MINIMAL).get("tone")).hasValue("terse");
                    assertThat(steps.at(MINIMAL).get("prompt")).hasValue("short");
                });
    }

    @Test
    void areReadFromYaml() {
        String yaml = """
                service-breaker:
                  profiles:
                    openai:
                      steps:
                        1: {model: gpt-4o-mini, max-tokens: 900, "[top.k]": 3}
                """;
        runner.withInitializer(
                        context -> context.getEnvironment().getPropertySources().addFirst(load(yaml)))
                .run(context -> {
                    assertThat(steps(context).at(REDUCED).model()).hasValue("gpt-4o-mini");
                    assertThat(steps(context).at(REDUCED).maxTokens()).hasValue(900);
                    assertThat(steps(context).at(REDUCED).number("top.k")).hasValue(3);
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "5", "12", "reduced"})
    void ofALevelThatDoesNotExistFailStartUp(String level) {
        runner.withPropertyValues(OPENAI + level + ".model=gpt-4o-mini")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(InvalidPropertyException.class)
                        .hasMessage(OPENAI + level + " is not a degradation level. Use 1 to 4."));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "few"})
    void withoutAnyTokensFailStartUp(String tokens) {
        runner.withPropertyValues(OPENAI + "1.max-tokens=" + tokens)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(InvalidPropertyException.class)
                        .hasMessageStartingWith(OPENAI + "1.max-tokens=" + tokens + " is out of range"));
    }

    @Test
    void withAModelOfWhichNobodyKnowsThePriceFailStartUp() {
        runner.withPropertyValues(OPENAI + "1.model=gpt-4.1-nanno")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(InvalidPropertyException.class)
                        .hasMessage(OPENAI
                                + "1.model=gpt-4.1-nanno is a model of which the profile has no price. Correct the "
                                + "name, or add service-breaker.profiles.openai.prices[gpt-4.1-nanno]."));
    }

    @ParameterizedTest
    @CsvSource({
        "service-breaker.profiles.openai.prices[my-model].input",
        "service-breaker.cost.prices[my-*].input",
    })
    void mayHaveAModelOfAPriceThatIsConfigured(String price) {
        runner.withPropertyValues(OPENAI + "1.model=my-model", price + "=1")
                .run(context -> assertThat(steps(context).at(REDUCED).model()).hasValue("my-model"));
    }

    @Test
    void needNoPricesInTheCurrencyThatIsCounted() {
        runner.withPropertyValues(OPENAI + "1.model=gpt-4o-mini", "service-breaker.cost.currency=EUR")
                .run(context -> assertThat(context).hasNotFailed());
    }

    private static PropertySource<?> load(String yaml) {
        try {
            return new YamlPropertySourceLoader()
                    .load("yaml", new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)))
                    .get(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static DegradationSteps steps(ApplicationContext context) {
        return context.getBean(ConfiguredServices.class)
                .service("chat")
                .provider()
                .steps();
    }
}
