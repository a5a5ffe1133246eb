package io.servicebreaker.coordination;

import static io.servicebreaker.coordination.Fleet.needing;
import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.breaker.BackendSettings;
import io.servicebreaker.breaker.BackendSignals;
import io.servicebreaker.breaker.Backends;
import io.servicebreaker.breaker.BreakerScope;
import io.servicebreaker.breaker.BreakerState;
import io.servicebreaker.breaker.StateChanged;
import io.servicebreaker.call.Admission;
import io.servicebreaker.call.Backend;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.Cooldown;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Permit;
import io.servicebreaker.call.Rejection;
import io.servicebreaker.call.RejectionReason;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Who is probed before whom. */
class RecoveryOrderTest {

    private static final Duration SOON = Duration.ofSeconds(5);
    private static final Duration LATER = Duration.ofMinutes(15);

    private static final Vitals COMMON_CAUSE = new Vitals() {
        @Override
        public Set<String> failingWith(String service) {
            return switch (service) {
                case "a" -> Set.of("b", "c");
                case "b" -> Set.of("a", "c");
                case "c" -> Set.of("a", "b");
                default -> Set.of();
            };
        }
    };

    @Test
    void aServiceIsNotProbedBeforeTheOneThatItNeeds() {
        try (Fleet fleet = new Fleet(needing("openai"), needing("lightrag", "openai"))) {
            fleet.open("lightrag");
            fleet.pass(Duration.ofSeconds(30));
            fleet.open("openai");
            fleet.pass(Duration.ofSeconds(30));

            assertThat(fleet.ask("lightrag")).isInstanceOfSatisfying(Rejection.class, refusal -> {
                assertThat(refusal.reason()).isEqualTo(RejectionReason.DEPENDENCY_DOWN);
                assertThat(refusal.retryAfter()).contains(Duration.ofSeconds(30));
                assertThat(refusal.explanation()).isEqualTo("it needs openai, which has to recover first");
            });
            fleet.pass(Duration.ofSeconds(30));

            assertThat(fleet.succeed("lightrag")).isTrue(); // the other one may be probed as well now
        }
    }

    @Test
    void aServiceIsProbedAlthoughAnOperatorHoldsOpenWhatItNeeds() {
        try (Fleet fleet = new Fleet(needing("openai"), needing("lightrag", "openai"))) {
            fleet.breaker("openai").forceOpen("maintenance", null);
            fleet.open("lightrag");
            fleet.pass(Fleet.OPEN_TIME);

            assertThat(fleet.succeed("lightrag")).isTrue();
        }
    }

    @Test
    void oneProbeAnswersForAllThatFailForTheSameCause() {
        try (Fleet fleet = together()) {
            Admission probe = fleet.ask("a");
            assertThat(probe).isInstanceOf(Permit.class);
            assertThat(fleet.ask("b")).isInstanceOfSatisfying(Rejection.class, refusal -> {
                assertThat(refusal.reason()).isEqualTo(RejectionReason.HALF_OPEN_FULL);
                assertThat(refusal.explanation())
                        .isEqualTo("a probe of a is under way, which fails for the same cause");
            });

            ((Permit) probe).finish(Outcome.failure(FailureCause.SERVER_ERROR), 1, fleet.time.nanos());
            fleet.flush();

            assertThat(fleet.breaker("b").snapshot().retryAfter()).isEqualTo(Fleet.OPEN_TIME.multipliedBy(2));
            assertThat(fleet.breaker("c").snapshot().retryAfter()).isEqualTo(Fleet.OPEN_TIME.multipliedBy(2));
            assertThat(fleet.breaker("d").snapshot().retryAfter()).isEqualTo(Duration.ZERO);
        }
    }

    @Test
    void theProbeThatAnswersForAServiceAnswersForItsBackendsToo() {
        try (Fleet fleet = together()) {
            fleet.breaker("b").reset("test", null);
            Backends backends = fleet.breakers.backends("b", List.of(backend("x"), backend("y")), BackendSignals.NONE);
            while (backends.admit(CallRequest.to("b"), fleet.time.nanos()) instanceof Permit permit) {
                permit.finish(Outcome.failure(FailureCause.SERVER_ERROR), 1, fleet.time.nanos());
            }
            assertThat(fleet.state("b")).isEqualTo(BreakerState.OPEN);

            fleet.fail("a");
            fleet.pass(Fleet.OPEN_TIME);

            assertThat(fleet.breaker("b").snapshot().retryAfter()).isEqualTo(Fleet.OPEN_TIME);
            assertThat(backends.admit(CallRequest.to("b"), fleet.time.nanos())).isInstanceOf(Rejection.class);
            fleet.pass(Fleet.OPEN_TIME);
            assertThat(backends.admit(CallRequest.to("b"), fleet.time.nanos())).isInstanceOf(Permit.class);
        }
    }

