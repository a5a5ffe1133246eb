package io.servicebreaker.spring.aop;

import org.jspecify.annotations.Nullable;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Answers by a suspend function of Kotlin. Spring hands its result to us as a publisher, and ours to the caller's
 * coroutine. Its fallbacks need not suspend: what those return is then the answer itself.
 */
final class SuspendingMethod extends ReactiveMethod {

    SuspendingMethod(Parts parts, boolean single, StreamRules rules) {
        super(parts, single, rules);
    }

    @Override
    Object publisher(@Nullable Object answer) {
        ReactiveAdapter adapter = ReactiveAdapterRegistry.getSharedInstance().getAdapter(null, answer);
        if (answer == null || adapter == null) {
            return Mono.justOrEmpty(answer);
        }
        return adapter.isMultiValue() ? Flux.from(adapter.toPublisher(answer)) : Mono.from(adapter.toPublisher(answer));
    }
}
