package io.servicebreaker.spring;

import io.servicebreaker.call.OngoingCall;
import org.jspecify.annotations.Nullable;

/**
 * Knows whose exchange a request is. Safe for use by many threads.
 *
 * @param <R> type of the client's requests
 */
@FunctionalInterface
public interface ExchangeSource<R> {

    /**
     * Begins the exchange.
     *
     * @param around the guarded call in which it happens, if any
     * @return null if it is none of our business
     * @throws io.servicebreaker.call.CallRejectedException if it is refused
     */
    @Nullable
    Exchange begin(R request, @Nullable OngoingCall around);
}
