package io.servicebreaker.spring;

import io.servicebreaker.call.CallListener;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Rejection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what became of calls. */
public final class CallLog implements CallListenerFactory {

    /** A call and its outcome. */
    public record Ended(CallRequest request, Outcome outcome) {}

    private final List<Ended> ended = new CopyOnWriteArrayList<>();
    private final List<Rejection> rejected = new CopyOnWriteArrayList<>();

    @Override
    public CallListener listenerFor(String service) {
        return new CallListener() {
            @Override
            public void finished(CallRequest request, Outcome outcome, long durationNanos) {
                ended.add(new Ended(request, outcome));
            }

            @Override
            public void rejected(CallRequest request, Rejection rejection) {
                rejected.add(rejection);
            }
        };
    }

    /** The calls that ended, in this order. */
    public List<Ended> ended() {
        return ended;
    }

    /** Why calls were refused. */
    public List<Rejection> rejected() {
        return rejected;
    }
}
