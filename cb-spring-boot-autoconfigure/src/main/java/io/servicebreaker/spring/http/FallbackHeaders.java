package io.servicebreaker.spring.http;

import org.springframework.http.HttpHeaders;

/**
 * Gives a service what it needs of a request that was made for another one, such as its own credentials. All beans of this
 * type are asked, in their order. Called for each such request, on its thread, which may be one that must not wait.
 */
@FunctionalInterface
public interface FallbackHeaders {

    /**
     * Adds to the headers, which are those of the request without cookies, keys and other secrets. What it throws is what
     * the caller gets. {@link io.servicebreaker.call.Backend#current()} is the service's to which the request goes.
     *
     * @param service that is asked instead
     */
    void prepare(String service, HttpHeaders headers);
}
