package io.servicebreaker.coordination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.DegradationLevel;
import io.servicebreaker.call.Permit;
import io.servicebreaker.call.Rejection;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.call.RejectionScope;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SystemEmergencyTest {

    private static final List<CoordinatedService> SERVICES = List.of(
            CoordinatedService.of("a"),
            CoordinatedService.of("b"),
            CoordinatedService.of("c"),
            CoordinatedService.of("d"),
            Fleet.cache("cache"));

    private @Nullable String exhaustion;
    private final Vitals vitals = new Vitals() {
        @Override
        public @Nullable String exhaustion() {
            return exhaustion;
        }
    };
    private final Fleet fleet = new Fleet(CoordinationSettings.DEFAULTS, SERVICES, vitals, 5);

    @AfterEach
    void close() {
        fleet.close();
    }

    @Test
    void letsEssentialCallsAndTheCacheThroughAndNothingElse() {
        fleet.system.declareEmergency("drill", "ada", Duration.ofMinutes(10));

        assertThat(fleet.ask("a"))
                .isEqualTo(new Rejection(
                        RejectionReason.EMERGENCY,
                        RejectionScope.SYSTEM,
                        Duration.ofMinutes(10).toNanos(),
                        "drill"));
        assertThat(fleet.ask(CallRequest.to("a").essential())).isInstanceOf(Permit.class);
        assertThat(fleet.ask("cache")).isInstanceOf(Permit.class);
        assertThat(fleet.system.snapshot().mode()).isEqualTo(SystemMode.EMERGENCY);
    }

    @Test
    void letsProbesThrough() {
        fleet.open("a");
        fleet.system.declareEmergency("drill", "ada", Duration.ofMinutes(10));
        fleet.pass(Fleet.OPEN_TIME);

        assertThat(fleet.succeed("a")).isTrue();
        assertThat(fleet.succeed("b")).isFalse();
    }

    @Test
    void endsByItself() {
        fleet.system.declareEmergency("drill", "ada", Duration.ofMinutes(10));
        fleet.pass(Duration.ofMinutes(10).minusNanos(1));
        assertThat(fleet.succeed("a")).isFalse();

        fleet.pass(Duration.ofNanos(1));

        assertThat(fleet.succeed("a")).isTrue();
        assertThat(fleet.system.snapshot().mode()).isEqualTo(SystemMode.NORMAL);
        assertThat(fleet.system.snapshot().emergency()).isNull();
    }

    @Test
    void endsByItselfEvenIfNobodyLooks() {
        fleet.system.declareEmergency("drill", "ada", Duration.ofSeconds(3));

        fleet.time.advance(Duration.ofSeconds(3));

        assertThat(fleet.succeed("a")).isTrue();
    }

    @Test
    void isNotTrustedWhenNobodyLooksForTooLong() {
        fleet.system.declareEmergency("drill", "ada", Duration.ofMinutes(10));

        fleet.time.advance(CoordinationSettings.DEFAULTS.timeout().plusNanos(1));

        assertThat(fleet.succeed("a")).isTrue();
    }

    @Test
    void endsOnCommand() {
        fleet.system.declareEmergency("drill", "ada", Duration.ofMinutes(10));

        assertThat(fleet.system.endEmergency()).isNotNull();

        assertThat(fleet.succeed("a")).isTrue();
        assertThat(fleet.system.endEmergency()).isNull();
    }

    @Test
    void isDeclaredWhenTooLittleOfTheSystemIsLeftAndEndsWhenEnoughIsBack() {
        fleet.open("a", "b", "c", "d");
        assertThat(fleet.system.snapshot().mode()).isEqualTo(SystemMode.EMERGENCY);
        Emergency emergency = fleet.system.snapshot().emergency();
        assertThat(emergency).isNotNull();
        assertThat(emergency.automatic()).isTrue();
        assertThat(emergency.reason()).contains("below 0.3").contains("a, b, c");

        fleet.pass(Fleet.OPEN_TIME.minusSeconds(1));
        assertThat(fleet.system.snapshot().mode()).isEqualTo(SystemMode.EMERGENCY);
        fleet.breaker("a").close("repaired", null);
        fleet.flush();

        assertThat(fleet.system.snapshot().emergency()).isNull();
        assertThat(fleet.succeed("d")).isTrue();
    }

    @Test
    void refusesNobodyOnceEnoughServicesAreBackAlsoBeforeTheNextLook() {
        fleet.open("a", "b", "c");
        SystemGate gate = fleet.system.gate("d");
        assertThat(gate.admit(CallRequest.to("d"), fleet.time.nanos())).isInstanceOf(Rejection.class);

        fleet.held(() -> {
            fleet.breaker("a").reset("repaired", null);
            assertThat(fleet.system.snapshot().mode()).isEqualTo(SystemMode.EMERGENCY);
            assertThat(gate.admit(CallRequest.to("d"), fleet.time.nanos())).isInstanceOf(Permit.class);
        });
    }

    @Test
    void isNotDeclaredBecauseAnOperatorHoldsServicesOpen() {
        List.of("a", "b", "c").forEach(service -> fleet.breaker(service).forceOpen("maintenance", null));
        fleet.flush();

        assertThat(fleet.system.snapshot().mode()).isEqualTo(SystemMode.DEGRADED);
        assertThat(fleet.succeed("d")).isTrue();
    }

    @Test
    void doesNotHoldForAServiceThatAnOperatorHasDisabledOrOnlyObserves() {
        fleet.breaker("a").disable("test", null);
        fleet.breaker("b").observe("test", null);
        fleet.system.declareEmergency("drill", "ada", Duration.ofMinutes(10));

        assertThat(fleet.succeed("a")).isTrue();
        assertThat(fleet.succeed("b")).isTrue();
        assertThat(fleet.breaker("b").snapshot().unenforcedRefusals()).isEqualTo(1);
    }

    @Test
    void isDeclaredAfterAnEmergencyByCommandIfThereIsACauseThen() {
        fleet.system.declareEmergency("drill", "ada", Duration.ofSeconds(5));
        exhaustion = "no heap left";
        fleet.pass(Duration.ofSeconds(6));

        assertThat(fleet.system.snapshot().emergency()).isNotNull();
        assertThat(fleet.system.snapshot().emergency().automatic()).isTrue();
    }

    @Test
    void leavesItToTheBreakerOfAServiceThatIsDownToSayWhy() {
        fleet.open("a", "b", "c");

        assertThat(fleet.ask("a")).isInstanceOfSatisfying(Rejection.class, refusal -> {
            assertThat(refusal.reason()).isEqualTo(RejectionReason.OPEN);
            assertThat(refusal.retryAfter()).contains(Fleet.OPEN_TIME);
        });
    }

    @Test
    void endsAfterItsLongestTimeAlthoughTheCauseRemainsAndIsDeclaredAgainOnlyForAnotherOne() {
        exhaustion = "no heap left";
        fleet.pass(Duration.ofSeconds(1));
        assertThat(fleet.system.snapshot().mode()).isEqualTo(SystemMode.EMERGENCY);

        fleet.pass(CoordinationSettings.DEFAULTS.emergencyTimeout());
        assertThat(fleet.system.snapshot().emergency()).isNull();
        fleet.pass(Duration.ofHours(1));
        assertThat(fleet.system.snapshot().emergency()).isNull();

        exhaustion = null;
        fleet.pass(Duration.ofSeconds(1));
        exhaustion = "no heap left";
        fleet.pass(Duration.ofSeconds(1));
        assertThat(fleet.system.snapshot().emergency()).isNotNull();
    }

    @Test
    void isNotDeclaredAgainForTheCauseThatItWasEndedInSpiteOf() {
        exhaustion = "no heap left";
        fleet.pass(Duration.ofSeconds(1));

        fleet.system.endEmergency();
        fleet.pass(Duration.ofMinutes(1));

        assertThat(fleet.system.snapshot().emergency()).isNull();
    }

    @Test
    void isNotDeclaredWhereThatIsSwitchedOff() {
        try (Fleet calm = new Fleet(Fleet.settings(true, false), SERVICES, vitals, 5)) {
            exhaustion = "no heap left";
            calm.open("a", "b", "c", "d");

            assertThat(calm.system.snapshot().emergency()).isNull();
        }
    }

    @Test
    void isToldOfWhenItBeginsAndEnds() {
        fleet.system.declareEmergency("drill", "ada", Duration.ofSeconds(2));
        fleet.pass(Duration.ofSeconds(2));

        assertThat(fleet.told(SystemModeChanged.class))
                .extracting(SystemModeChanged::from, SystemModeChanged::to, SystemModeChanged::reason)
                .containsExactly(
                        tuple(SystemMode.NORMAL, SystemMode.EMERGENCY, "drill"),
                        tuple(SystemMode.EMERGENCY, SystemMode.NORMAL, "all services are well"));
    }

    @Test
    void anIncidentIsThatSeveralServicesGoDownTogether() {
        try (Fleet many = Fleet.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j")) {
            many.open("a", "b");
            assertThat(many.told(IncidentDetected.class)).isEmpty();
            assertThat(many.system.snapshot().level()).isEqualTo(DegradationLevel.REDUCED);

            many.open("c");

            assertThat(many.told(IncidentDetected.class))
                    .containsExactly(new IncidentDetected(many.time.now(), List.of("a", "b", "c")));
            assertThat(many.system.snapshot().level()).isEqualTo(DegradationLevel.MINIMAL);
            assertThat(many.system.snapshot().emergency()).isNull();
        }
    }

    @Test
    void servicesThatGoDownOneAfterTheOtherAreNoIncident() {
        try (Fleet many = Fleet.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j")) {
            for (String service : List.of("a", "b", "c")) {
                many.open(service);
                many.pass(Duration.ofSeconds(2));
            }

            assertThat(many.told(IncidentDetected.class)).isEmpty();
        }
    }
}
