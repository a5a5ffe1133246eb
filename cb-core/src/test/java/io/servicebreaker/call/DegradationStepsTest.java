package io.servicebreaker.call;

import static io.servicebreaker.call.DegradationLevel.CACHE_ONLY;
import static io.servicebreaker.call.DegradationLevel.FULL;
import static io.servicebreaker.call.DegradationLevel.LIMITED;
import static io.servicebreaker.call.DegradationLevel.MINIMAL;
import static io.servicebreaker.call.DegradationLevel.REDUCED;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class DegradationStepsTest {

    private static final DegradationSteps STEPS = DegradationSteps.of(Map.of(
            REDUCED, Map.of("model", "small", "top-k", "5"),
            MINIMAL, Map.of("model", "smallest", "max-tokens", "300")));

    @Test
    void aLevelSuggestsWhatLowerOnesDoUnlessItSaysOtherwise() {
        assertThat(STEPS.at(FULL).values()).isEmpty();
        assertThat(STEPS.at(REDUCED).values()).isEqualTo(Map.of("model", "small", "top-k", "5"));
        assertThat(STEPS.at(LIMITED).values()).isEqualTo(STEPS.at(REDUCED).values());
        assertThat(STEPS.at(CACHE_ONLY).values())
                .isEqualTo(Map.of("model", "smallest", "top-k", "5", "max-tokens", "300"));
        assertThat(STEPS.at(LIMITED).level()).isEqualTo(LIMITED);
    }

    @Test
    void theStrongerOnesWinFromTheirLevelOn() {
        DegradationSteps both =
                DegradationSteps.of(Map.of(LIMITED, Map.of("model", "mine"))).over(STEPS);

        assertThat(both.at(REDUCED).model()).hasValue("small");
        assertThat(both.at(LIMITED).model()).hasValue("mine");
        assertThat(both.at(MINIMAL).model()).hasValue("mine");
        assertThat(both.at(MINIMAL).maxTokens()).hasValue(300);
    }

    @Test
    void canBeTakenWithoutAName() {
        DegradationSteps others = STEPS.without("model");

        assertThat(others.at(REDUCED).values()).isEqualTo(Map.of("top-k", "5"));
        assertThat(others.at(MINIMAL).values()).isEqualTo(Map.of("top-k", "5", "max-tokens", "300"));
    }

    @Test
    void hintsAreReadByNameAndAsNumbers() {
        DegradationHints hints = STEPS.at(REDUCED);

        assertThat(hints.get("top-k")).hasValue("5");
        assertThat(hints.number("top-k")).hasValue(5);
        assertThat(hints.number("model")).isEmpty();
        assertThat(hints.number("unheard-of")).isEmpty();
        assertThat(hints.get("unheard-of")).isEmpty();
        assertThat(hints.maxTokens()).isEmpty();
    }

    @Test
    void aCallFindsThoseOfItsServiceForTheLevelOfNow() throws Exception {
        try (CallFixture fixture = new CallFixture()) {
            AtomicReference<DegradationLevel> level = new AtomicReference<>(FULL);
            CallOrchestrator orchestrator =
                    fixture.guardedBy(new Guard(List.of(), fixture.classifier, CallListener.NONE, level::get, STEPS));

            orchestrator.call(CallRequest.to("openai"), () -> {
                assertThat(Degradation.hints().model()).isEmpty();
                level.set(REDUCED);
                assertThat(Degradation.hints().model()).hasValue("small");
                return null;
            });

            assertThat(orchestrator.call(CallRequest.to("openai").essential(), Degradation::hints))
                    .isEqualTo(STEPS.at(FULL));
            assertThat(orchestrator.degradation(CallRequest.to("openai"))).isEqualTo(REDUCED);
            assertThat(orchestrator.degradation(CallRequest.to("openai").essential()))
                    .isEqualTo(FULL);
            assertThat(Degradation.hints().values()).isEmpty();
        }
    }

    @Test
    void aCallKeepsWhatWasDecidedBeforehand() throws Exception {
        try (CallFixture fixture = new CallFixture()) {
            CallOrchestrator orchestrator = fixture.guardedBy(
                    new Guard(List.of(), fixture.classifier, CallListener.NONE, () -> MINIMAL, STEPS));
            DegradationHints decided = new DegradationHints(REDUCED, Map.of("model", "mine"));
            CallRequest request = CallRequest.to("openai")
                    .hints(decided)
                    .operation("chat")
                    .model("mine")
                    .estimatedTokens(1, 2)
                    .category("batch")
                    .credential("key")
                    .deadline(Duration.ofSeconds(1))
                    .prompt(new NoTokens())
                    .withoutPrompt();

            assertThat(orchestrator.call(request, Degradation::hints)).isSameAs(decided);
            assertThat(request.essential().hints()).isSameAs(decided);
        }
    }

    @Test
    void aFaultOfOursIsNoReasonToAskForLess() throws Exception {
        try (CallFixture fixture = new CallFixture()) {
            CallOrchestrator orchestrator = fixture.guardedBy(new Guard(
                    List.of(),
                    fixture.classifier,
                    CallListener.NONE,
                    () -> {
                        throw new IllegalStateException("broken");
                    },
                    STEPS));

            assertThat(orchestrator.degradation(CallRequest.to("openai"))).isEqualTo(FULL);
            assertThat(fixture.faults.count()).isOne();
        }
    }

    private static final class NoTokens implements PromptTokens {

        @Override
        public int input() {
            return 0;
        }

        @Override
        public int mostOutput() {
            return 0;
        }
    }
}
