package io.servicebreaker.spring.openai;

import com.openai.client.OpenAIClient;
import com.openai.client.OpenAIClientAsync;
import com.openai.core.http.HttpRequest;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.call.OngoingCall;
import io.servicebreaker.spring.Exchange;
import io.servicebreaker.spring.Exchanges;
import io.servicebreaker.spring.ReportedHeaders;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Guards clients of OpenAI's SDK. Each request that such a client sends, the first and those that the SDK repeats, is an
 * attempt of the guarded call around it, and outside of any a call of its own. A refusal is thrown as
 * {@link io.servicebreaker.call.CallRejectedException}, or is what an asynchronous answer fails with.
 *
 * <p>A client that is a bean is guarded by its address without being asked for. A bean. Safe for use by many threads.
 */
public final class GuardedOpenAi {

    private final Exchanges exchanges;
    private final Breakers breakers;
    private final Hearing hearing;

    GuardedOpenAi(Exchanges exchanges, Breakers breakers, ReportedHeaders reported, InternalFaults faults) {
        this.exchanges = exchanges;
        this.breakers = breakers;
        this.hearing = new Hearing(exchanges, reported, faults);
    }

    /**
     * The client, guarded as calls of a service whatever its address. Closing it closes the client.
     *
     * @throws io.servicebreaker.call.UnknownServiceException if the service is not configured
     */
    public OpenAIClient guard(OpenAIClient client, String service) {
        breakers.breaker(service);
        return GuardedClient.of(client, hook(ofService(service)));
    }

    /**
     * The client, guarded as calls of a service whatever its address. Closing it closes the client. The guarded call
     * around a request is the one in which the client is asked for its part, as in {@code client.chat()}.
     *
     * @throws io.servicebreaker.call.UnknownServiceException if the service is not configured
     */
    public OpenAIClientAsync guard(OpenAIClientAsync client, String service) {
        breakers.breaker(service);
        return GuardedAsyncClient.of(client, hook(ofService(service)));
    }

    /** The client, guarded as calls of the service that its address belongs to, if any. */
    public OpenAIClient guard(OpenAIClient client) {
        return GuardedClient.of(client, hook(this::byAddress));
    }

    /** The client, guarded as calls of the service that its address belongs to, if any. */
    public OpenAIClientAsync guard(OpenAIClientAsync client) {
        return GuardedAsyncClient.of(client, hook(this::byAddress));
    }

    private Hook hook(ExchangeSource source) {
        return new Hook(source, hearing, null);
    }

    private ExchangeSource ofService(String service) {
        return (request, around) -> exchanges.begin(service, around, () -> RequestedModel.of(request));
    }

    /** What fails is not told, since it contains the address, and that may contain a key. */
    private @Nullable Exchange byAddress(HttpRequest request, @Nullable OngoingCall around) {
        URI address;
        try {
            address = URI.create(request.url());
        } catch (RuntimeException e) {
            hearing.faults()
                    .record(
                            "address of a request",
                            new IllegalArgumentException(e.getClass().getName()));
            return null;
        }
        return exchanges.begin(address, around, () -> RequestedModel.of(request));
    }
}
