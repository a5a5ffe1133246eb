package io.servicebreaker.spring.aop;

import io.servicebreaker.call.CurrentCall;
import io.servicebreaker.call.OngoingCall;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CorePublisher;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * Passes signals on and reports how the subscription ended, before anybody downstream hears of it.
 *
 * <p>Reactor does not signal what it takes for fatal, such as a {@link LinkageError}, but throws it at whoever subscribed
 * or requested: there will be no other end of the call.
 */
abstract class GuardedSubscriber<T> implements CoreSubscriber<T>, Subscription {

    final CoreSubscriber<? super T> actual;
    private final @Nullable OngoingCall call;
    private final Context context;
    private @Nullable Subscription upstream;

    /**
     * Creates a subscriber.
     *
     * @param call null if we are broken: signals are then only passed on
     */
    GuardedSubscriber(CoreSubscriber<? super T> actual, @Nullable OngoingCall call) {
        this.actual = actual;
        this.call = call;
        this.context =
                call == null ? actual.currentContext() : actual.currentContext().put(CurrentCall.KEY, call);
    }

    final void subscribeTo(CorePublisher<? extends T> source) {
        OngoingCall around = CurrentCall.enter(call);
        try {
            source.subscribe(this);
        } catch (Throwable e) {
            thrown(e);
            throw e;
        } finally {
            CurrentCall.leave(around);
        }
    }

    @Override
    public Context currentContext() {
        return context;
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        if (Operators.validate(upstream, subscription)) {
            upstream = subscription;
            actual.onSubscribe(this);
        }
    }

    @Override
    public void onError(Throwable failure) {
        if (call != null) {
            GuardedMethod.failed(call, failure);
        }
        actual.onError(call == null ? failure : signal(failure));
    }

    /** What is signalled of a call that has failed. */
    abstract Throwable signal(Throwable failure);

    @Override
    public void request(long count) {
        if (upstream == null) {
            return;
        }
        try {
            upstream.request(count);
        } catch (Throwable e) {
            thrown(e);
            throw e;
        }
    }

    @Override
    public void cancel() {
        if (call != null) {
            call.cancelled();
        }
        cancelUpstream();
    }

    private void thrown(Throwable failure) {
        if (call != null) {
            call.failed(failure);
        }
    }

    final void cancelUpstream() {
        if (upstream != null) {
            upstream.cancel();
        }
    }
}
