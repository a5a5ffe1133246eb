package io.servicebreaker.spring;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** Passes signals on while {@link StreamWait} lasts. */
final class TimedSubscriber<T> implements CoreSubscriber<T>, Subscription {

    @SuppressWarnings("rawtypes")
    private static final AtomicLongFieldUpdater<TimedSubscriber> WANTED =
            AtomicLongFieldUpdater.newUpdater(TimedSubscriber.class, "wanted");

    private final CoreSubscriber<? super T> actual;
    private final Predicate<? super T> content;
    private final StreamWait wait;
    private @Nullable Subscription upstream;

    /** Elements that have been asked for and have not come. */
    private volatile long wanted;

    /** Whether content came since the last wait; touched only where signals are passed on. */
    private boolean fresh;

    TimedSubscriber(
            CoreSubscriber<? super T> actual, StreamLimits limits, Predicate<? super T> content, StreamClock clock) {
        this.actual = actual;
        this.content = content;
        this.wait = new StreamWait(limits, clock, this::fail);
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
            wait.await();
        }
        subscription().request(count);
    }

    @Override
    public void onNext(T element) {
        fresh |= content.test(element);
        if (wait.isPassingOn()) { // the source answers a request that was made while it passed an element on
            passOn(element);
        } else if (wait.pause()) {
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
        wait.passedOn(fresh);
        fresh = false;
        if (wanted > 0) { // else the next request goes on; whoever comes second sees what the other did
            wait.await();
        }
    }

    private void fail() {
        try {
            subscription().cancel();
        } finally {
            actual.onError(wait.timeout());
        }
    }

    private Subscription subscription() {
        return Objects.requireNonNull(upstream, "asked before onSubscribe");
    }

    @Override
    public void onComplete() {
        if (wait.end()) {
            actual.onComplete();
        }
    }

    @Override
    public void onError(Throwable failure) {
        if (wait.end()) {
            actual.onError(failure);
        } else {
            Operators.onErrorDropped(failure, currentContext());
        }
    }

    @Override
    public void cancel() {
        wait.end();
        subscription().cancel();
    }
}
