package io.servicebreaker.spring;

import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.OngoingCall;
import java.net.URI;
import java.util.function.Consumer;

/**
 * One exchange of a client with a service, which reports what becomes of it. Its methods never throw. Safe for use by
 * many threads; what is reported after its end is ignored where it is a call of its own.
 */
public final class Exchange {

    private final OngoingCall call;
    private final boolean own;
    private final Exchanges exchanges;
    /** The signals of a stream come one after the other. */
    private volatile boolean progressed;

    Exchange(OngoingCall call, boolean own, Exchanges exchanges) {
        this.call = call;
        this.own = own;
        this.exchanges = exchanges;
    }

    /** The call that it is, or is an attempt of; current while the client works on it. */
    public OngoingCall call() {
        return call;
    }

    /** Where a request goes that was made for this address: to the backend of its call, if it is one of the service's. */
    public URI address(URI url) {
        return exchanges.addressOf(call, url);
    }

    /** The head of an answer has arrived that is no error; the rest is to come. */
    public void began(CallReport head) {
        if (own) {
            call.told(head);
        } else {
            call.attempted(head);
        }
    }

    /** A piece of the answer itself has arrived. */
    public void progressed() {
        progressed = true;
        if (own) {
            call.answering();
        }
    }

    /** Whether a piece of the answer has arrived since this was last asked. */
    public boolean hasProgressed() {
        boolean since = progressed;
        progressed = false;
        return since;
    }

    /** How long it may wait for the pieces of a streamed answer. */
    public StreamLimits limits() {
        return exchanges.limits(call.request().service());
    }

    StreamClock streamClock() {
        return exchanges.streamClock();
    }

    /** Something else has become known, such as the tokens used. */
    public void told(CallReport report) {
        String service = call.request().service();
        call.told(exchanges.namesCosts(service) ? report : report.withoutCost());
    }

    /** The answer is complete. */
    public void completed() {
        if (own) {
            call.succeeded();
        }
    }

    /** The service answered with an error: with a status of 400 and above, or in the middle of a stream. */
    public void refused(CallReport error) {
        if (own) {
            call.succeeded(error);
        } else if (!call.attempted(error)) {
            afterwards(later -> later.succeeded(error));
        }
    }

    /** There is no answer, or it broke off. */
    public void failed(Throwable error) {
        if (own) {
            call.failed(error);
        } else if (!call.attempted(error)) {
            afterwards(later -> later.failed(error));
        }
    }

    /** What a call that has failed is still told is most likely the same trouble, such as another limit of time. */
    private void afterwards(Consumer<OngoingCall> verdict) {
        if (call.hasFailed()) {
            return;
        }
        OngoingCall later = exchanges.afterwards(call);
        if (later != null) {
            verdict.accept(later);
        }
    }

    /** The client no longer wants the answer. */
    public void cancelled() {
        if (own) {
            call.cancelled();
        }
    }
}
