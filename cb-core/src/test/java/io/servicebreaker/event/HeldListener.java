package io.servicebreaker.event;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Stays in its first event until a test lets it go, so that what is published meanwhile piles up. */
final class HeldListener implements Consumer<Event> {

    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private final List<Event> seen = new CopyOnWriteArrayList<>();

    @Override
    public void accept(Event event) {
        entered.countDown();
        await(release);
        seen.add(event);
    }

    void awaitEntered() {
        await(entered);
    }

    void release() {
        release.countDown();
    }

    List<Event> seen() {
        return seen;
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(30, TimeUnit.SECONDS)) {
                throw new AssertionError("waited in vain");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
