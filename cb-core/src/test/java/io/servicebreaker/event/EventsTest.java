package io.servicebreaker.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.support.CapturedLog;
import io.servicebreaker.support.Sneaky;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class EventsTest {

    private static final int CAPACITY = 1 << 14;

    private record Other(String service) implements Event {
        @Override
        public Instant at() {
            return Instant.EPOCH;
        }
    }

    private final Events events = new Events();
    private final CapturedLog log = CapturedLog.of(Events.class);

    @AfterEach
    void closeEvents() {
        events.close();
        log.close();
    }

    static Stream<Throwable> errors() {
        return Stream.of(new IllegalStateException("fault"), new AssertionError("fault"), new IOException("fault"));
    }

    @Test
    void deliversOnAThreadOfItsOwn() throws Exception {
        AtomicReference<Thread> deliverer = new AtomicReference<>();
        CountDownLatch delivered = new CountDownLatch(1);
        events.subscribe(event -> {
            deliverer.set(Thread.currentThread());
            delivered.countDown();
        });

        events.publish(Happened.of(1));

        assertThat(delivered.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(deliverer.get()).isNotSameAs(Thread.currentThread());
        assertThat(deliverer.get().isDaemon()).isTrue();
    }

    @Test
    void doesNotWaitForAListener() {
        HeldListener held = new HeldListener();
        events.subscribe(held);

        events.publish(Happened.of(1));
        held.awaitEntered();
        events.publish(Happened.of(2));

        assertThat(held.seen()).isEmpty();
        held.release();
    }

    @ParameterizedTest
    @MethodSource("errors")
    void aListenerThatThrowsHurtsNobody(Throwable error) throws Exception {
        LinkedBlockingQueue<Event> seen = new LinkedBlockingQueue<>();
        events.subscribe(event -> {
            throw Sneaky.raise(error);
        });
        events.subscribe(seen::add);

        events.publish(Happened.of(1));
        Event first = seen.poll(30, TimeUnit.SECONDS);
        events.publish(Happened.of(2));
        Event second = seen.poll(30, TimeUnit.SECONDS);

        assertThat(first).isEqualTo(Happened.of(1));
        assertThat(second).isEqualTo(Happened.of(2));
        assertThat(log.next()).contains("failed on Happened[service=openai, number=1]");
        assertThat(log.next()).contains("failed on Happened[service=openai, number=2]");
    }

    @Test
    void anInterruptionByAListenerDoesNotLast() throws Exception {
        AtomicBoolean interrupted = new AtomicBoolean();
        CountDownLatch calm = new CountDownLatch(1);
        events.subscribe(event -> {
            if (interrupted.compareAndSet(false, true)) {
                Thread.currentThread().interrupt();
            } else if (!Thread.currentThread().isInterrupted()) {
                calm.countDown();
            }
        });

        boolean seenCalm = false;
        for (int i = 0; i < 1_000 && !seenCalm; i++) {
            events.publish(Happened.of(i));
            seenCalm = calm.await(10, TimeUnit.MILLISECONDS);
        }

        assertThat(seenCalm).isTrue();
    }

    @Test
    void tellsAListenerOfOneTypeOnlyOfThatType() {
        List<Event> happenings = new CopyOnWriteArrayList<>();
        List<Event> all = new CopyOnWriteArrayList<>();
        events.subscribe(Happened.class, happenings::add);
        events.subscribe(Event.class, all::add);

        events.publish(new Other("cache"));
        events.publish(Happened.of(1));
        events.close();

        assertThat(happenings).containsExactly(Happened.of(1));
        assertThat(all).containsExactly(new Other("cache"), Happened.of(1));
    }

    @Test
    void knowsWhetherAnybodyListens() {
        assertThat(events.hasListeners()).isFalse();

        events.subscribe(Happened.class, event -> {});

        assertThat(events.hasListeners()).isTrue();
    }

    @Test
    void losesEventsThatNobodyListensTo() {
        events.publish(Happened.of(1));
        events.close();

        assertThat(events.dropped()).isZero();
    }

    @Test
    void keepsTheOrderOfAPublisher() {
        List<Event> seen = new CopyOnWriteArrayList<>();
        events.subscribe(seen::add);

        IntStream.range(0, 1_000).mapToObj(Happened::of).forEach(events::publish);
        events.close();

        assertThat(seen)
                .containsExactlyElementsOf(
                        IntStream.range(0, 1_000).mapToObj(Happened::of).toList());
    }

    @Test
    void dropsAndCountsWhatDoesNotFitAndSaysSo() throws Exception {
        HeldListener held = new HeldListener();
        events.subscribe(held);
        events.publish(Happened.of(0));
        held.awaitEntered();

        IntStream.rangeClosed(1, CAPACITY + 10).mapToObj(Happened::of).forEach(events::publish);
        long dropped = events.dropped();
        held.release();

        assertThat(dropped).isEqualTo(10);
        assertThat(log.next()).isEqualTo("10 events dropped because listeners are too slow");
        assertThat(held.seen()).hasSize(CAPACITY + 1).last().isEqualTo(Happened.of(CAPACITY));
    }

    @Test
    void leavesRoomForRareEventsInAFloodOfFrequentOnes() throws Exception {
        HeldListener held = new HeldListener();
        events.subscribe(held);
        events.publish(Happened.of(0));
        held.awaitEntered();

        IntStream.rangeClosed(1, 2 * CAPACITY).mapToObj(Happened::of).forEach(events::publishFrequent);
        events.publish(new Other("cache"));
        held.release();
        events.close();

        assertThat(held.seen()).last().isEqualTo(new Other("cache"));
        assertThat(events.dropped()).isBetween(CAPACITY + 1L, 2L * CAPACITY);
    }

    @Test
    void flushReturnsAtOnceWhileAnotherThreadDelivers() {
        HeldListener held = new HeldListener();
        events.subscribe(held);
        events.publish(Happened.of(1));
        held.awaitEntered();

        events.publish(Happened.of(2));
        events.flush();

        assertThat(held.seen()).isEmpty();
        held.release();
    }

    @Test
    void flushAndWaitReturnsWhenAnotherThreadHasDelivered() {
        HeldListener held = new HeldListener();
        events.subscribe(held);
        events.publish(Happened.of(1));
        held.awaitEntered();
        events.publish(Happened.of(2));
        Thread caller = Thread.currentThread();
        new Thread(() -> {
                    while (caller.getState() != Thread.State.TIMED_WAITING) {
                        Thread.onSpinWait();
                    }
                    held.release();
                })
                .start();

        events.flushAndWait();

        assertThat(held.seen()).containsExactly(Happened.of(1), Happened.of(2));
    }

    @Test
    void aListenerThatFlushesDoesNotWaitForItself() throws Exception {
        CountDownLatch flushed = new CountDownLatch(1);
        events.subscribe(event -> {
            events.flushAndWait();
            flushed.countDown();
        });

        events.publish(Happened.of(1));

        assertThat(flushed.await(1, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void flushDeliversOnTheCallingThread() {
        AtomicBoolean deliveredHere = new AtomicBoolean();
        Thread caller = Thread.currentThread();
        events.subscribe(event -> deliveredHere.compareAndSet(false, Thread.currentThread() == caller));

        // The delivering thread may be faster, any number of times but not for ever.
        while (!deliveredHere.get()) {
            events.publish(Happened.of(1));
            events.flush();
        }

        assertThat(deliveredHere).isTrue();
    }

    @Test
    void aListenerMayPublish() throws Exception {
        List<Event> seen = new CopyOnWriteArrayList<>();
        CountDownLatch delivered = new CountDownLatch(3);
        events.subscribe(Happened.class, event -> {
            if (event.number() < 3) {
                events.publish(Happened.of(event.number() + 1));
            }
            seen.add(event);
            delivered.countDown();
        });

        events.publish(Happened.of(1));

        assertThat(delivered.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(seen).containsExactly(Happened.of(1), Happened.of(2), Happened.of(3));
    }

    @Test
    void deliversOnAfterADeliveryThatFailedAltogether() throws Exception {
        CountDownLatch delivered = new CountDownLatch(1);
        events.subscribe(Happened.class, event -> {
            if (event.number() == 1) {
                throw new Unprintable();
            }
            delivered.countDown();
        });

        events.publish(Happened.of(1));
        events.publish(Happened.of(2));

        assertThat(delivered.await(30, TimeUnit.SECONDS)).isTrue();
    }

    /** Fails the listener, and then the log that tells of it. */
    private static final class Unprintable extends RuntimeException {

        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new UnsupportedOperationException("no message");
        }
    }
}
