package io.servicebreaker.spring.aop;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.annotation.DegradeAt;
import io.servicebreaker.annotation.ServiceBreaker;
import io.servicebreaker.call.DegradationLevel;
import org.junit.jupiter.api.Test;

/** Mistakes in what a method says of its levels. */
class DegradationCheckTest {

    @Test
    void refusesTwoLevelsOfOneCall() {
        assertThat(messageFor(TwoLevels.class))
                .contains("DegradationCheckTest$TwoLevels.ask(DegradationLevel, String, DegradationLevel): It has more "
                        + "than one parameter of the type DegradationLevel, and a call has one level. "
                        + "Leave one of them.");
    }

    @Test
    void refusesLevelsThatDoNotExist() {
        assertThat(messageFor(NoLevels.class))
                .contains("NoLevels.tooLow(): @DegradeAt(level = 0) is no level. Use 1 to 4.")
                .contains("NoLevels.tooHigh(): @DegradeAt(level = 5) is no level. Use 1 to 4.");
    }

    @Test
    void refusesTwoHintsOfOneLevel() {
        assertThat(messageFor(Twice.class))
                .contains("Twice.ask(): @DegradeAt(level = 2) is there twice. Say all of a level in one @DegradeAt.");
    }

    @Test
    void refusesHintsOfWhatIsNeverDegraded() {
        assertThat(messageFor(Essential.class))
                .contains("Essential.ask(): It has @DegradeAt and is essential, so that its calls are never degraded. "
                        + "Remove @DegradeAt, or essential.");
    }

    @Test
    void refusesHintsOfUnguardedMethods() {
        String expected = ".ask(): @DegradeAt has no effect: the method has no @ServiceBreaker. "
                + "Add @ServiceBreaker, or remove @DegradeAt.";
        assertThat(messageFor(Unguarded.class)).contains("DegradationCheckTest$Unguarded" + expected);
        assertThat(messageFor(BesideGuarded.class)).contains("DegradationCheckTest$BesideGuarded" + expected);
    }

    @Test
    void refusesAnswersWithoutTokens() {
        assertThat(messageFor(NoTokens.class))
                .contains("NoTokens.ask(): @DegradeAt(level = 1) has maxTokens = 0, and an answer has at least one "
                        + "token. Use 1 or more, or leave maxTokens out.");
    }

    @Test
    void refusesHintsThatSayNothing() {
        assertThat(messageFor(Silent.class))
                .contains("Silent.ask(): @DegradeAt(level = 1) says nothing. Add model or maxTokens, or remove it.");
    }

    @Test
    void refusesModelsThatAreNone() {
        assertThat(messageFor(NoModels.class))
                .contains("NoModels.unresolved(): model = \"${app.missing}\" cannot be resolved")
                .contains(
                        "NoModels.expression(String): @DegradeAt(level = 1) has model = \"#model\", which is no id of "
                                + "a model. Write the id as it is; expressions are not read here.")
                .contains("NoModels.blank(): @DegradeAt(level = 1) has model = \" \", which is no id of a model.");
    }

    private static String messageFor(Class<?> type) {
        String[] message = {""};
        GuardedServices.runner().withBean(type).run(context -> {
            assertThat(context.getStartupFailure()).isInstanceOf(InvalidServiceBreakerException.class);
            message[0] = String.valueOf(context.getStartupFailure().getMessage());
        });
        return message[0];
    }

    static class TwoLevels {

        @ServiceBreaker("openai")
        public void ask(DegradationLevel one, String question, DegradationLevel other) {}
    }

    static class NoLevels {

        @ServiceBreaker("openai")
        @DegradeAt(level = 0, model = "gpt-4.1-nano")
        public void tooLow() {}

        @ServiceBreaker("openai")
        @DegradeAt(level = 5, model = "gpt-4.1-nano")
        public void tooHigh() {}
    }

    static class Twice {

        @ServiceBreaker("openai")
        @DegradeAt(level = 2, model = "gpt-4.1-nano")
        @DegradeAt(level = 2, maxTokens = 500)
        public void ask() {}
    }

    static class Essential {

        @ServiceBreaker(value = "openai", essential = true)
        @DegradeAt(level = 2, model = "gpt-4.1-nano")
        public void ask() {}
    }

    static class Unguarded {

        @DegradeAt(level = 2, model = "gpt-4.1-nano")
        public void ask() {}
    }

    static class BesideGuarded {

        @DegradeAt(level = 2, model = "gpt-4.1-nano")
        @DegradeAt(level = 3, maxTokens = 500)
        public void ask() {}

        @ServiceBreaker("openai")
        public void other() {}
    }

    static class NoTokens {

        @ServiceBreaker("openai")
        @DegradeAt(level = 1, maxTokens = 0)
        public void ask() {}
    }

    static class Silent {

        @ServiceBreaker("openai")
        @DegradeAt(level = 1)
        public void ask() {}
    }

    static class NoModels {

        @ServiceBreaker("openai")
        @DegradeAt(level = 1, model = "${app.missing}")
        public void unresolved() {}

        @ServiceBreaker("openai")
        @DegradeAt(level = 1, model = "#model")
        public void expression(String model) {}

        @ServiceBreaker("openai")
        @DegradeAt(level = 1, model = " ")
        public void blank() {}
    }
}
