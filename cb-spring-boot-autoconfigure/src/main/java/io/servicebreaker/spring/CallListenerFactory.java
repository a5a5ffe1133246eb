package io.servicebreaker.spring;

import io.servicebreaker.call.CallListener;

/** A bean of this type is asked once for a listener to the calls of each service. */
@FunctionalInterface
public interface CallListenerFactory {

    /** A listener to the calls of the service. */
    CallListener listenerFor(String service);
}
