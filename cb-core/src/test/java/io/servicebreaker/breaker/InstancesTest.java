package io.servicebreaker.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Permit;
import io.servicebreaker.event.Events;
import io.servicebreaker.time.FakeTime;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Instances of a service that a load balancer finds. */
class InstancesTest {

    private static final Outcome DOWN = Outcome.failure(FailureCause.SERVER_ERROR);
    private static final List<String> ALL = List.of("a", "b", "c");

    private final FakeTime time = new FakeTime();
    private final Events events = new Events();
    private final Breakers breakers = new Breakers(
            Map.of(
                    "inventory",
                    BreakerSettings.defaults().toBuilder()
                            .failureThreshold(4)
                            .recoveryJitter(0.0)
                            .halfOpenMaxRequests(1)
                            .build()),
            Map.of(),
            time,
            events,
            5,
            () -> 0.5);
    private final Instances instances = breakers.instances("inventory");

    @AfterEach
    void close() {
        events.close();
    }

    @Test
    void leavesOutAnInstanceWhoseBreakerIsOpen() {
        callable(ALL);

        fail("b");

        assertThat(callable(ALL)).containsExactly("a", "c");
    }

    @Test
    void letsAnInstanceBeProbedOnceItIsDueByAsManyCallsAsMay() {
        callable(ALL);
        fail("b");
        pass(Duration.ofSeconds(60));
        assertThat(callable(ALL)).isEqualTo(ALL);

        Permit probe = instances.begin("b");

        assertThat(callable(ALL)).containsExactly("a", "c");
        probe.finish(Outcome.SUCCESS, 0, time.nanos());
        assertThat(callable(ALL)).isEqualTo(ALL);
        assertThat(state("b")).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void leavesAllIfNoneMayBeCalled() {
        callable(ALL);
        ALL.forEach(this::fail);

        assertThat(callable(ALL)).isEqualTo(ALL);
        assertThat(instances.snapshot()).extracting(BackendSnapshot::share).containsOnly(1.0 / 3);
    }

    @Test
    void learnsNothingFromCallsToAnInstanceThatIsOpenAllTheSame() {
        callable(List.of("a"));
        fail("a");

        instances.begin("a").finish(Outcome.SUCCESS, 0, time.nanos());

        assertThat(state("a")).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void leavesAllWhileAnOperatorLetsAllCallsThrough() {
        callable(ALL);
        fail("b");

        breakers.breaker("inventory").disable("test", null);
        assertThat(callable(ALL)).isEqualTo(ALL);
        assertThat(instances.begin("a")).isSameAs(Permit.FREE);

        breakers.breaker("inventory").observe("test", null);
        assertThat(callable(ALL)).isEqualTo(ALL);
    }

    @Test
    void closesAll() {
        callable(ALL);
        fail("b");

        breakers.breaker("inventory").close("repaired", null);

        assertThat(callable(ALL)).isEqualTo(ALL);
    }

    @Test
    void forgetsWhatItHasLearnedOfAllWithTheService() {
        callable(ALL);
        fail("b");
        pass(Duration.ofSeconds(60));
        instances.begin("b").finish(DOWN, 0, time.nanos());

        breakers.breaker("inventory").reset("repaired", null);

        assertThat(instances.snapshot()).allSatisfy(seen -> {
            assertThat(seen.breaker().state()).isEqualTo(BreakerState.CLOSED);
            assertThat(seen.breaker().failedRecoveries()).isZero();
        });
    }

    @Test
    void forgetsAnInstanceTenMinutesAfterItWasLastListed() {
        callable(ALL);
        pass(Duration.ofMinutes(9));
        callable(List.of("a", "b"));
        assertThat(instances.snapshot()).hasSize(3);

        pass(Duration.ofMinutes(2));
        callable(List.of("a", "b"));

        assertThat(instances.snapshot()).extracting(seen -> seen.backend().id()).containsExactly("a", "b");
    }

    @Test
    void remembersAnInstanceThatIsMissingInSomeLists() {
        callable(ALL);
        fail("b");

        callable(List.of("a"));

        assertThat(callable(ALL)).containsExactly("a", "c");
    }

    @Test
    void watchesNoMoreInstancesThanItsBound() {
        List<String> many = IntStream.range(0, Instances.MOST + 50)
                .mapToObj(Integer::toString)
                .toList();

        assertThat(callable(many)).isEqualTo(many);

        assertThat(instances.snapshot()).hasSize(Instances.MOST);
        assertThat(instances.begin(many.get(many.size() - 1))).isSameAs(Permit.FREE);
    }

    @Test
    void makesRoomForNewInstancesWhenAsManyHaveGone() {
        callable(IntStream.range(0, Instances.MOST).mapToObj(i -> "old" + i).toList());
        pass(Duration.ofMinutes(11));
        List<String> listed =
                IntStream.range(0, Instances.MOST).mapToObj(i -> "new" + i).toList();

        callable(listed);
        callable(listed);

        assertThat(instances.snapshot())
                .hasSize(Instances.MOST)
                .allSatisfy(seen -> assertThat(seen.backend().id()).startsWith("new"));
    }

    @Test
    void looksForThoseThatHaveGoneOnceAMinute() {
        callable(ALL);
        pass(Duration.ofSeconds(570));
        callable(List.of("a"));
        pass(Duration.ofSeconds(40));
        callable(List.of("a"));
        assertThat(instances.snapshot()).hasSize(3);

        pass(Duration.ofSeconds(20));
        callable(List.of("a"));

        assertThat(instances.snapshot()).hasSize(1);
    }

    @Test
    void aListOfInstancesThatAllMayBeCalledAllocatesNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        URI url = URI.create("http://localhost:8080");
        instances.callable(ALL, id -> id, id -> url);
        long before = threads.getCurrentThreadAllocatedBytes();

        for (int i = 0; i < 10_000; i++) {
            instances.callable(ALL, id -> id, id -> url);
        }

        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(allocated).as("bytes for ten thousand lists").isLessThan(400_000);
    }

    @Test
    void tellsWhichInstanceHasChanged() {
        List<StateChanged> changes = new CopyOnWriteArrayList<>();
        events.subscribe(StateChanged.class, changes::add);
        callable(ALL);

        fail("b");
        events.close();

        assertThat(changes)
                .singleElement()
                .satisfies(change -> assertThat(change.scope()).isEqualTo(BreakerScope.backend("b")));
    }

    private List<String> callable(List<String> listed) {
        return instances.callable(listed, id -> id, id -> URI.create("http://" + id + ":8080"));
    }

    private void fail(String id) {
        for (int i = 0; i < 2; i++) {
            instances.begin(id).finish(DOWN, 0, time.nanos());
        }
    }

    private BreakerState state(String id) {
        return instances.snapshot().stream()
                .filter(seen -> seen.backend().id().equals(id))
                .findFirst()
                .orElseThrow()
                .breaker()
                .state();
    }

    private void pass(Duration by) {
        time.advance(by);
    }
}
