package io.servicebreaker.spring.aop;

import io.servicebreaker.call.OngoingCall;
import io.servicebreaker.spring.aop.ReactiveMethod.FirstElement;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;

/** The first element is when the service answered; completion is when the call ended. */
final class GuardedFluxSubscriber<T> extends GuardedSubscriber<T> {

    private final @Nullable OngoingCall call;
    private final FirstElement first;

    GuardedFluxSubscriber(CoreSubscriber<? super T> actual, @Nullable OngoingCall call, FirstElement first) {
        super(actual, call);
        this.call = call;
        this.first = first;
    }

    @Override
    public void onNext(T element) {
        first.emitted();
        if (call == null) {
            actual.onNext(element);
            return;
        }
        call.answering(); // only the first report counts
        try {
            actual.onNext(element);
        } catch (Throwable e) {
            call.close(); // the fault of whoever takes the elements
            throw e;
        }
    }

    @Override
    public void onComplete() {
        if (call != null) {
            call.succeeded();
        }
        actual.onComplete();
    }
}
