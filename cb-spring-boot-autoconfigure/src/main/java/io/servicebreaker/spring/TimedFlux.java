package io.servicebreaker.spring;

import java.util.function.Predicate;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;
import reactor.core.scheduler.Schedulers;

/** A {@link Flux} that fails if its content does not begin, or does not go on, in time. */
public final class TimedFlux<T> extends FluxOperator<T, T> {

    private final StreamLimits limits;
    private final Predicate<? super T> content;

    private TimedFlux(Flux<? extends T> source, StreamLimits limits, Predicate<? super T> content) {
        super(source);
        this.limits = limits;
        this.content = content;
    }

    /**
     * The source, or if there are any limits, one that fails with
     * {@link io.servicebreaker.call.StreamTimeoutException}.
     *
     * @param content whether an element is part of the answer; is asked once for each
     */
    public static <T> Flux<T> of(Flux<T> source, StreamLimits limits, Predicate<? super T> content) {
        return limits.exist() ? new TimedFlux<>(source, limits, content) : source;
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        source.subscribe(new TimedSubscriber<>(actual, limits, content, new ReactorClock(Schedulers.parallel())));
    }
}
