package io.servicebreaker.breaker;

/**
 * A cheap call that tells whether a service works. With one, a breaker recovers without traffic; without one, the next
 * call of the application is the probe. Safe for use by many threads.
 */
public interface ProbeCall {

    /** Name of the service. */
    String service();

    /**
     * Makes the call and ends like any other call would: by returning when the service works, by throwing when it does
     * not.
     */
    void probe() throws Exception;
}
