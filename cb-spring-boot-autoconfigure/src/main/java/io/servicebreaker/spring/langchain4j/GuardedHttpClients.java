package io.servicebreaker.spring.langchain4j;

import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.HttpClientBuilderLoader;
import dev.langchain4j.http.client.HttpRequest;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.call.OngoingCall;
import io.servicebreaker.spring.Exchange;
import io.servicebreaker.spring.Exchanges;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Makes builders of HTTP clients for the models of LangChain4j, to be given to {@code httpClientBuilder}. Each request
 * that such a client sends, the first and those that LangChain4j repeats, is an attempt of the guarded call around it, and
 * outside of any a call of its own. A refusal is the cause of the exception that a model throws, or what the handler of a
 * stream is told.
 *
 * <p>A builder that is a bean is guarded by the addresses of its requests without being asked for. A bean. Safe for use by
 * many threads.
 */
public final class GuardedHttpClients {

    private final Exchanges exchanges;
    private final Breakers breakers;
    private final Hearing hearing;

    GuardedHttpClients(Exchanges exchanges, Breakers breakers, Hearing hearing) {
        this.exchanges = exchanges;
        this.breakers = breakers;
        this.hearing = hearing;
    }

    /**
     * A builder of the HTTP client that LangChain4j finds on the class path, guarded as calls of a service whatever its
     * address.
     *
     * @throws io.servicebreaker.call.UnknownServiceException if the service is not configured
     */
    public HttpClientBuilder builder(String service) {
        return guard(HttpClientBuilderLoader.loadHttpClientBuilder(), service);
    }

    /**
     * The builder, whose clients are guarded as calls of a service whatever their addresses.
     *
     * @throws io.servicebreaker.call.UnknownServiceException if the service is not configured
     */
    public HttpClientBuilder guard(HttpClientBuilder builder, String service) {
        breakers.breaker(service);
        return guard(builder, (request, around) -> exchanges.begin(service, around, () -> Hearing.model(request)));
    }

    /** The builder, whose clients are guarded as calls of the services that the addresses of requests belong to, if any. */
    public HttpClientBuilder guard(HttpClientBuilder builder) {
        return guard(builder, this::byAddress);
    }

    private HttpClientBuilder guard(HttpClientBuilder builder, ExchangeSource source) {
        return builder instanceof GuardedHttpClientBuilder
                ? builder
                : new GuardedHttpClientBuilder(builder, source, hearing);
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
        return exchanges.begin(address, around, () -> Hearing.model(request));
    }
}
