package io.servicebreaker.coordination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.servicebreaker.breaker.BreakerSnapshot;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.DegradationLevel;
import io.servicebreaker.call.Permit;
import io.servicebreaker.call.Rejection;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.call.RejectionScope;
import io.servicebreaker.coordination.CoordinatedService.Dependence;
import io.servicebreaker.coordination.Shedder.Shed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of calls while this application is short of resources. */
class LoadSheddingTest {

    private static final CoordinationSettings SETTINGS = CoordinationSettings.DEFAULTS;

    private final HandMovedLoad load = new HandMovedLoad();
    private @Nullable LoadWatch watch;
    private final Fleet fleet = new Fleet(
            SETTINGS,
            List.of(serviceOf("a", 1), serviceOf("b", 1), serviceOf("vital", 3), Fleet.cache("cache")),
            new Vitals() {
                @Override
                public LoadReading load() {
                    return watch().reading();
                }

                @Override
                public @Nullable String exhaustion() {
                    return watch().exhaustion();
                }
            },
            5);

    private static CoordinatedService serviceOf(String name, double criticality) {
        return new CoordinatedService(name, criticality, false, List.of(), Dependence.DEGRADE);
    }

    /** It has the clock of the fleet, which is told of it. */
    private LoadWatch watch() {
        LoadWatch known = watch;
        if (known == null) {
            known = new LoadWatch(load, SETTINGS, true, fleet.time);
            watch = known;
        }
        return known;
    }

    @AfterEach
    void close() {
        fleet.close();
    }

    @Test
    void letsAllCallsThroughUpToTheThreshold() {
        collect(0.9);

        assertThat(refusedOf(1_000, CallRequest.to("a"))).isZero();
        assertThat(fleet.system.standing("a")).isEqualTo(Standing.CLEAR);
    }

    @Test
    void refusesTheLeastImportantCallsFirst() {
        collect(0.93); // 0.3 of the way, which is 0.6 of the half that is theirs
        assertThat(refusedOf(1_000, CallRequest.to("a"))).isEqualTo(600);
        assertThat(refusedOf(1_000, CallRequest.to("b"))).isEqualTo(600);
        assertThat(refusedOf(1_000, CallRequest.to("vital"))).isZero();

        collect(0.98);

        assertThat(refusedOf(1_000, CallRequest.to("a"))).isEqualTo(1_000);
        assertThat(refusedOf(1_000, CallRequest.to("vital"))).isBetween(599, 601);
        assertThat(fleet.system.callsShed()).isBetween(2_799L, 2_801L);
    }

    @Test
    void refusesNoneOfTheMostImportantCallsForBusyProcessors() {
        load.cpu = 1;
        pass(Duration.ofMinutes(5));

        assertThat(refusedOf(1_000, CallRequest.to("a"))).isEqualTo(1_000);
        assertThat(refusedOf(1_000, CallRequest.to("vital"))).isZero();
    }

    @Test
    void letsEssentialCallsAndTheCacheThroughAtFullLoad() {
        collect(1);

        assertThat(refusedOf(1_000, CallRequest.to("vital"))).isEqualTo(1_000);
        assertThat(refusedOf(1_000, CallRequest.to("a").essential())).isZero();
        assertThat(refusedOf(1_000, CallRequest.to("cache"))).isZero();
    }

    @Test
    void letsProbesThroughAtFullLoad() {
        fleet.open("a");
        pass(Fleet.OPEN_TIME);
        collect(1);

        assertThat(fleet.succeed("a")).isTrue();
        assertThat(fleet.succeed("b")).isFalse();
    }

    @Test
    void saysWhyACallIsRefused() {
        collect(1);

        assertThat(fleet.ask("a"))
                .isEqualTo(new Rejection(
                        RejectionReason.SYSTEM_EXHAUSTED,
                        RejectionScope.SYSTEM,
                        Duration.ofSeconds(10).toNanos(),
                        "heap is 100 % full after collection (resource-exhaustion-threshold)"));
    }

    @Test
    void changesNothingOfTheServices() {
        fleet.succeed("a");
        fleet.fail("a");
        BreakerSnapshot before = fleet.breaker("a").snapshot();
        SystemSnapshot whole = fleet.system.snapshot();

        collect(0.99);
        assertThat(refusedOf(1_000, CallRequest.to("a"))).isEqualTo(1_000);

        assertThat(fleet.breaker("a").snapshot()).isEqualTo(before);
        assertThat(fleet.system.snapshot().health()).isEqualTo(whole.health());
        assertThat(fleet.system.snapshot().degradation()).isEqualTo(whole.degradation());
        assertThat(fleet.system.snapshot().mode()).isEqualTo(SystemMode.NORMAL);
        assertThat(fleet.system.levelOf("a").get()).isEqualTo(DegradationLevel.FULL);
    }

