package io.servicebreaker.breaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.servicebreaker.breaker.StateMachineExplorer.Explored;
import java.time.Duration;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything that can happen to a breaker with a few callers, and proof that the exploration would see a mistake. */
class StateMachineExplorationTest {

    private static final BreakerSettings SETTINGS = BreakerSettings.defaults().toBuilder()
            .recoveryTimeout(Duration.ofNanos(4))
            .recoveryBackoffMultiplier(2.0)
            .maxRecoveryTimeout(Duration.ofNanos(8))
            .recoveryJitter(0.0)
            .probeTimeout(Duration.ofNanos(6))
            .halfOpenMaxRequests(2)
            .slowCallRateThreshold(1.0)
            .build();

    @Test
    void keepsEveryInvariantWithThreeCallersOfFiveCalls() {
        Explored explored = new StateMachineExplorer(new Rules(SETTINGS), false).explore(3, 5);

        assertThat(explored.worlds()).isGreaterThan(300_000);
        assertThat(explored.states()).isGreaterThan(1_000);
        assertThat(explored.kinds()).containsOnlyKeys(BreakerState.CLOSED, BreakerState.OPEN, BreakerState.HALF_OPEN);
    }

    @Test
    void keepsEveryInvariantWithThreeProbesAndOneSlowProbeTooMany() {
        BreakerSettings settings = SETTINGS.toBuilder()
                .halfOpenMaxRequests(3)
                .slowCallRateThreshold(0.5)
                .probeTimeout(Duration.ofNanos(3))
                .build();

        Explored explored = new StateMachineExplorer(new Rules(settings), false).explore(3, 3);

        assertThat(explored.worlds()).isGreaterThan(40_000);
    }

    @Test
    void keepsEveryInvariantWhileAnOperatorInterferes() {
        Explored explored = new StateMachineExplorer(new Rules(SETTINGS), true).explore(2, 3);

        assertThat(explored.worlds()).isGreaterThan(40_000);
        assertThat(explored.kinds()).containsOnlyKeys(BreakerState.values());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("brokenRules")
    void findsTheMistakeOfABreakerThat(String does, Function<BreakerSettings, Rules> broken, String finding) {
        StateMachineExplorer explorer = new StateMachineExplorer(broken.apply(SETTINGS), true);

        assertThatThrownBy(() -> explorer.explore(3, 3))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(finding);
    }

    static Stream<Arguments> brokenRules() {
        return Stream.of(
                broken(
                        "acceptsLateResultsOfAClosedStay",
                        BrokenRules.AcceptsLateFailures::new,
                        "late result of a closed stay"),
                broken("acceptsLateProbes", BrokenRules.AcceptsLateProbes::new, "a late probe"),
                broken("renewsLateProbes", BrokenRules.RenewsLateProbes::new, "progress of a late probe"),
                broken("acceptsProbesAfterTheirLease", BrokenRules.AcceptsExpiredProbes::new, "a late probe"),
                broken(
                        "keepsTheLeaseOfANeutralProbe",
                        BrokenRules.KeepsLeaseOnNeutral::new,
                        "are not the running probes"),
                broken("givesBackAnotherLeaseAsWell", BrokenRules.MintsOnNeutral::new, "are not the running probes"),
                broken("grantsOneProbeTooMany", BrokenRules.GrantsOneTooMany::new, "granted"),
                broken("neverEndsALease", BrokenRules.NeverEndsALease::new, "are not the running probes"),
                broken("probesTooEarly", BrokenRules.ProbesTooEarly::new, "before the deadline"),
                broken("neverProbes", BrokenRules.NeverProbes::new, "no way out"),
                broken("shortensADeadline", BrokenRules.ShortensADeadline::new, "not held until"),
                broken(
                        "forgetsFailedRecoveries",
                        BrokenRules.ForgetsFailedRecoveries::new,
                        "failed recoveries changed"),
                broken(
                        "closesAfterOneProbe",
                        BrokenRules.ClosesAfterOneProbe::new,
                        "after SUCCESS it is not HALF_OPEN"),
                broken("reusesTheNumberOfAStay", BrokenRules.ReusesStays::new, "began no stay of its own"));
    }

    private static Arguments broken(String does, Function<BreakerSettings, Rules> rules, String finding) {
        return Arguments.of(does, rules, finding);
    }
}
