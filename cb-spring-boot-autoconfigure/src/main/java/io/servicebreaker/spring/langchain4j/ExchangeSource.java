package io.servicebreaker.spring.langchain4j;

import dev.langchain4j.http.client.HttpRequest;
import io.servicebreaker.call.OngoingCall;
import io.servicebreaker.spring.Exchange;
import org.jspecify.annotations.Nullable;

/** Knows whose exchange a request is. */
@FunctionalInterface
interface ExchangeSource {

    /**
     * Begins the exchange.
     *
     * @param around the guarded call in which it happens, if any
     * @return null if it is none of our business
     * @throws io.servicebreaker.call.CallRejectedException if it is refused
     */
    @Nullable
    Exchange begin(HttpRequest request, @Nullable OngoingCall around);
}
