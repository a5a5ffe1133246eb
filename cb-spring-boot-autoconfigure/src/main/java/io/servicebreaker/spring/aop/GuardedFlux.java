package io.servicebreaker.spring.aop;

import io.servicebreaker.call.AnswerPath;
import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.OngoingCall;
import io.servicebreaker.spring.TimedFlux;
import io.servicebreaker.spring.aop.ReactiveMethod.FirstContent;
import org.aopalliance.intercept.MethodInvocation;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;
import reactor.core.publisher.Operators;

/** A {@link Flux} each of whose subscriptions is a guarded call. */
final class GuardedFlux<T> extends FluxOperator<T, T> {

    private final ReactiveMethod method;
    private final MethodInvocation invocation;
    private final StreamRules rules;
    private final FirstContent first;

    GuardedFlux(
            Flux<? extends T> source,
            ReactiveMethod method,
            MethodInvocation invocation,
            StreamRules rules,
            FirstContent first) {
        super(source);
        this.method = method;
        this.invocation = invocation;
        this.rules = rules;
        this.first = first;
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        OngoingCall call;
        AnswerPath around = ReactiveMethod.enterPathOf(actual.currentContext());
        try {
            call = method.begin(invocation);
        } catch (CallRejectedException refusal) {
            Operators.error(actual, method.signal(invocation, null, refusal, null));
            return;
        } finally {
            AnswerPath.leave(around);
        }
        new GuardedFluxSubscriber<>(actual, call, method, invocation, rules.elements(), first)
                .subscribeTo(call == null ? source : limited());
    }

    private Flux<? extends T> limited() {
        return TimedFlux.of(source, rules.limits(), rules.elements()::isContent);
    }
}
