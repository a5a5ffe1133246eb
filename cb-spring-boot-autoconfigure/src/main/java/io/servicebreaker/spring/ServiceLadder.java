package io.servicebreaker.spring;

import io.servicebreaker.call.AnswerPath;
import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.OngoingCall;
import io.servicebreaker.spring.FallbackServices.NextService;
import java.net.URI;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The services that one request of an HTTP client can be made with, one after the other. Safe for use by many threads. */
final class ServiceLadder {

    /** Another service would have the same to say, or nobody waits for it. */
    private static final Set<FailureCause> OF_THE_CALLER = EnumSet.of(
            FailureCause.BAD_REQUEST,
            FailureCause.CONTENT_FILTER,
            FailureCause.QUALITY,
            FailureCause.CANCELLED,
            FailureCause.LOCAL_ERROR);

    private final Exchanges exchanges;
    private final FallbackServices services;
    private final Hops hops;
    private final URI url;
    private final Supplier<JsonRequest> body;

    /**
     * Creates it.
     *
     * @param url that the request was made for
     * @param body of the request
     */
    ServiceLadder(Exchanges exchanges, FallbackServices services, Hops hops, URI url, Supplier<JsonRequest> body) {
        this.exchanges = exchanges;
        this.services = services;
        this.hops = hops;
        this.url = url;
        this.body = body;
    }

    Hops hops() {
        return hops;
    }

    @Nullable
    NextService next(String service) {
        return services.next(service);
    }

    @Nullable
    URI addressAt(NextService next) {
        return services.address(url, next);
    }

    /**
     * Begins the exchange with a service, or with one below if it refuses.
     *
     * @param above the hop that led to it; null if it is asked first
     * @throws CallRejectedException if nobody is left; that of the last, with those before it suppressed
     */
    Exchange begin(String service, @Nullable ServiceHop above) {
        CallRequest request = exchanges.requestTo(service, body);
        AnswerPath around = AnswerPath.current();
        if (above != null) {
            AnswerPath.enter(above.path());
        }
        try {
            return new Exchange(exchanges.begin(request), exchanges, this, above);
        } catch (CallRejectedException refusal) {
            Exchange below = below(above, request, null, Mishap.of(refusal, null));
            if (below == null) {
                throw refusal;
            }
            return below;
        } finally {
            AnswerPath.leave(around);
        }
    }

    /**
     * Goes on after a call that has ended without an answer.
     *
     * @param above the hop that led to it, if any
     * @param error null if it was answered with an error
     * @return null if nobody is asked
     * @throws CallRejectedException if all that are left refuse
     */
    @Nullable
    Exchange below(@Nullable ServiceHop above, OngoingCall call, @Nullable Throwable error) {
        if (call.failure() == null) { // to us it is an answer
            if (above != null) {
                above.answeredBelow();
                if (error != null) {
                    above.rememberedBy(error);
                }
            }
            return null;
        }
        Throwable failure = error == null ? new FailedAnswerException(call) : error;
        return below(above, call.request(), call, Mishap.of(failure, call));
    }

    private @Nullable Exchange below(
            @Nullable ServiceHop above, CallRequest request, @Nullable OngoingCall call, Mishap mishap) {
        ServiceHop hop = hop(above, request, call, mishap);
        if (hop == null || hop.address() == null) {
            if (hop != null) {
                hop.nobody();
            }
            if (above != null) {
                above.failedBelow(mishap.failure());
                above.rememberedBy(mishap.failure());
            }
            return null;
        }
        return begin(Objects.requireNonNull(hop.chosen()), hop);
    }

    /** Null if the failure is the caller's, or if we are broken. A thread that was asked to stop starts nothing new. */
    private @Nullable ServiceHop hop(
            @Nullable ServiceHop above, CallRequest request, @Nullable OngoingCall call, Mishap mishap) {
        FailureCause cause = mishap.cause();
        boolean isTheCallers = mishap.isTheCallers() || (cause != null && OF_THE_CALLER.contains(cause));
        if (isTheCallers || Thread.currentThread().isInterrupted()) {
            return null;
        }
        try {
            return new ServiceHop(this, above, request, call, mishap);
        } catch (RuntimeException | Error e) {
            exchanges.fault("fallback of a client", e);
            return null;
        }
    }
}
