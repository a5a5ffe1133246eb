package io.servicebreaker.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The delivering thread falls asleep when nothing happens; no event may be left lying while it sleeps. */
@Timeout(120)
class EventsWakeUpTest {

    private final Events events = new Events();

    @AfterEach
    void closeEvents() {
        events.close();
    }

    @Test
    void deliversEachOfManyEventsThatMeetItAsleepOrFallingAsleep() throws Exception {
        Semaphore delivered = new Semaphore(0);
        events.subscribe(event -> delivered.release());

        for (int i = 0; i < 500; i++) {
            events.publish(Happened.of(i));

            assertThat(delivered.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void deliversTheEventsOfManyPublishers() throws Exception {
        int publishers = 4;
        int each = 2_000;
        CountDownLatch delivered = new CountDownLatch(publishers * each);
        AtomicInteger[] next = new AtomicInteger[publishers];
        AtomicInteger outOfOrder = new AtomicInteger();
        for (int i = 0; i < publishers; i++) {
            next[i] = new AtomicInteger();
        }
        events.subscribe(Happened.class, event -> {
            if (next[Integer.parseInt(event.service())].getAndIncrement() != event.number()) {
                outOfOrder.incrementAndGet();
            }
            delivered.countDown();
        });

        for (Thread publisher : publishers(publishers, each)) {
            publisher.join();
        }

        assertThat(delivered.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(outOfOrder).hasValue(0);
        assertThat(events.dropped()).isZero();
    }

    private List<Thread> publishers(int count, int each) {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = Integer.toString(i);
            Thread thread = new Thread(() -> {
                for (int number = 0; number < each; number++) {
                    events.publish(new Happened(name, number));
                }
            });
            thread.start();
            threads.add(thread);
        }
        return threads;
    }
}
