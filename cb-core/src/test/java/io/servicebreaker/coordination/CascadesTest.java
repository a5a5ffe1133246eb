package io.servicebreaker.coordination;

import static io.servicebreaker.coordination.Fleet.needing;
import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.breaker.BreakerState;
import io.servicebreaker.call.Admission;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.DegradationLevel;
import io.servicebreaker.call.Permit;
import io.servicebreaker.call.Rejection;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.coordination.CoordinatedService.Dependence;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a service that is down means for those that need it. */
class CascadesTest {

    private static final Duration DELAY = CoordinationSettings.DEFAULTS.cascadeDelay();

    private final Fleet fleet = new Fleet(
            new CoordinatedService("openai", 0.01, false, List.of(), Dependence.DEGRADE),
            needing("lightrag", "openai"),
            needing("chat", "lightrag"),
            needing("desk", "chat"),
            new CoordinatedService("index", 1, false, List.of("openai"), Dependence.REFUSE),
            needing("other"));

    @AfterEach
    void close() {
        fleet.close();
    }

    /** A42: degraded by rule, and released when the dependency closes. */
    @Test
    void degradesADependantUntilTheDependencyClosesA42() {
        fleet.open("openai");
        fleet.pass(DELAY);

        assertThat(level("lightrag")).isEqualTo(DegradationLevel.MINIMAL);
        assertThat(fleet.state("lightrag")).isEqualTo(BreakerState.CLOSED);
        assertThat(fleet.succeed("lightrag")).isTrue();
        assertThat(fleet.system.snapshot().levels()).containsEntry("lightrag", DegradationLevel.MINIMAL);
        assertThat(fleet.system.snapshot().mode()).isEqualTo(SystemMode.DEGRADED);

        fleet.recover("openai");

        assertThat(level("lightrag")).isEqualTo(DegradationLevel.FULL);
        assertThat(fleet.system.snapshot().mode()).isEqualTo(SystemMode.NORMAL);
    }

    @Test
    void meansLessTheFurtherAwayTheDependencyIs() {
        fleet.open("openai");
        fleet.pass(DELAY);

        assertThat(level("chat")).isEqualTo(DegradationLevel.LIMITED);
        assertThat(level("desk")).isEqualTo(DegradationLevel.REDUCED);
        assertThat(level("other")).isEqualTo(DegradationLevel.FULL);
    }

    @Test
    void waitsForAMomentBecauseABreakerMayCloseAgain() {
        fleet.open("openai");
        fleet.pass(DELAY.minusNanos(1));
        assertThat(level("lightrag")).isEqualTo(DegradationLevel.FULL);
        assertThat(fleet.system.cascades("openai")).isZero();

        fleet.pass(Duration.ofNanos(1));

        assertThat(level("lightrag")).isEqualTo(DegradationLevel.MINIMAL);
        assertThat(fleet.system.cascades("openai")).isEqualTo(1);
    }

    @Test
    void lastsWhileTheDependencyIsProbedAndThatFails() {
        fleet.open("openai");
        fleet.pass(Fleet.OPEN_TIME);
        Admission probe = fleet.ask("openai");
        fleet.pass(Duration.ofSeconds(1));

        assertThat(probe).isInstanceOf(Permit.class);
        assertThat(fleet.state("openai")).isEqualTo(BreakerState.HALF_OPEN);
        assertThat(level("lightrag")).isEqualTo(DegradationLevel.MINIMAL);
        assertThat(fleet.system.cascades("openai")).isEqualTo(1);
    }

    @Test
    void refusesTheCallsOfAServiceThatCannotDoWithoutIt() {
        fleet.open("openai");
        fleet.pass(DELAY);

        assertThat(fleet.ask("index")).isInstanceOfSatisfying(Rejection.class, refusal -> {
            assertThat(refusal.reason()).isEqualTo(RejectionReason.DEPENDENCY_DOWN);
            assertThat(refusal.retryAfter()).contains(Fleet.OPEN_TIME.minus(DELAY));
            assertThat(refusal.explanation()).isEqualTo("it needs openai, which is down");
        });
        assertThat(fleet.ask(CallRequest.to("index").essential())).isInstanceOf(Permit.class);

        fleet.recover("openai");

        assertThat(fleet.succeed("index")).isTrue();
    }

    @Test
    void refusesNoCallThatMayBeTheOnlyOneToFindOutThatItIsBack() {
        fleet.open("openai");
        fleet.pass(Fleet.OPEN_TIME);

        assertThat(fleet.state("openai")).isEqualTo(BreakerState.OPEN);
        assertThat(fleet.succeed("index")).isTrue();
    }

    @Test
    void isToldOfEachServiceThatItDegrades() {
        fleet.open("openai");
        fleet.pass(DELAY);

        assertThat(fleet.told(DegradationChanged.class))
                .contains(new DegradationChanged(
                        fleet.time.now(),
                        "lightrag",
                        DegradationLevel.FULL,
                        DegradationLevel.MINIMAL,
                        "it needs openai, which is down"));
    }

    @Test
    void happensNotWhenItIsSwitchedOff() {
        CoordinationSettings usual = CoordinationSettings.DEFAULTS;
        CoordinationSettings off = new CoordinationSettings(
                false,
                usual.cascadeDelay(),
                usual.maxCascadeDepth(),
                usual.progressive(),
                usual.steps(),
                usual.syncInterval(),
                usual.timeout(),
                usual.healthThreshold(),
                usual.cascadeFailureThreshold(),
                usual.emergencies(),
                usual.emergencyTimeout(),
                usual.exhaustionThreshold());
        List<CoordinatedService> services = List.of(
                new CoordinatedService("openai", 0.01, false, List.of(), Dependence.DEGRADE),
                needing("lightrag", "openai"));
        try (Fleet apart = new Fleet(off, services, Vitals.NONE, 5)) {
            apart.open("openai");
            apart.pass(Duration.ofSeconds(10));

            assertThat(apart.system.levelOf("lightrag").get()).isEqualTo(DegradationLevel.FULL);
        }
    }

    private DegradationLevel level(String service) {
        return fleet.system.levelOf(service).get();
    }
}
