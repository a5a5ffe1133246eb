package io.servicebreaker.spring.ai;

import io.servicebreaker.call.CurrentCall;
import io.servicebreaker.call.OngoingCall;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;

/** A stream that is subscribed to within a call, since that is when models ask their clients. */
final class SubscribedWithin<T> extends FluxOperator<T, T> {

    private final OngoingCall call;

    SubscribedWithin(Flux<? extends T> source, OngoingCall call) {
        super(source);
        this.call = call;
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        OngoingCall around = CurrentCall.enter(call);
        try {
            source.subscribe(actual);
        } finally {
            CurrentCall.leave(around);
        }
    }
}
