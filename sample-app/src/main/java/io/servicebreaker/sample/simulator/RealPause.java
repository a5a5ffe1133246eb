package io.servicebreaker.sample.simulator;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

final class RealPause implements Pause {

    private volatile CountDownLatch end = new CountDownLatch(1);

    @Override
    public boolean lasts(Duration duration) {
        try {
            return !end.await(duration.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void endAll() {
        end.countDown();
    }

    @Override
    public void allow() {
        if (end.getCount() == 0) {
            end = new CountDownLatch(1);
        }
    }
}
