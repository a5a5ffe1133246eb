package io.servicebreaker.spring;

import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.OngoingCall;
import io.servicebreaker.spring.FallbackServices.NextService;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A hop of an HTTP client's exchange from a service to the one that is its fallback. */
final class ServiceHop extends OngoingHop {

    private final @Nullable ServiceHop above;
    private final @Nullable NextService next;
    private final @Nullable URI address;

    /**
     * Decides whether the next service is asked.
     *
     * @param above the hop that led to the service which did not answer; null if it was asked first
     * @param call null if it was refused, on this thread
     */
    ServiceHop(
            ServiceLadder ladder,
            @Nullable ServiceHop above,
            CallRequest request,
            @Nullable OngoingCall call,
            Mishap mishap) {
        super(ladder.hops(), request, call, mishap, null);
        this.above = above;
        this.next = ladder.next(request.service());
        this.address = next == null || !next.asked() || isTooDeep() ? null : ladder.addressAt(next);
    }

    /** The request's address at the next service; null if that is not asked. */
    @Nullable
    URI address() {
        return address;
    }

    /** The answer ends all hops that led to it. */
    void answeredBelow() {
        for (ServiceHop hop = this; hop != null; hop = hop.above) {
            hop.answered();
        }
    }

    void failedBelow(Throwable error) {
        for (ServiceHop hop = this; hop != null; hop = hop.above) {
            hop.failed(error);
        }
    }

    /** Puts what led to all hops into the failure of the one that was asked last. */
    void rememberedBy(Throwable last) {
        for (ServiceHop hop = this; hop != null; hop = hop.above) {
            Mishap.remembering(last, hop.failure());
        }
    }

    void cancelledBelow() {
        for (ServiceHop hop = this; hop != null; hop = hop.above) {
            hop.cancelled();
        }
    }

    @Override
    protected List<String> options() {
        return next == null ? List.of() : List.of(next.name());
    }

    @Override
    protected @Nullable String chosen() {
        return next == null || address == null ? null : next.name();
    }

    @Override
    protected String choice() {
        if (next == null) {
            return "it has no fallback";
        }
        if (address != null) {
            return "asked is the service " + next.name();
        }
        if (!next.asked()) {
            return "its cascade-to-fallback is false";
        }
        return isTooDeep() ? tooDeep() : "the address of the request has no counterpart at " + next.name();
    }
}
