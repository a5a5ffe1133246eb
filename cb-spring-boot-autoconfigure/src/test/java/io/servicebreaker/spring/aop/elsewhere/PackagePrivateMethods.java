package io.servicebreaker.spring.aop.elsewhere;

import io.servicebreaker.annotation.ServiceBreaker;

/** Methods that nobody outside this package can override. */
public class PackagePrivateMethods {

    @ServiceBreaker(value = "openai")
    void ask() {}

    @ServiceBreaker(value = "openai", fallback = "cached")
    public void askOrRead() {}

    void cached() {}
}