    @Test
    void endsByItselfWhenTheLoadDoes() {
        collect(1);
        assertThat(fleet.succeed("a")).isFalse();

        load.collectedTo(0.5);
        pass(LoadWatch.DWELL);
        assertThat(refusedOf(100, CallRequest.to("a"))).isZero();
        pass(LoadWatch.DWELL);

        assertThat(fleet.system.standing("a")).isEqualTo(Standing.CLEAR);
        assertThat(fleet.system.snapshot().load().shedding()).isFalse();
    }

    @Test
    void endsWhenNobodyLooksForTooLong() {
        collect(1);

        fleet.time.advance(SETTINGS.timeout().plusNanos(1));
        assertThat(fleet.succeed("a")).isTrue();
        fleet.system.update(); // by somebody who does not look at the load

        assertThat(fleet.system.standing("a")).isEqualTo(Standing.CLEAR);
    }

    @Test
    void isAnEmergencyWhenTheHeapStaysNearlyFullUntilItDoesNot() {
        for (int i = 0; i < 11; i++) {
            collect(0.97);
        }
        assertThat(fleet.ask("vital")).isInstanceOfSatisfying(Rejection.class, refusal -> {
            assertThat(refusal.reason()).isEqualTo(RejectionReason.EMERGENCY);
            assertThat(refusal.explanation()).isEqualTo("heap is 97 % full after collection");
        });

        load.collectedTo(0.4);
        pass(SystemHealth.DWELL.plusSeconds(2));

        assertThat(fleet.system.snapshot().mode()).isEqualTo(SystemMode.NORMAL);
        assertThat(fleet.succeed("a")).isTrue();
    }

    @Test
    void isToldOfWhenItBeginsAndEnds() {
        collect(0.95);
        collect(1);
        load.collectedTo(0.5);
        pass(Duration.ofMinutes(1));

        assertThat(fleet.told(LoadShedding.class))
                .extracting(LoadShedding::begins, LoadShedding::heap, LoadShedding::reason)
                .containsExactly(
                        tuple(true, 0.95, "heap is 95 % full after collection"),
                        tuple(false, 0.5, "there is room again"));
    }

    @Property
    void spreadsWhatItRefusesEvenlyOverAnyRunOfCalls(
            @ForAll @DoubleRange(min = 0.01, max = 1) double share,
            @ForAll @IntRange(max = 500) int before,
            @ForAll @IntRange(min = 1, max = 1_000) int run) {
        Shed shed = shed(new Shedder(List.of(CoordinatedService.of("a"))), share);
        refused(shed, before);

        assertThat((double) refused(shed, run)).isBetween(run * share - 1.001, run * share + 1.001);
    }

    @Test
    void keepsTheShareWhileItChangesWithEachCall() {
        Shedder shedder = new Shedder(List.of(CoordinatedService.of("a")));
        int refused = 0;
        for (int i = 0; i < 1_000; i++) {
            refused += refused(shed(shedder, i % 2 == 0 ? 0.1 : 0.3), 1);
        }

        assertThat(refused).isBetween(199, 201);
    }

    @Test
    void refusesTheSameShareOfTheCallsOfManyThreads() throws Exception {
        Shedder shedder = new Shedder(List.of(CoordinatedService.of("a")));
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try {
            List<Future<Integer>> counts = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                counts.add(pool.submit(() -> refused(shed(shedder, 0.3), 10_000)));
            }
            int sum = 0;
            for (Future<Integer> count : counts) {
                sum += count.get();
            }

            assertThat(sum).isBetween(24_000, 24_001);
            assertThat(shedder.callsShed()).isEqualTo(sum);
        } finally {
            pool.shutdownNow();
        }
    }

    private static Shed shed(Shedder shedder, double share) {
        return Objects.requireNonNull(shedder.of("a", new LoadReading(1, 0, share, share, true, "")));
    }

    private static int refused(Shed shed, int calls) {
        int refused = 0;
        for (int i = 0; i < calls; i++) {
            refused += shed.refusesNext() ? 1 : 0;
        }
        return refused;
    }

    private int refusedOf(int calls, CallRequest request) {
        int refused = 0;
        for (int i = 0; i < calls; i++) {
            refused += fleet.ask(request) instanceof Permit ? 0 : 1;
        }
        return refused;
    }

    private void collect(double heap) {
        load.collectedTo(heap);
        pass(Duration.ofSeconds(1));
    }

    private void pass(Duration duration) {
        for (int i = 0; i < duration.toSeconds(); i++) {
            fleet.time.advance(Duration.ofSeconds(1));
            watch().look();
            fleet.system.update();
        }
    }
}
