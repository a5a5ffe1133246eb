package io.servicebreaker.spring.openai;

import com.openai.client.OpenAIClient;
import com.openai.client.OpenAIClientAsync;
import com.openai.core.http.HttpRequest;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.spring.ExchangeSource;
import io.servicebreaker.spring.Exchanges;
import io.servicebreaker.spring.ReportedHeaders;
import java.net.URI;

/**
 * Guards clients of OpenAI's SDK. Each request that such a client sends, the first and those that the SDK repeats, is an
 * attempt of the guarded call around it, and outside of any a call of its own. A refusal is thrown as
 * {@link io.servicebreaker.call.CallRejectedException}, or is what an asynchronous answer fails with.
 *
 * <p>A client that is a bean is guarded by its address without being asked for. A bean. Safe for use by many threads.
 */
public final class GuardedOpenAi {

    private final Exchanges exchanges;
    private final Hearing hearing;

    GuardedOpenAi(Exchanges exchanges, ReportedHeaders reported, InternalFaults faults) {
        this.exchanges = exchanges;
        this.hearing = new Hearing(exchanges, reported, faults);
    }

    /**
     * The client, guarded as calls of a service whatever its address. Closing it closes the client.
     *
     * @throws io.servicebreaker.call.UnknownServiceException if the service is not configured
     */
    public OpenAIClient guard(OpenAIClient client, String service) {
        return GuardedClient.of(client, hook(exchanges.ofService(service, RequestBodies::json)));
    }

    /**
     * The client, guarded as calls of a service whatever its address. Closing it closes the client. The guarded call
     * around a request is the one in which the client is asked for its part, as in {@code client.chat()}.
     *
     * @throws io.servicebreaker.call.UnknownServiceException if the service is not configured
     */
    public OpenAIClientAsync guard(OpenAIClientAsync client, String service) {
        return GuardedAsyncClient.of(client, hook(exchanges.ofService(service, RequestBodies::json)));
    }

    /** The client, guarded as calls of the service that its address belongs to, if any. */
    public OpenAIClient guard(OpenAIClient client) {
        return GuardedClient.of(client, hook(byAddress()));
    }

    /** The client, guarded as calls of the service that its address belongs to, if any. */
    public OpenAIClientAsync guard(OpenAIClientAsync client) {
        return GuardedAsyncClient.of(client, hook(byAddress()));
    }

    private ExchangeSource<HttpRequest> byAddress() {
        return exchanges.byAddress(request -> URI.create(request.url()), RequestBodies::json);
    }

    private Hook hook(ExchangeSource<HttpRequest> source) {
        return new Hook(source, hearing, null);
    }
}
