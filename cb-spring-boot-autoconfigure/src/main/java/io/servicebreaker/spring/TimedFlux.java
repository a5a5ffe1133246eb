package io.servicebreaker.spring;

import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;
import reactor.core.scheduler.Schedulers;

/** A {@link Flux} that fails if its content does not begin, or does not go on, in time. */
public final class TimedFlux<T> extends FluxOperator<T, T> {

    private final StreamLimits limits;
    private final StreamContents<? super T> contents;

    private TimedFlux(Flux<? extends T> source, StreamLimits limits, StreamContents<? super T> contents) {
        super(source);
        this.limits = limits;
        this.contents = contents;
    }

    /**
     * The source, or if there are any limits, one that fails with
     * {@link io.servicebreaker.call.StreamTimeoutException}.
     */
    public static <T> Flux<T> of(Flux<T> source, StreamLimits limits, StreamContents<? super T> contents) {
        return limits.exist() ? new TimedFlux<>(source, limits, contents) : source;
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        source.subscribe(new TimedSubscriber<>(actual, limits, contents, new ReactorClock(Schedulers.parallel())));
    }
}
