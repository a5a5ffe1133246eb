package io.servicebreaker.spring.aop;

import static io.servicebreaker.spring.aop.DegradedServices.bringDown;
import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.annotation.DegradeAt;
import io.servicebreaker.annotation.ServiceBreaker;
import io.servicebreaker.call.Degradation;
import io.servicebreaker.call.DegradationHints;
import io.servicebreaker.call.DegradationLevel;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The examples of docs/coordination.md. */
class DocumentedHintsTest {

    @Test
    void doWhatIsSaidOfThem() {
        DegradedServices.runner()
                .withPropertyValues("app.small-model=gpt-4.1-nano")
                .withBean(Examples.class)
                .run(context -> {
                    Examples examples = context.getBean(Examples.class);
                    assertThat(examples.search("why", null)).isEqualTo("20 passages, 20 hybrid");
                    assertThat(examples.complete("why")).isEqualTo("why by gpt-4.1 in 4000");

                    bringDown(context, "weather", "maps");

                    assertThat(examples.search("why", null)).isEqualTo("5 passages, 5 naive");
                    assertThat(examples.complete("why")).isEqualTo("why by gpt-4.1-nano in 500");
                });
    }

    static class Examples {

        @ServiceBreaker("lightrag")
        public String search(String question, @Nullable DegradationLevel level) {
            int passages = level == null || level.isAtLeast(DegradationLevel.REDUCED) ? 5 : 20;
            int topK = Degradation.hints().number("top-k").orElse(20);
            String mode = Degradation.hints().get("mode").orElse("hybrid");
            return passages + " passages, " + topK + " " + mode;
        }

        @ServiceBreaker(value = "openai", model = "gpt-4.1", estimatedTokens = "#prompt.length() / 4")
        @DegradeAt(level = 1, maxTokens = 1000)
        @DegradeAt(level = 2, model = "${app.small-model}", maxTokens = 500)
        public String complete(String prompt) {
            DegradationHints hints = Degradation.hints();
            return ask(
                    prompt, hints.model().orElse("gpt-4.1"), hints.maxTokens().orElse(4000));
        }

        private static String ask(String prompt, String model, int maxTokens) {
            return prompt + " by " + model + " in " + maxTokens;
        }
    }
}