    @Test
    void aBackendIsNotProbedWhileAnotherServiceIsThatFailsForTheSameCause() {
        try (Fleet fleet = together()) {
            fleet.breaker("b").reset("test", null);
            Backends backends = fleet.breakers.backends("b", List.of(backend("x"), backend("y")), BackendSignals.NONE);
            while (backends.admit(CallRequest.to("b"), fleet.time.nanos()) instanceof Permit permit) {
                Outcome throttled = Outcome.ignored(FailureCause.RATE_LIMIT)
                        .with(new Cooldown(permit.backend().id().equals("x") ? SOON : LATER, "retry-after"), null);
                permit.finish(throttled, 1, fleet.time.nanos());
            }
            fleet.pass(SOON);
            assertThat(fleet.ask("a")).isInstanceOf(Permit.class);

            assertThat(fleet.system.gate("b").admit(CallRequest.to("b"), fleet.time.nanos()))
                    .isInstanceOf(Rejection.class);
        }
    }

    private static BackendSettings backend(String id) {
        return new BackendSettings(new Backend(id, URI.create("https://" + id + ".example.com")), 1, 1);
    }

    @Test
    void aProbeThatFailedWhileAnotherBackendIsDueLetsNobodyWait() {
        try (Fleet fleet = together()) {
            fleet.system.heed(new StateChanged(
                    fleet.time.now(),
                    "a",
                    BreakerScope.SERVICE,
                    BreakerState.HALF_OPEN,
                    BreakerState.OPEN,
                    fleet.breaker("a").snapshot().reason(),
                    Duration.ZERO,
                    false));
            assertThat(fleet.breaker("b").snapshot().retryAfter()).isEqualTo(Duration.ZERO);

            fleet.fail("a");

            assertThat(fleet.breaker("b").snapshot().retryAfter()).isEqualTo(Fleet.OPEN_TIME.multipliedBy(2));
        }
    }

    @Test
    void theOthersAreProbedOnceThatOneHasRecovered() {
        try (Fleet fleet = together()) {
            fleet.succeed("a");

            assertThat(fleet.succeed("b")).isTrue();
            assertThat(fleet.state("b")).isEqualTo(BreakerState.CLOSED);
        }
    }

    @Test
    void eachHasItsTurnAlthoughTheProbeOfAnotherFailsAgainAndAgain() {
        try (Fleet fleet = together()) {
            fleet.fail("a");
            fleet.pass(Fleet.OPEN_TIME.multipliedBy(2));
            fleet.fail("a");

            assertThat(fleet.succeed("b")).isTrue();
            assertThat(fleet.state("b")).isEqualTo(BreakerState.CLOSED);
        }
    }

    @Test
    void noneWaitsForAProbeThatNeverEnds() {
        try (Fleet fleet = together()) {
            Duration patience = fleet.breaker("a").snapshot().settings().probeTimeout();
            Permit probe = (Permit) fleet.ask("a");
            fleet.pass(patience.minusSeconds(1));
            probe.progressed();
            assertThat(fleet.ask("b")).isInstanceOf(Rejection.class);

            fleet.pass(Duration.ofSeconds(1));

            assertThat(fleet.breaker("a").snapshot().probesUnderWay()).isOne();
            assertThat(fleet.succeed("b")).isTrue();
            assertThat(fleet.state("b")).isEqualTo(BreakerState.CLOSED);
        }
    }

    /** A43: by time, and never more at once than allowed. */
    @Test
    void recoveriesAreStaggeredAndBoundedA43() {
        List<CoordinatedService> services = IntStream.range(0, 8)
                .mapToObj(i -> CoordinatedService.of("s" + i))
                .toList();
        try (Fleet fleet = new Fleet(Fleet.settings(true, false), services, Vitals.NONE, 2)) {
            for (CoordinatedService service : services) {
                fleet.open(service.name());
                fleet.pass(Duration.ofSeconds(3));
            }
            fleet.pass(Fleet.OPEN_TIME);

            List<String> probed = services.stream()
                    .map(CoordinatedService::name)
                    .filter(service -> fleet.ask(service) instanceof Permit)
                    .toList();

            assertThat(probed).containsExactly("s0", "s1");
            assertThat(services)
                    .filteredOn(service -> fleet.state(service.name()) == BreakerState.HALF_OPEN)
                    .hasSize(2);
        }
    }

    /** A44: a failed recovery waits longer, and a later success makes an end of that. */
    @Test
    void aFailedRecoveryWaitsLongerA44() {
        try (Fleet fleet = Fleet.of("a")) {
            fleet.open("a");
            fleet.pass(Fleet.OPEN_TIME);
            fleet.fail("a");

            assertThat(fleet.breaker("a").snapshot().retryAfter()).isEqualTo(Fleet.OPEN_TIME.multipliedBy(2));
            fleet.pass(Fleet.OPEN_TIME.multipliedBy(2));
            fleet.succeed("a");
            assertThat(fleet.state("a")).isEqualTo(BreakerState.CLOSED);

            fleet.pass(Fleet.OPEN_TIME);
            fleet.open("a");
            assertThat(fleet.breaker("a").snapshot().retryAfter()).isEqualTo(Fleet.OPEN_TIME);
        }
    }

    /** Three that fail for the same cause and one that does not, all due. */
    private static Fleet together() {
        Fleet fleet = new Fleet(
                Fleet.settings(true, false),
                List.of(
                        CoordinatedService.of("a"),
                        CoordinatedService.of("b"),
                        CoordinatedService.of("c"),
                        CoordinatedService.of("d")),
                COMMON_CAUSE,
                5);
        fleet.open("a", "b", "c", "d");
        fleet.pass(Fleet.OPEN_TIME);
        return fleet;
    }
}
