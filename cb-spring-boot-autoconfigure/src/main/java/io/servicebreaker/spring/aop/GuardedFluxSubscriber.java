package io.servicebreaker.spring.aop;

import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.OngoingCall;
import io.servicebreaker.spring.aop.ReactiveMethod.FirstContent;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;

/**
 * The first content is when the service answered; completion, or an error that an element tells, is when the call ended.
 */
final class GuardedFluxSubscriber<T> extends GuardedSubscriber<T> {

    private final @Nullable OngoingCall call;
    private final ReactiveMethod method;
    private final MethodInvocation invocation;
    private final Elements elements;
    private final FirstContent first;

    GuardedFluxSubscriber(
            CoreSubscriber<? super T> actual,
            @Nullable OngoingCall call,
            ReactiveMethod method,
            MethodInvocation invocation,
            Elements elements,
            FirstContent first) {
        super(actual, call);
        this.call = call;
        this.method = method;
        this.invocation = invocation;
        this.elements = elements;
        this.first = first;
    }

    @Override
    public void onNext(T element) {
        boolean content = elements.isContent(element);
        if (content) {
            first.emitted();
        }
        if (call == null) {
            actual.onNext(element);
            return;
        }
        judge(element, content, call);
        try {
            actual.onNext(element);
        } catch (Throwable e) {
            call.close(); // the fault of whoever takes the elements
            throw e;
        }
    }

    /** What tells an error is no answer, and ends the call although more may come. */
    private void judge(T element, boolean content, OngoingCall ongoing) {
        CallReport error = elements.error(element);
        if (error != null) {
            ongoing.succeeded(error); // by its status it is a failure
        } else if (content) {
            ongoing.answering();
        }
    }

    /** After the first content an error is the caller's to see. */
    @Override
    Throwable signal(Throwable failure) {
        return first.isEmitted() ? failure : method.signal(invocation, call, failure, null);
    }

    @Override
    public void onComplete() {
        if (call != null) {
            method.ended(call, first.isEmitted());
        }
        actual.onComplete();
    }
}
