package io.servicebreaker.spring;

import io.servicebreaker.call.StreamTimeoutException;

/**
 * The wait for the content of one stream. Patience also keeps signals apart: an element is passed on while it rests, and
 * the timer ends the stream only where it has run out while nothing was passed on.
 *
 * <p>An element does not touch the timer. It goes off when patience would have run out without the elements since it was
 * set, and is then set anew; while nothing is awaited it is off. {@link #await}, {@link #end} and the timer may come at
 * any time, the others one after the other.
 */
final class StreamWait {

    private final StreamLimits limits;
    private final StreamClock clock;
    private final Runnable exhausted;
    private final Patience patience;
    private volatile StreamTimer timer;
    private boolean begun;

    /**
     * A wait that has not begun.
     *
     * @param exhausted what is to be done, once, when the time is up
     */
    StreamWait(StreamLimits limits, StreamClock clock, Runnable exhausted) {
        long start = clock.nanos();
        this.limits = limits;
        this.clock = clock;
        this.exhausted = exhausted;
        this.patience = new Patience(limits.firstTokenNanos(), () -> clock.nanos() - start);
        this.timer = newTimer();
    }

    private StreamTimer newTimer() {
        return new StreamTimer(clock, patience, () -> {
            timer.stop();
            exhausted.run();
        });
    }

    /** The next element is wanted. */
    void await() {
        patience.await();
        timer.set();
    }

    /** Whether an element is being passed on. */
    boolean isPassingOn() {
        return patience.isPassingOn();
    }

    /** Stops waiting in order to pass an element on; returns false if the stream is over. */
    boolean pause() {
        return patience.pause();
    }

    /**
     * The element has been passed on.
     *
     * @param content whether it was any
     */
    void passedOn(boolean content) {
        if (content) {
            begin();
            patience.rest(limits.stallNanos());
        } else {
            patience.rest();
        }
    }

    /** The element has been passed on, and whatever follows need not come. */
    void passedOnLast() {
        patience.rest(Patience.ENDLESS);
    }

    /** The timer of the first content may be set to a later time than that at which the next is missed. */
    private void begin() {
        if (!begun) {
            begun = true;
            timer.stop();
            timer = newTimer();
        }
    }

    /** The stream is over; returns false if it was. In this order: a timer set meanwhile finds nothing to wait for. */
    boolean end() {
        boolean ended = patience.end();
        timer.stop();
        return ended;
    }

    /** What has happened when the time is up. */
    StreamTimeoutException timeout() {
        return limits.timeout(begun);
    }
}
