package io.servicebreaker.spring.context;

import io.micrometer.context.ThreadLocalAccessor;
import io.servicebreaker.call.CurrentCall;
import io.servicebreaker.call.OngoingCall;
import org.jspecify.annotations.Nullable;

/**
 * Lets Micrometer's context propagation carry the current call, so that it is known to whatever runs on other threads in
 * its name. Found as a service; public for that alone.
 */
public final class CurrentCallAccessor implements ThreadLocalAccessor<OngoingCall> {

    @Override
    public Object key() {
        return CurrentCall.KEY;
    }

    @Override
    public @Nullable OngoingCall getValue() {
        return CurrentCall.get();
    }

    @Override
    public void setValue(OngoingCall call) {
        CurrentCall.leave(call);
    }

    @Override
    public void setValue() {
        CurrentCall.leave(null);
    }
}
