package io.servicebreaker.spring.ai;

import io.servicebreaker.call.OngoingCall;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Streamed calls by the number under which their requests carry them. The SDK below Spring AI sends these on threads of
 * its own; what comes with them is a header, which is taken off again before they are sent.
 */
final class CarriedCalls {

    static final String HEADER = "X-Service-Breaker-Call";

    private final Map<String, OngoingCall> byNumber = new ConcurrentHashMap<>();
    private final AtomicLong last = new AtomicLong();
    private volatile boolean takenOff;

    /** There is somebody who takes the header off. */
    void takeOff() {
        takenOff = true;
    }

    boolean isTakenOff() {
        return takenOff;
    }

    /** The number under which the call is to be carried. */
    String add(OngoingCall call) {
        String number = Long.toString(last.incrementAndGet());
        byNumber.put(number, call);
        return number;
    }

    void remove(String number) {
        byNumber.remove(number);
    }

    /** The call, or null if it has ended. */
    @Nullable
    OngoingCall get(String number) {
        return byNumber.get(number);
    }
}
