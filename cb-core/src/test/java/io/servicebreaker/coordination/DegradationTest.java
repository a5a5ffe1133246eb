package io.servicebreaker.coordination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import io.servicebreaker.breaker.BreakerState;
import io.servicebreaker.call.DegradationLevel;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DegradationTest {

    private final Fleet fleet = Fleet.of("a", "b", "c", "d");

    @AfterEach
    void close() {
        fleet.close();
    }

    @Test
    void isNoneWhileAllServicesAreWell() {
        fleet.pass(Duration.ofMinutes(1));

        SystemSnapshot seen = fleet.system.snapshot();
        assertThat(seen.health()).isEqualTo(1);
        assertThat(seen.degradation()).isZero();
        assertThat(seen.level()).isEqualTo(DegradationLevel.FULL);
        assertThat(seen.mode()).isEqualTo(SystemMode.NORMAL);
        assertThat(seen.factors()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1, REDUCED", "2, LIMITED", "3, MINIMAL", "4, CACHE_ONLY"})
    void risesAStepWithEachOfFourServicesThatGoesDown(int down, DegradationLevel level) {
        List<String> names = List.of("a", "b", "c", "d");
        try (Fleet four = new Fleet(
                Fleet.settings(true, false),
                names.stream().map(CoordinatedService::of).toList(),
                Vitals.NONE,
                5)) {
            for (String service : names.subList(0, down)) {
                four.open(service);
                four.pass(Duration.ofSeconds(2)); // so that it is no incident
            }

            assertThat(four.system.snapshot().level()).isEqualTo(level);
            assertThat(four.system.snapshot().health()).isEqualTo(1 - down / 4.0);
            assertThat(four.system.snapshot().factors()).hasSize(down);
        }
    }

    @Test
    void risesBeforeTheNextLookWhenABreakerOpens() {
        fleet.open("a");

        assertThat(fleet.system.snapshot().level()).isEqualTo(DegradationLevel.REDUCED);
        assertThat(fleet.system.snapshot().mode()).isEqualTo(SystemMode.DEGRADED);
        assertThat(fleet.told(DegradationChanged.class))
                .containsExactly(new DegradationChanged(
                        fleet.time.now(), "", DegradationLevel.FULL, DegradationLevel.REDUCED, "not well: a"));
    }

    @Test
    void fallsAStepAtATimeAndEachHoldsForAWhile() {
        fleet.open("a");
        fleet.pass(Duration.ofSeconds(2));
        fleet.open("b");
        fleet.pass(Duration.ofSeconds(20));
        fleet.breaker("a").close("repaired", null);
        fleet.breaker("b").close("repaired", null);
        fleet.flush();

        fleet.pass(SystemHealth.DWELL);
        assertThat(fleet.system.snapshot().level()).isEqualTo(DegradationLevel.LIMITED);
        fleet.pass(Duration.ofSeconds(1));
        assertThat(fleet.system.snapshot().level()).isEqualTo(DegradationLevel.REDUCED);
        fleet.pass(SystemHealth.DWELL);
        assertThat(fleet.system.snapshot().level()).isEqualTo(DegradationLevel.FULL);
        assertThat(fleet.system.snapshot().mode()).isEqualTo(SystemMode.NORMAL);
    }

    @Test
    void aServiceThatMayBeCalledAgainAndIsNotDegradesNobody() {
        fleet.open("a");
        fleet.pass(Fleet.OPEN_TIME.plus(SystemHealth.DWELL).plusSeconds(1));

        assertThat(fleet.state("a")).isEqualTo(BreakerState.OPEN);
        assertThat(fleet.system.snapshot().level()).isEqualTo(DegradationLevel.FULL);
        assertThat(fleet.system.snapshot().health()).isEqualTo(1);
    }

    @Test
    void weighsAServiceByWhatItMatters() {
        try (Fleet unequal = new Fleet(
                CoordinatedService.of("small"),
                new CoordinatedService("great", 10, false, List.of(), CoordinatedService.Dependence.DEGRADE))) {
            unequal.open("small");
            assertThat(unequal.system.snapshot().level()).isEqualTo(DegradationLevel.FULL);

            unequal.open("great");

            assertThat(unequal.system.snapshot().level()).isEqualTo(DegradationLevel.CACHE_ONLY);
        }
    }

    @Test
    void isHandedToTheCallsOfAllServicesButTheCache() {
        try (Fleet cached = new Fleet(CoordinatedService.of("a"), CoordinatedService.of("b"), Fleet.cache("cache"))) {
            cached.open("a");

            assertThat(cached.system.levelOf("b").get()).isEqualTo(DegradationLevel.LIMITED);
            assertThat(cached.system.levelOf("cache").get()).isEqualTo(DegradationLevel.FULL);
        }
    }

    @Test
    void isNotHandedOutWhenItIsSwitchedOff() {
        try (Fleet blunt = new Fleet(
                Fleet.settings(false, true),
                List.of(CoordinatedService.of("a"), CoordinatedService.of("b")),
                Vitals.NONE,
                5)) {
            blunt.open("a");

            assertThat(blunt.system.snapshot().degradation()).isGreaterThan(0.5);
            assertThat(blunt.system.snapshot().level()).isEqualTo(DegradationLevel.FULL);
            assertThat(blunt.system.levelOf("b").get()).isEqualTo(DegradationLevel.FULL);
        }
    }

    @Test
    void isForgottenWhenNobodyLooksAnyMore() {
        fleet.open("a");
        fleet.time.advance(Duration.ofSeconds(5));
        assertThat(fleet.system.levelOf("b").get()).isEqualTo(DegradationLevel.REDUCED);

        fleet.time.advance(Duration.ofNanos(1));

        assertThat(fleet.system.levelOf("b").get()).isEqualTo(DegradationLevel.FULL);
    }

    /** A65: nothing is ever written into the settings of a service. */
    @Test
    void leavesEverySettingAsItWasA65() {
        var before = fleet.breaker("b").snapshot().settings();
        for (int i = 0; i < 5; i++) {
            fleet.open("a");
            fleet.recover("a");
            fleet.pass(Duration.ofMinutes(10)); // failed recoveries are forgotten
        }

        assertThat(fleet.breaker("b").snapshot().settings()).isEqualTo(before);
        assertThat(fleet.system.snapshot().level()).isEqualTo(DegradationLevel.FULL);
        assertThat(fleet.system.snapshot().degradation()).isZero();
    }

    @Test
    void isMoreWhereFailuresAreCorrelatedAndNoneWhereThereAreNone() {
        Vitals correlated = new Vitals() {
            @Override
            public double correlation(String service) {
                return 1;
            }

            @Override
            public double signals(String service) {
                return service.equals("a") ? 0.5 : 1;
            }
        };
        List<CoordinatedService> services = List.of(CoordinatedService.of("a"), CoordinatedService.of("b"));
        try (Fleet company = new Fleet(CoordinationSettings.DEFAULTS, services, correlated, 5)) {
            company.pass(Duration.ofSeconds(1));

            // severity 0.5 ^ (1/2) of one of two: (1 - (1 - 0.8 * 0.707)^0.5) / 0.8
            assertThat(company.system.snapshot().degradation()).isCloseTo(0.426, offset(0.001));
            assertThat(company.system.snapshot().factors()).containsOnlyKeys("a");
        }
    }

    @Test
    void takesNonsenseOfOthersForTheWorst() {
        Vitals nonsense = new Vitals() {
            @Override
            public double signals(String service) {
                return Double.NaN;
            }

            @Override
            public double correlation(String service) {
                return Double.POSITIVE_INFINITY;
            }
        };
        try (Fleet confused =
                new Fleet(CoordinationSettings.DEFAULTS, List.of(CoordinatedService.of("a")), nonsense, 5)) {
            confused.pass(Duration.ofSeconds(1));

            assertThat(confused.system.snapshot().degradation()).isEqualTo(1);
            assertThat(confused.system.snapshot().health()).isZero();
        }
    }
}
