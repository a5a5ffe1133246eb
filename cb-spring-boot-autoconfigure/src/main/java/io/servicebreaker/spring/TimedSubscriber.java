package io.servicebreaker.spring;

import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

/** Passes signals on while {@link StreamWait} lasts. */
final class TimedSubscriber<T> implements CoreSubscriber<T>, Subscription {

    @SuppressWarnings("rawtypes")
    private static final AtomicLongFieldUpdater<TimedSubscriber> WANTED =
            AtomicLongFieldUpdater.newUpdater(TimedSubscriber.class, "wanted");

    private final CoreSubscriber<? super T> actual;
    private final StreamContents<? super T> contents;
    private final StreamWait wait;
    private @Nullable Subscription upstream;

    /** Elements that have been asked for and have not come. */
    private volatile long wanted;

    /** Whether content came since the last wait; touched only where signals are passed on. */
    private boolean fresh;

    TimedSubscriber(
            CoreSubscriber<? super T> actual,
            StreamLimits limits,
            StreamContents<? super T> contents,
            StreamClock clock) {
        this.actual = actual;
        this.contents = contents;
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
        fresh |= contents.isContent(element);
        if (wait.isPassingOn()) { // the source answers a request that was made while it passed an element on
            passOn(element);
        } else if (wait.pause()) {
            passOn(element);
            goOn();
        } else {
            Operators.onNextDropped(element, currentContext());
            Operators.onDiscard(element, currentContext()); // it may have to be released
        }
    }

    private void passOn(T element) {
        actual.onNext(element);
        Operators.produced(WANTED, this, 1);
    }

    private void goOn() {
        if (contents.areComplete()) {
            wait.passedOnLast();
        } else {
            wait.passedOn(fresh);
        }
        fresh = false;
        if (wanted > 0) { // else the next request goes on; whoever comes second sees what the other did
            wait.await();
        }
    }

    /** Not here, on a timer's thread: cancelling may close a connection, and wait for whoever reads from it. */
    private void fail() {
        try {
            Schedulers.boundedElastic().schedule(subscription()::cancel);
        } catch (RejectedExecutionException e) {
            subscription().cancel(); // the application ends
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
