package io.servicebreaker.spring.aop;

import io.servicebreaker.call.StreamTimeoutException;
import io.servicebreaker.provider.StreamSettings;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.util.context.Context;

/**
 * Passes signals on while {@link Patience} lasts. The patience also keeps signals apart: an element is passed on while it
 * rests, and the timer fails the stream only where it has run out while nothing was passed on.
 *
 * <p>An element does not touch the timer. It goes off when patience would have run out without the elements since it was
 * set, and is then set anew; while nothing is awaited it is off.
 */
final class TimedSubscriber<T> implements CoreSubscriber<T>, Subscription {

    @SuppressWarnings("rawtypes")
    private static final AtomicLongFieldUpdater<TimedSubscriber> WANTED =
            AtomicLongFieldUpdater.newUpdater(TimedSubscriber.class, "wanted");

    private final CoreSubscriber<? super T> actual;
    private final StreamRules rules;
    private final Scheduler scheduler;
    private final long stallNanos;
    private final Patience patience;
    private volatile StreamTimer timer;
    private @Nullable Subscription upstream;

    /** Elements that have been asked for and have not come. */
    private volatile long wanted;

    /** Whether content came since the last wait; touched only where signals are passed on, as is the next. */
    private boolean fresh;

    private boolean begun;

    TimedSubscriber(CoreSubscriber<? super T> actual, StreamRules rules, Scheduler scheduler) {
        this.actual = actual;
        this.rules = rules;
        this.scheduler = scheduler;
        long start = scheduler.now(TimeUnit.NANOSECONDS);
        this.stallNanos = nanos(rules.waiting().stallTimeout());
        this.patience = new Patience(
                nanos(rules.waiting().firstTokenTimeout()), () -> scheduler.now(TimeUnit.NANOSECONDS) - start);
        this.timer = new StreamTimer(scheduler, patience, this::fail);
    }

    private static long nanos(@Nullable Duration limit) {
        return limit == null ? Patience.ENDLESS : limit.toNanos();
    }

    @Override
    public Context currentContext() {
        return actual.currentContext();
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        if (Operators.validate(upstream, subscription)) {
            upstream = subscription;
            actual.onSubscribe(this);
        }
    }

    @Override
    public void request(long count) {
        if (count > 0) {
            Operators.addCap(WANTED, this, count);
            await();
        }
        subscription().request(count);
    }

    private void await() {
        patience.await();
        timer.set();
    }

    @Override
    public void onNext(T element) {
        fresh |= rules.elements().isContent(element);
        if (patience.isPassingOn()) { // the source answers a request that was made while it passed an element on
            passOn(element);
        } else if (patience.pause()) {
            passOn(element);
            goOn();
        } else {
            Operators.onNextDropped(element, currentContext());
        }
    }

    private void passOn(T element) {
        actual.onNext(element);
        Operators.produced(WANTED, this, 1);
    }

    private void goOn() {
        if (fresh) {
            fresh = false;
            begin();
            patience.rest(stallNanos);
        } else {
            patience.rest();
        }
        if (wanted > 0) { // else the next request goes on; whoever comes second sees what the other did
            await();
        }
    }

    /** The timer of the first content may be set to a later time than that at which the next is missed. */
    private void begin() {
        if (!begun) {
            begun = true;
            timer.stop();
            timer = new StreamTimer(scheduler, patience, this::fail);
        }
    }

    private void fail() {
        timer.stop();
        try {
            subscription().cancel();
        } finally {
            actual.onError(timeout());
        }
    }

    private StreamTimeoutException timeout() {
        StreamSettings waiting = rules.waiting();
        return begun
                ? StreamTimeoutException.stall(rules.service(), Objects.requireNonNull(waiting.stallTimeout()))
                : StreamTimeoutException.firstToken(
                        rules.service(), Objects.requireNonNull(waiting.firstTokenTimeout()));
    }

    private Subscription subscription() {
        return Objects.requireNonNull(upstream, "asked before onSubscribe");
    }

    @Override
    public void onComplete() {
        if (end()) {
            actual.onComplete();
        }
    }

    @Override
    public void onError(Throwable failure) {
        if (end()) {
            actual.onError(failure);
        } else {
            Operators.onErrorDropped(failure, currentContext());
        }
    }

    @Override
    public void cancel() {
        end();
        subscription().cancel();
    }

    /** In this order: a timer that is set meanwhile finds nothing to wait for. */
    private boolean end() {
        boolean ended = patience.end();
        timer.stop();
        return ended;
    }
}
