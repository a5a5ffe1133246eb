package io.servicebreaker.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EventsCloseTest {

    private final Events events = new Events();

    @Test
    void deliversWhatIsLeft() {
        HeldListener held = new HeldListener();
        events.subscribe(held);
        events.publish(Happened.of(1));
        held.awaitEntered();
        events.publish(Happened.of(2));

        held.release();
        events.close();

        assertThat(held.seen()).containsExactly(Happened.of(1), Happened.of(2));
    }

    @Test
    void stopsTheThread() throws Exception {
        AtomicReference<Thread> deliverer = new AtomicReference<>();
        CountDownLatch delivered = new CountDownLatch(1);
        events.subscribe(event -> {
            deliverer.set(Thread.currentThread());
            delivered.countDown();
        });
        events.publish(Happened.of(1));
        assertThat(delivered.await(30, TimeUnit.SECONDS)).isTrue();

        events.close();

        assertThat(deliverer.get().isAlive()).isFalse();
    }

    @Test
    void closesOnceMoreWithoutHarm() {
        events.close();
        events.close();

        assertThat(events.dropped()).isZero();
    }

    @Test
    void countsAsDroppedWhatIsPublishedAfterwards() {
        List<Event> seen = new CopyOnWriteArrayList<>();
        events.subscribe(seen::add);
        events.close();

        events.publish(Happened.of(1));
        events.flush();

        assertThat(seen).isEmpty();
        assertThat(events.dropped()).isEqualTo(1);
    }

    @RepeatedTest(50)
    void losesNothingUncountedThatIsPublishedMeanwhile() throws Exception {
        int published = 100;
        AtomicInteger seen = new AtomicInteger();
        events.subscribe(event -> seen.incrementAndGet());
        CountDownLatch started = new CountDownLatch(1);
        Thread publisher = new Thread(() -> {
            started.countDown();
            IntStream.range(0, published).mapToObj(Happened::of).forEach(events::publish);
        });

        publisher.start();
        started.await();
        events.close();
        publisher.join();

        assertThat(seen.get() + events.dropped()).isEqualTo(published);
    }

    @Test
    void mayBeClosedByAListener() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        events.subscribe(event -> {
            events.close();
            closed.countDown();
        });

        events.publish(Happened.of(1));

        assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void anInterruptedThreadClosesAndStaysInterrupted() {
        Thread.currentThread().interrupt();

        events.close();

        assertThat(Thread.interrupted()).isTrue();
    }
}
