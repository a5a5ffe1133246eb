package io.servicebreaker.coordination;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.call.DegradationLevel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;

/** Whatever goes wrong and when: a fault more never makes the level better, and without faults all is as before. */
class DegradationPropertiesTest {

    private static final int SERVICES = 5;
    private static final int SECONDS = 300;
    private static final int LONGEST = 120;

    /**
     * A service is not well for a time.
     *
     * @param severity 0 to 1
     * @param from second
     */
    record Fault(int service, double severity, double correlation, int from, int seconds) {

        boolean isAt(int second) {
            return second >= from && second < from + seconds;
        }
    }

    @Property(tries = 500)
    void aFaultMoreNeverLowersTheLevel(
            @ForAll @Size(max = 12) List<@From("faults") Fault> faults,
            @ForAll("faults") Fault another,
            @ForAll("weights") List<Double> weights) {
        try (Course without = new Course(faults, weights);
                Course with = new Course(plus(faults, another), weights)) {
            for (int second = 0; second < SECONDS; second++) {
                without.go(second);
                with.go(second);

                assertThat(with.seen().degradation())
                        .isGreaterThanOrEqualTo(without.seen().degradation());
                assertThat(with.seen().level())
                        .isGreaterThanOrEqualTo(without.seen().level());
                assertThat(with.seen().health())
                        .isLessThanOrEqualTo(without.seen().health());
            }
        }
    }

    @Property(tries = 300)
    void whenAllFaultsAreOverEverythingIsExactlyAsAtTheStart(
            @ForAll @Size(max = 12) List<@From("faults") Fault> faults, @ForAll("weights") List<Double> weights) {
        try (Course course = new Course(faults, weights)) {
            for (int second = 0; second < SECONDS + LONGEST; second++) {
                course.go(second);
            }
            for (int i = 0; i < DegradationMeter.LEVELS * SystemHealth.DWELL.toSeconds() + 1; i++) {
                course.go(Integer.MAX_VALUE);
            }

            SystemSnapshot seen = course.seen();
            assertThat(seen)
                    .isEqualTo(new SystemSnapshot(
                            1,
                            0,
                            DegradationLevel.FULL,
                            Map.of(),
                            SystemMode.NORMAL,
                            seen.since(),
                            Map.of(),
                            null,
                            LoadReading.CALM));
        }
    }

    @Property(tries = 1_000)
    void aLevelThatWaversHoldsForAWhile(@ForAll @Size(min = 2, max = 60) List<@DoubleRange(max = 1) Double> readings) {
        DegradationMeter meter =
                new DegradationMeter(CoordinationSettings.DEFAULTS.steps(), SystemHealth.DWELL.toNanos());
        DegradationLevel before = DegradationLevel.FULL;
        long changed = 0;
        for (int second = 0; second < readings.size(); second++) {
            long now = Duration.ofSeconds(second).toNanos();
            DegradationLevel level = meter.read(readings.get(second), now);
            if (level.compareTo(before) < 0) {
                assertThat(level.step()).isEqualTo(before.step() - 1);
                assertThat(now - changed).isGreaterThanOrEqualTo(SystemHealth.DWELL.toNanos());
            }
            changed = level == before ? changed : now;
            before = level;
        }
    }

    @Provide
    Arbitrary<Fault> faults() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, SERVICES - 1),
                        Arbitraries.doubles().between(0, 1),
                        Arbitraries.doubles().between(0, 1),
                        Arbitraries.integers().between(0, SECONDS - 1),
                        Arbitraries.integers().between(1, LONGEST))
                .as(Fault::new);
    }

    @Provide
    Arbitrary<List<Double>> weights() {
        return Arbitraries.doubles().between(0.01, 100).list().ofSize(SERVICES);
    }

    private static List<Fault> plus(List<Fault> faults, Fault another) {
        return Stream.concat(faults.stream(), Stream.of(another)).toList();
    }

    /** A system that these faults happen to. */
    private static final class Course implements AutoCloseable {

        private final List<Fault> faults;
        private final Fleet fleet;
        private int now;

        Course(List<Fault> faults, List<Double> weights) {
            this.faults = faults;
            Vitals vitals = new Vitals() {
                @Override
                public double signals(String service) {
                    return 1 - worst(service, Fault::severity);
                }

                @Override
                public double correlation(String service) {
                    return worst(service, Fault::correlation);
                }
            };
            List<CoordinatedService> services = IntStream.range(0, SERVICES)
                    .mapToObj(i -> new CoordinatedService(
                            "s" + i, weights.get(i), false, List.of(), CoordinatedService.Dependence.DEGRADE))
                    .toList();
            this.fleet = new Fleet(CoordinationSettings.DEFAULTS, services, vitals, 5);
        }

        private double worst(String service, ToDoubleFunction<Fault> what) {
            return faults.stream()
                    .filter(fault -> service.equals("s" + fault.service) && fault.isAt(now))
                    .mapToDouble(what)
                    .max()
                    .orElse(0);
        }

        void go(int second) {
            now = second;
            fleet.time.advance(Duration.ofSeconds(1));
            fleet.system.update();
        }

        SystemSnapshot seen() {
            return fleet.system.snapshot();
        }

        @Override
        public void close() {
            fleet.close();
        }
    }
}
