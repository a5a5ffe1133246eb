package io.servicebreaker.breaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.servicebreaker.breaker.ProbePlaces.Place;
import io.servicebreaker.time.FakeTime;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class ProbePlacesTest {

    private static final Duration LEASE = Duration.ofMinutes(5);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final FakeTime time = new FakeTime();
    private final ProbePlaces places = new ProbePlaces(2);

    @Test
    void grantsNoMorePlacesThanThereAre() {
        assertThat(take("a")).isNotNull();
        assertThat(take("b")).isNotNull();

        assertThat(take("a")).isNull();
        assertThat(take("c")).isNull();
        assertThat(places.taken(time.nanos())).isEqualTo(2);
    }

    @Test
    void grantsEveryPlaceToOneServiceIfNobodyElseAsks() {
        assertThat(take("a")).isNotNull();
        assertThat(take("a")).isNotNull();
    }

    @Test
    void grantsAPlaceThatWasLeft() {
        Place place = takeAll("a");

        places.leave(place);

        assertThat(take("a")).isNotNull();
        assertThat(take("a")).isNull();
    }

    @Test
    void freesAPlaceOnlyOnce() {
        Place place = takeAll("a");

        places.leave(place);
        places.leave(place);

        assertThat(places.taken(time.nanos())).isEqualTo(1);
    }

    @Test
    void freesThePlaceOfAHungProbeWhenItsLeaseEnds() {
        takeAll("a");
        time.advance(LEASE.minusNanos(1));
        assertThat(take("b")).isNull();
        time.advance(Duration.ofNanos(1));

        assertThat(places.taken(time.nanos())).isZero();
        assertThat(take("b")).isNotNull();
    }

    @Test
    void doesNotFreeANewPlaceWhenAnOldProbeEndsAfterItsLease() {
        Place hung = takeAll("a");
        time.advance(LEASE);
        takeAll("b");

        places.leave(hung);

        assertThat(take("b")).isNull();
    }

    @Test
    void keepsAFreePlaceForTheServiceThatWaits() {
        Place busy = takeAll("busy");
        assertThat(take("quiet")).isNull();
        places.leave(busy);

        assertThat(take("busy")).isNull();
        assertThat(take("quiet")).isNotNull();
    }

    @Test
    void doesNotStarveAQuietServiceBesideABusyOne() {
        Place busy = takeAll("busy");
        assertThat(take("quiet")).isNull();

        for (int i = 0; i < 100; i++) {
            time.advance(Duration.ofMillis(10));
            places.leave(busy);
            Place again = take("busy");
            busy = again == null ? busy : again;
        }

        assertThat(take("quiet")).isNotNull();
    }

    @Test
    void doesNotStarveAServiceThatIsCalledThreeTimesAMinute() {
        Place held = takeAll("busy");
        boolean served = false;

        for (int second = 1; second <= 120 && !served; second++) {
            time.advance(Duration.ofSeconds(1));
            places.leave(held);
            Place again = take("busy");
            held = again == null ? held : again;
            served = second % 20 == 0 && take("quiet") != null;
        }

        assertThat(served).isTrue();
    }

    @Test
    void keepsNoPlaceForAServiceWhoseBreakerHasMovedOn() {
        Place busy = takeAll("busy");
        take("recovered");
        places.leave(busy);
        assertThat(take("busy")).isNull();

        places.forget("recovered");

        assertThat(take("busy")).isNotNull();
    }

    @Test
    void keepsAPlaceLongerWhenItsProbeGoesOnAnswering() {
        Place first = takeAll("a");
        time.advance(LEASE.minusNanos(1));

        first.renew(time.nanos() + LEASE.toNanos());
        time.advance(Duration.ofNanos(1));

        assertThat(places.taken(time.nanos())).isEqualTo(1);
    }

    @Test
    void keepsNoPlaceForAServiceThatHasGoneAway() {
        Place busy = takeAll("busy");
        take("gone");
        places.leave(busy);
        time.advance(PATIENCE.minusNanos(1));
        assertThat(take("busy")).isNull();

        time.advance(Duration.ofNanos(1));

        assertThat(take("busy")).isNotNull();
    }

    @Test
    void keepsAPlaceForAsLongAsAServiceAsks() {
        Place busy = takeAll("busy");
        take("quiet");
        time.advance(PATIENCE.minusNanos(1));
        take("quiet");
        time.advance(PATIENCE.minusNanos(1));

        places.leave(busy);

        assertThat(take("busy")).isNull();
    }

    @Test
    void servesThoseWhoWaitInTheOrderOfTheirComing() {
        Place first = takeAll("a");
        take("b");
        time.advance(Duration.ofMillis(1));
        take("c");
        time.advance(Duration.ofMillis(1));
        places.leave(first);

        assertThat(take("c")).isNull();
        assertThat(take("d")).isNull();
        assertThat(take("b")).isNotNull();
    }

    @Test
    void letsTheSecondInLineTakeTheSecondFreePlace() {
        Place first = take("a");
        Place second = take("a");
        take("b");
        time.advance(Duration.ofMillis(1));
        take("c");
        time.advance(Duration.ofMillis(1));
        take("d");
        leave(first);
        leave(second);

        assertThat(take("d")).isNull();
        assertThat(take("c")).isNotNull();
        assertThat(take("b")).isNotNull();
        assertThat(take("d")).isNull();
    }

    @RepeatedTest(5)
    void grantsNoMorePlacesThanThereAreToManyThreads() {
        AtomicInteger taken = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();

        Threads.run(8, thread -> {
            for (int i = 0; i < 2_000; i++) {
                Place place = take("service " + thread);
                if (place != null) {
                    most.accumulateAndGet(taken.incrementAndGet(), Math::max);
                    taken.decrementAndGet();
                    places.leave(place);
                }
            }
        });

        assertThat(most.get()).isBetween(1, 2);
        assertThat(places.taken(time.nanos())).isZero();
    }

    @Test
    void needsAtLeastOnePlace() {
        assertThatThrownBy(() -> new ProbePlaces(0))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessage("max-concurrent-recovery-attempts is 0, allowed is at least 1");
    }

    @Test
    void isPrintedAsItsService() {
        assertThat(take("a")).hasToString("a");
    }

    private @Nullable Place take(String service) {
        long now = time.nanos();
        return places.take(service, now + LEASE.toNanos(), now);
    }

    private void leave(@Nullable Place place) {
        assertThat(place).isNotNull();
        places.leave(place);
    }

    private Place takeAll(String service) {
        Place place = take(service);
        assertThat(place).isNotNull();
        assertThat(take(service)).isNotNull();
        return place;
    }
}
