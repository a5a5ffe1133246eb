package io.servicebreaker.spring.openai;

import com.openai.core.http.HttpRequest;
import io.servicebreaker.call.CallRejectedException;
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
     * @throws CallRejectedException if it is refused
     */
    @Nullable
    Exchange begin(HttpRequest request, @Nullable OngoingCall around);
}
