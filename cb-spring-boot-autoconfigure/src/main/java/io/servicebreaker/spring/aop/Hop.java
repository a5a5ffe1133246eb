package io.servicebreaker.spring.aop;

import io.servicebreaker.call.AnswerPath;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.OngoingCall;
import io.servicebreaker.spring.Hops;
import io.servicebreaker.spring.Mishap;
import io.servicebreaker.spring.OngoingHop;
import java.util.List;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

/** A hop from an annotated method to one of its fallbacks. */
final class Hop extends OngoingHop {

    private final @Nullable Fallback fallback;
    private final @Nullable Rung rung;

    /**
     * Decides who is asked.
     *
     * @param call null if it was refused, on this thread
     * @param fallback null if there is none
     * @param confidence that an answer told which is not good enough, if it did
     */
    Hop(
            Hops hops,
            CallRequest request,
            @Nullable OngoingCall call,
            Mishap mishap,
            @Nullable Fallback fallback,
            @Nullable Double confidence) {
        super(hops, request, call, mishap, confidence);
        this.fallback = fallback;
        this.rung = fallback == null || isTooDeep() ? null : fallback.rungFor(mishap);
    }

    boolean hasRung() {
        return rung != null;
    }

    /**
     * Asks the chosen method.
     *
     * @throws Throwable what that method throws, with the failure as a suppressed exception
     */
    @Nullable
    Object ask(MethodInvocation invocation) throws Throwable {
        if (fallback == null || rung == null) {
            throw failure();
        }
        AnswerPath around = AnswerPath.enter(path());
        try {
            return fallback.answer(invocation, rung, failure());
        } catch (Throwable e) {
            failed(e);
            throw e;
        } finally {
            AnswerPath.leave(around);
        }
    }

    /**
     * The chosen method has answered.
     *
     * @param result nothing may mean that it was looked up and is not there
     */
    void answered(@Nullable Object result) {
        boolean nothing = EmptyAnswer.isEmpty(result) && path().isMissed();
        if (rung != null && nothing && path().answeredBy().isEmpty()) {
            missed();
        } else {
            answered();
        }
    }

    @Override
    protected List<String> options() {
        return fallback == null ? List.of() : fallback.names();
    }

    @Override
    protected @Nullable String chosen() {
        return rung == null ? null : rung.name();
    }

    @Override
    protected String choice() {
        if (rung != null) {
            return "asked is " + rung.name() + ", " + rung.purpose();
        }
        if (fallback == null) {
            return "it has no fallback";
        }
        if (!fallback.isAsked()) {
            return "its cascade-to-fallback is false";
        }
        return isTooDeep() ? tooDeep() : "none of its fallbacks is for that";
    }
}
