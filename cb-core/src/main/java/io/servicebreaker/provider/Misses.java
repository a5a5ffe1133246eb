package io.servicebreaker.provider;

/**
 * What having no answer means with a kind of service.
 *
 * @param whenEmpty whether an empty answer says that what was looked up is not there
 * @param whenRefused whether a refused call is answered as if what was looked up were not there, instead of failing
 */
public record Misses(boolean whenEmpty, boolean whenRefused) {

    /** Of a service that is no cache: an empty answer is an answer, and a refusal fails. */
    public static final Misses NONE = new Misses(false, false);
}
