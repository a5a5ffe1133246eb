package io.servicebreaker.call;

import java.time.Duration;
import java.util.concurrent.TimeoutException;

/**
 * A streamed answer did not begin, or did not go on, in the time that is configured for it. Has no stack trace: it would
 * be that of a timer.
 */
public class StreamTimeoutException extends TimeoutException {

    private static final long serialVersionUID = 1L;

    private final String service;
    private final String setting;
    private final Duration limit;

    private StreamTimeoutException(String service, String problem, String setting, Duration limit) {
        super(service + " " + problem + " within " + setting + ", which is " + limit);
        this.service = service;
        this.setting = setting;
        this.limit = limit;
    }

    /** Nothing of the answer has arrived. */
    public static StreamTimeoutException firstToken(String service, Duration limit) {
        return new StreamTimeoutException(service, "did not begin to answer", "stream.first-token-timeout", limit);
    }

    /** The answer had begun, and nothing more of it has arrived. */
    public static StreamTimeoutException stall(String service, Duration limit) {
        return new StreamTimeoutException(service, "did not go on answering", "stream.stall-timeout", limit);
    }

    /** The service that was called. */
    public String service() {
        return service;
    }

    /** Name of the setting that limits the time, such as {@code stream.stall-timeout}. */
    public String setting() {
        return setting;
    }

    /** The time in which nothing came. */
    public Duration limit() {
        return limit;
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
