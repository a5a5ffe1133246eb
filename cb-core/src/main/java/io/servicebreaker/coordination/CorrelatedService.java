package io.servicebreaker.coordination;

/**
 * A service with what it may share with others.
 *
 * @param provider who runs it; empty if nobody in particular
 * @param host where it is; empty if that is not known
 */
public record CorrelatedService(String name, String provider, String host) {}
