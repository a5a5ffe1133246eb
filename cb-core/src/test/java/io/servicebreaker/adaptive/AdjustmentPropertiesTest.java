package io.servicebreaker.adaptive;

import static io.servicebreaker.adaptive.AdjustedWorld.BASELINE;
import static io.servicebreaker.adaptive.AdjustedWorld.FAILURE;
import static io.servicebreaker.adaptive.AdjustedWorld.SERVICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.servicebreaker.adaptive.AdaptiveSettings.Mode;
import io.servicebreaker.adaptive.Overlay.Owner;
import io.servicebreaker.adaptive.ThresholdsAdjusted.Step;
import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.support.CapturedLog;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.statistics.Statistics;

/** Whatever is recommended, happens and is undone, and in which order: no threshold leaves its bounds, and all end. */
class AdjustmentPropertiesTest {

    private static final double ROUNDING = 1e-8;

    private final List<CapturedLog> quiet =
            List.of(CapturedLog.of(InternalFaults.class), CapturedLog.of(Adjustments.class));

    @AfterProperty
    void logAgain() {
        quiet.forEach(CapturedLog::close);
    }

    /** Something that happens to a service, which can be told when it matters. */
    record Happening(String what, Consumer<AdjustedWorld> change) {

        @Override
        public String toString() {
            return what;
        }
    }

    @Property(tries = 300)
    void noValueLeavesItsBoundsAndWhenAllIsOverEachIsAsConfigured(
            @ForAll @Size(min = 1, max = 60) List<@From("happeningsAndJumps") Happening> happenings,
            @ForAll @DoubleRange(min = 0.01, max = 0.99) double maxAdjustment) {
        try (AdjustedWorld world = new AdjustedWorld(settings(maxAdjustment))) {
            for (Happening happening : happenings) {
                happening.change().accept(world);
                mustBeWithinBounds(world.effective(), maxAdjustment);
                assertThat(world.effective())
                        .isEqualTo(
                                world.adjuster.settings(SERVICE).orElseThrow().effective());
            }

            world.advice = List.of();
            world.conditions = Conditions.UNKNOWN;
            world.pass(Duration.ofDays(31));

            assertThat(world.effective()).isEqualTo(BASELINE);
            assertThat(world.overlays()).isEmpty();
        }
    }

    @Property(tries = 300)
    void nothingThatIsLearnedIsAppliedBeforeItsTime(
            @ForAll @Size(min = 1, max = 60) List<@From("happenings") Happening> happenings) {
        try (AdjustedWorld world = new AdjustedWorld(settings(0.3))) {
            happenings.forEach(happening -> happening.change().accept(world));

            List<Instant> applied = world.happened().stream()
                    .filter(step -> step.owner() == Owner.LEARNING && step.step() == Step.APPLIED)
                    .map(ThresholdsAdjusted::at)
                    .toList();
            Statistics.label("adjusted more than once")
                    .collect(applied.size() > 1)
                    .coverage(coverage -> coverage.check(true).percentage(share -> share > 5));
            for (int i = 1; i < applied.size(); i++) {
                assertThat(Duration.between(applied.get(i - 1), applied.get(i)))
                        .isGreaterThanOrEqualTo(Duration.ofHours(1));
            }
        }
    }

    private static AdaptiveSettings settings(double maxAdjustment) {
        return new AdaptiveSettings(
                Mode.AUTO, Duration.ofDays(30), 10, maxAdjustment, Duration.ofHours(1), 0.8, true, 0.1);
    }

    private static void mustBeWithinBounds(BreakerSettings effective, double maxAdjustment) {
        for (Parameter parameter : Parameter.values()) {
            double configured = parameter.of(BASELINE);
            assertThat(parameter.of(effective))
                    .as(parameter.key())
                    .isCloseTo(configured, within(configured * maxAdjustment * (1 + ROUNDING)));
            assertThat(parameter.allows(BASELINE, parameter.of(effective))).isTrue();
            assertThat(parameter.with(effective, parameter.of(BASELINE)).earlyOpening())
                    .isEqualTo(BASELINE.earlyOpening());
        }
        for (Parameter parameter : Parameter.values()) {
            effective = parameter.with(effective, parameter.of(BASELINE));
        }
        assertThat(effective).as("but for what can be adjusted").isEqualTo(BASELINE);
    }

