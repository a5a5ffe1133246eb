package io.servicebreaker.spring.aop;

import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;
import reactor.core.scheduler.Schedulers;

/** A {@link Flux} that fails if its content does not begin, or does not go on, in time. */
final class TimedFlux<T> extends FluxOperator<T, T> {

    private final StreamRules rules;

    TimedFlux(Flux<? extends T> source, StreamRules rules) {
        super(source);
        this.rules = rules;
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        source.subscribe(new TimedSubscriber<>(actual, rules, Schedulers.parallel()));
    }
}
