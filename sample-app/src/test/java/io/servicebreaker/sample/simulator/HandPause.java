package io.servicebreaker.sample.simulator;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Pauses that take no time, or, when held, last until the simulator stops. */
final class HandPause implements Pause {

    private final List<Duration> asked = new CopyOnWriteArrayList<>();
    private final Semaphore begun = new Semaphore(0);
    private final CountDownLatch end = new CountDownLatch(1);
    private volatile boolean held;

    @Override
    public boolean lasts(Duration duration) {
        asked.add(duration);
        begun.release();
        if (!held) {
            return true;
        }
        try {
            end.await();
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    @Override
    public void endAll() {
        end.countDown();
    }

    @Override
    public void allow() {}

    void hold() {
        held = true;
    }

    List<Duration> asked() {
        return asked;
    }

    void awaitBegun(int pauses) throws InterruptedException {
        if (!begun.tryAcquire(pauses, 30, TimeUnit.SECONDS)) {
            throw new AssertionError("Fewer than " + pauses + " pauses began");
        }
    }
}
