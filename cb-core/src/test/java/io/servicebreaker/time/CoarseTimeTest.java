package io.servicebreaker.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CoarseTimeTest {

    private final ObservedTime source = new ObservedTime();
    private final CoarseTime time = new CoarseTime(source);

    @Test
    void startsWithTheTimeOfItsSource() {
        assertThat(time.nanos()).isEqualTo(source.nanos());

        time.close();
    }

    @Test
    void followsItsSource() throws Exception {
        source.fake.advance(Duration.ofMinutes(1));
        source.awaitTwoTicks();

        assertThat(time.nanos()).isEqualTo(source.fake.nanos());

        time.close();
    }

    @Test
    void standsStillOnceItIsClosed() throws Exception {
        source.awaitTwoTicks();
        long last = time.nanos();

        time.close();
        source.ticker.get().join();
        source.fake.advance(Duration.ofMinutes(1));

        assertThat(time.nanos()).isEqualTo(last);
    }

    @Test
    void takesTheWallClockTimeFromItsSource() {
        assertThat(time.now()).isEqualTo(source.fake.now());
        assertThat(time.at(5)).isEqualTo(source.fake.at(5));

        time.close();
    }

    @Test
    void ticksOnADaemonThread() throws Exception {
        source.awaitTwoTicks();

        assertThat(source.ticker.get().isDaemon()).isTrue();

        time.close();
    }

    @Test
    void countsRealTimeUnlessToldOtherwise() throws Exception {
        CountDownLatch later = new CountDownLatch(1);
        CoarseTime real = new CoarseTime();
        long start = real.nanos();
        Thread watcher = new Thread(() -> {
            while (real.nanos() == start) {
                Thread.yield();
            }
            later.countDown();
        });

        watcher.start();

        assertThat(later.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(real.nanos())
                .isGreaterThan(start)
                .isLessThanOrEqualTo(TimeSource.precise().nanos());
        real.close();
    }

    /** Tells a test that the ticking thread has read it. */
    private static final class ObservedTime implements TimeSource {

        private final FakeTime fake = new FakeTime();
        private final Semaphore ticks = new Semaphore(0);
        private final AtomicReference<Thread> ticker = new AtomicReference<>();
        private final Thread test = Thread.currentThread();

        @Override
        public long nanos() {
            long now = fake.nanos();
            if (Thread.currentThread() != test) {
                ticker.set(Thread.currentThread());
                ticks.release();
            }
            return now;
        }

        @Override
        public Instant now() {
            return fake.now();
        }

        @Override
        public Instant at(long reading) {
            return fake.at(reading);
        }

        /** The second tick from now began after the first, which began after this call, had been written. */
        void awaitTwoTicks() throws InterruptedException {
            ticks.drainPermits();
            if (!ticks.tryAcquire(3, 30, TimeUnit.SECONDS)) {
                throw new AssertionError("the clock does not tick");
            }
        }
    }
}
