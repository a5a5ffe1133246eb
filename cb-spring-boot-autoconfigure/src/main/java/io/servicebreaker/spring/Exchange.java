package io.servicebreaker.spring;

import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.OngoingCall;
import java.net.URI;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One exchange of a client with a service, which reports what becomes of it. Its methods never throw, but for {@link #instead}. Safe for use by
 * many threads; what is reported after its end is ignored where it is a call of its own.
 */
public final class Exchange {

    private final OngoingCall call;
    private final boolean own;
    private final Exchanges exchanges;
    private final @Nullable ServiceLadder ladder;
    private final @Nullable ServiceHop hop;
    /** The signals of a stream come one after the other. */
    private volatile boolean progressed;

    private volatile Stage stage = Stage.ASKED;

    /** How far it has come; matters on ladders alone. */
    private enum Stage {
        ASKED,
        /** The head of an answer has come. */
        BEGUN,
        /** A piece of the answer has come. */
        ANSWERING,
        /** Another service is asked. */
        PASSED_ON
    }

    Exchange(OngoingCall call, boolean own, Exchanges exchanges) {
        this.call = call;
        this.own = own;
        this.exchanges = exchanges;
        this.ladder = null;
        this.hop = null;
    }

    /**
     * A call of its own on a ladder.
     *
     * @param hop that led to it; null if it is the first
     */
    Exchange(OngoingCall call, Exchanges exchanges, ServiceLadder ladder, @Nullable ServiceHop hop) {
        this.call = call;
        this.own = true;
        this.exchanges = exchanges;
        this.ladder = ladder;
        this.hop = hop;
    }

    /** The call that it is, or is an attempt of; current while the client works on it. */
    public OngoingCall call() {
        return call;
    }

    /**
     * Where a request goes that was made for this address: to the service that is asked instead, and to the backend of its
     * call, if it is one of the service's.
     */
    public URI address(URI url) {
        URI elsewhere = hop == null ? null : hop.address();
        return exchanges.addressOf(call, elsewhere == null ? url : elsewhere);
    }

    /** Whether it is with another service than the request was made for, which must not get the secrets of that one. */
    public boolean isElsewhere() {
        return hop != null;
    }

    /**
     * Whether another service may be asked: the adapter reports an error before it passes anything of it on, and then asks
     * {@link #instead}.
     */
    public boolean mayGoOn() {
        return ladder != null;
    }

    /**
     * The exchange with the service that is asked instead; to be called once, after {@link #refused} or {@link #failed},
     * if nothing of an answer has been passed on.
     *
     * @param error null if there was an answer, which is an error
     * @return null if nobody is asked, and the client gets what there is
     * @throws io.servicebreaker.call.CallRejectedException if all that are left refuse
     */
    public @Nullable Exchange instead(@Nullable Throwable error) {
        stage = Stage.PASSED_ON;
        return ladder == null ? null : ladder.below(hop, call, error);
    }

    /** The head of an answer has arrived that is no error; the rest is to come. */
    public void began(CallReport head) {
        stage = Stage.BEGUN;
        if (own) {
            call.told(head);
        } else {
            call.attempted(head);
        }
    }

    /** A piece of the answer itself has arrived. */
    public void progressed() {
        progressed = true;
        if (hop != null) {
            stage = Stage.ANSWERING;
        }
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
        if (hop != null) {
            hop.answeredBelow();
        }
    }

    /** The service answered with an error: with a status of 400 and above, or in the middle of a stream. */
    public void refused(CallReport error) {
        if (own) {
            call.succeeded(error);
            brokenOff(null);
        } else if (!call.attempted(error)) {
            afterwards(later -> later.succeeded(error));
        }
    }

    /** There is no answer, or it broke off. */
    public void failed(Throwable error) {
        if (own) {
            call.failed(error);
            brokenOff(error);
        } else if (!call.attempted(error)) {
            afterwards(later -> later.failed(error));
        }
    }

    /** Before that it is not the end: somebody else may be asked. */
    private void brokenOff(@Nullable Throwable error) {
        if (hop != null && (stage == Stage.BEGUN || stage == Stage.ANSWERING)) {
            hop.failedBelow(error == null ? new FailedAnswerException(call) : error);
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
        if (hop == null || stage == Stage.PASSED_ON) {
            return;
        }
        if (stage == Stage.ANSWERING) {
            hop.answeredBelow();
        } else {
            hop.cancelledBelow();
        }
    }
}
