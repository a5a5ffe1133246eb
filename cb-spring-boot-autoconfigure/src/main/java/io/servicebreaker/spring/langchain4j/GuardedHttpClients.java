package io.servicebreaker.spring.langchain4j;

import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.HttpClientBuilderLoader;
import dev.langchain4j.http.client.HttpRequest;
import io.servicebreaker.spring.ExchangeSource;
import io.servicebreaker.spring.Exchanges;
import java.net.URI;

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
    private final Hearing hearing;

    GuardedHttpClients(Exchanges exchanges, Hearing hearing) {
        this.exchanges = exchanges;
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
        return guard(builder, exchanges.ofService(service, Hearing::json));
    }

    /** The builder, whose clients are guarded as calls of the services that the addresses of requests belong to, if any. */
    public HttpClientBuilder guard(HttpClientBuilder builder) {
        return guard(builder, exchanges.byAddress(request -> URI.create(request.url()), Hearing::json));
    }

    private HttpClientBuilder guard(HttpClientBuilder builder, ExchangeSource<HttpRequest> source) {
        return builder instanceof GuardedHttpClientBuilder
                ? builder
                : new GuardedHttpClientBuilder(builder, source, hearing);
    }
}