    @Provide
    Arbitrary<Happening> happeningsAndJumps() {
        return Arbitraries.oneOf(
                happenings(),
                happenings(),
                happenings(),
                Arbitraries.longs()
                        .between(-100, 100)
                        .map(hours -> new Happening(
                                "the wall clock jumps " + hours + " h",
                                world -> world.time.set(Duration.ofHours(hours)))));
    }

    @Provide
    Arbitrary<Happening> happenings() {
        return Arbitraries.frequencyOf(
                Tuple.of(3, advice(credible())),
                Tuple.of(1, advice(absurd())),
                Tuple.of(1, conditions()),
                Tuple.of(1, calls()),
                Tuple.of(6, hours()),
                Tuple.of(1, silence()),
                Tuple.of(1, undoing()));
    }

    private static Arbitrary<Happening> silence() {
        return Arbitraries.longs()
                .between(0, Duration.ofDays(2).toSeconds())
                .map(seconds -> new Happening(seconds + " s pass", world -> world.pass(Duration.ofSeconds(seconds))));
    }

    private static Arbitrary<Happening> undoing() {
        return Arbitraries.longs()
                .between(1, 10)
                .map(hours -> new Happening(
                        "undone for " + hours + " h",
                        world -> world.adjuster.undo(SERVICE, "no", Duration.ofHours(hours))));
    }

    private static Arbitrary<Happening> hours() {
        return Arbitraries.integers()
                .between(1, 5)
                .map(hours -> new Happening(hours + " h of few calls", world -> {
                    for (int i = 0; i < 10 * hours; i++) {
                        world.pass(Duration.ofMinutes(6));
                        world.call(Outcome.SUCCESS);
                    }
                }));
    }

    private static Arbitrary<Recommendation> credible() {
        return Combinators.combine(
                        Arbitraries.of(Parameter.class),
                        Arbitraries.doubles().between(0.2, 3),
                        Arbitraries.doubles().between(0.7, 1))
                .as((parameter, factor, confidence) ->
                        AdjustedWorld.recommended(parameter, parameter.of(BASELINE) * factor, confidence));
    }

    private static Arbitrary<Recommendation> absurd() {
        return Combinators.combine(
                        Arbitraries.of(Parameter.class),
                        Arbitraries.oneOf(
                                Arbitraries.doubles(),
                                Arbitraries.of(
                                        Double.NaN,
                                        Double.POSITIVE_INFINITY,
                                        Double.NEGATIVE_INFINITY,
                                        0.0,
                                        4294967301.0)),
                        Arbitraries.of(0.9, Double.NaN, 2.0, -1.0))
                .as(AdjustedWorld::recommended);
    }

    private static Arbitrary<Happening> advice(Arbitrary<Recommendation> recommendation) {
        return recommendation
                .list()
                .ofMaxSize(5)
                .map(advice -> new Happening("advice " + advice, world -> world.advice = advice));
    }

    private static Arbitrary<Happening> conditions() {
        Arbitrary<Double> numbers = Arbitraries.oneOf(
                Arbitraries.doubles().between(0, 2),
                Arbitraries.of(Double.NaN, Double.POSITIVE_INFINITY, -1.0, 0.0, 1e300, 1e-300));
        return Combinators.combine(numbers, numbers, numbers, numbers, numbers)
                .as(Conditions::new)
                .map(conditions -> new Happening(conditions.toString(), world -> {
                    world.conditions = conditions;
                    world.pass(Duration.ofSeconds(10));
                }));
    }

    private static Arbitrary<Happening> calls() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 40),
                        Arbitraries.integers().between(0, 6))
                .as((good, bad) -> new Happening(good + " good calls, " + bad + " bad ones", world -> {
                    for (int i = 0; i < good; i++) {
                        world.call(Outcome.SUCCESS);
                    }
                    for (int i = 0; i < bad; i++) {
                        world.call(FAILURE);
                    }
                }));
    }
}
