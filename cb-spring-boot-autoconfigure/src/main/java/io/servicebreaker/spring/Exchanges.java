package io.servicebreaker.spring;

import io.servicebreaker.breaker.BreakerState;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.call.Backend;
import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.call.OngoingCall;
import java.net.URI;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what an exchange over the network is to us, for the adapters of clients: an attempt of the guarded call
 * around it, or else, if its address belongs to a service, a call of its own. Safe for use by many threads.
 */
public final class Exchanges {

    private final CallOrchestrator orchestrator;
    private final Breakers breakers;
    private final ServiceBackends backends;
    private final ConfiguredServices services;
    private final Endpoints endpoints;
    private final FallbackServices fallbacks;
    private final Hops hops;
    private final StreamClock streamClock;
    private final PromptCounter prompts;
    private final InternalFaults faults;

    /**
     * Creates them.
     *
     * @param streamClock for clients that wait for streams on a thread
     */
    Exchanges(
            CallOrchestrator orchestrator,
            Breakers breakers,
            ServiceBackends backends,
            ConfiguredServices services,
            StreamClock streamClock,
            PromptCounter prompts,
            Hops hops,
            InternalFaults faults) {
        this.orchestrator = orchestrator;
        this.breakers = breakers;
        this.backends = backends;
        this.services = services;
        this.endpoints = Endpoints.of(services);
        this.fallbacks = FallbackServices.of(services, endpoints, hops.maxDepth());
        this.hops = hops;
        this.streamClock = streamClock;
        this.prompts = prompts;
        this.faults = faults;
    }

    /**
     * Begins an exchange with an address.
     *
     * @param around the guarded call in which it happens, if any
     * @param body of the request; read only for a call of its own
     * @return null if it is none of our business, or if we are broken
     * @throws CallRejectedException if it is a call of its own and refused
     */
    public @Nullable Exchange begin(URI url, @Nullable OngoingCall around, Supplier<JsonRequest> body) {
        String service = serviceOf(url, around);
        return service == null ? null : begin(service, around, body);
    }

    /**
     * Begins an exchange with an address, for an adapter that can make its request with another service: where a call of
     * its own is refused and its service has a fallback, it is one with that. What is asked inside of a guarded call of the
     * service is the business of that call.
     *
     * @throws CallRejectedException if it is a call of its own and refused, by all services that can be asked
     * @see #begin(URI, OngoingCall, Supplier)
     */
    public @Nullable Exchange beginLadder(URI url, @Nullable OngoingCall around, Supplier<JsonRequest> body) {
        String service = serviceOf(url, around);
        boolean within = around != null && around.request().service().equals(service);
        if (service == null || within || fallbacks.next(service) == null) {
            return service == null ? null : begin(service, around, body);
        }
        return new ServiceLadder(this, fallbacks, hops, url, body).begin(service, null);
    }

    /**
     * Makes exchanges of requests, of the services that their addresses belong to.
     *
     * @param address of a request
     * @param body of a request
     * @see #begin(URI, OngoingCall, Supplier)
     */
    public <R> ExchangeSource<R> byAddress(Function<R, URI> address, Function<R, JsonRequest> body) {
        return (request, around) -> {
            URI url = addressOf(request, address);
            return url == null ? null : begin(url, around, () -> body.apply(request));
        };
    }

    /**
     * Makes exchanges of requests, of one service.
     *
     * @param body of a request
     * @throws io.servicebreaker.call.UnknownServiceException if the service is not configured
     * @see #begin(String, OngoingCall, Supplier)
     */
    public <R> ExchangeSource<R> ofService(String service, Function<R, JsonRequest> body) {
        breakers.breaker(service);
        return (request, around) -> begin(service, around, () -> body.apply(request));
    }

    /** What fails is not told, since it contains the address, and that may contain a key. */
    private <R> @Nullable URI addressOf(R request, Function<R, URI> address) {
        try {
            return address.apply(request);
        } catch (RuntimeException e) {
            faults.record(
                    "address of a request",
                    new IllegalArgumentException(e.getClass().getName()));
            return null;
        }
    }

    /**
     * Begins an exchange with a service. If a breaker has opened since the call around began, as by the attempts before
     * this one, they are asked again, and the exchange is refused, or is a probe. It stays with the backend of the call
     * around, for which the caller may have set a key by hand.
     *
     * @throws CallRejectedException if it is a call of its own and refused
     * @throws io.servicebreaker.call.UnknownServiceException if the service is not configured
     * @see #begin(URI, OngoingCall, Supplier)
     */
    public Exchange begin(String service, @Nullable OngoingCall around, Supplier<JsonRequest> body) {
        OngoingCall own = around != null && around.request().service().equals(service) ? around : null;
        if (own != null && !own.isOver() && !isRefused(own)) {
            return new Exchange(own, false, this);
        }
        CallRequest request = own == null ? requestTo(service, body) : repeated(own);
        return new Exchange(orchestrator.begin(request), true, this);
    }

    /** Whoever waited for a call that is over has gone, and the time that they had with them. */
    private static CallRequest repeated(OngoingCall call) {
        return call.isOver() ? call.request().at(call.backend()).deadline(null) : call.again();
    }

    /**
     * The call that an attempt belongs to once its own has ended, as that of a method which returned while its client went
     * on: one of its own, as long as the service works; null if it does not, since late results decide nothing.
     */
    @Nullable
    OngoingCall afterwards(OngoingCall call) {
        BreakerState ofService = breakers.breaker(call.request().service()).state();
        if (ofService != BreakerState.CLOSED || stateWithin(call) != BreakerState.CLOSED) {
            return null;
        }
        try { // whatever time its caller had: it has happened
            return orchestrator.begin(call.request().at(call.backend()));
        } catch (CallRejectedException e) {
            return null;
        }
    }

    /** Whether it makes sense that the client tries again: whether no breaker of the call has opened. */
    public boolean isRepeatable(Exchange exchange) {
        return !isRefused(exchange.call());
    }

    /**
     * Where a request of a call goes: to the backend that was chosen for it, if its address is one that stands for all. An
     * address of nobody's, such as that of a token, stays as it is.
     */
    URI addressOf(OngoingCall call, URI url) {
        Backend backend = call.backend();
        if (backend == null || backend.isAt(url)) {
            return url;
        }
        boolean standsForAll = endpoints
                .serviceAt(url)
                .filter(owner -> owner.equals(call.request().service()))
                .isPresent();
        return standsForAll ? backend.at(url) : url;
    }

    StreamLimits limits(String service) {
        return services.streamLimits(service);
    }

    StreamClock streamClock() {
        return streamClock;
    }

    private boolean isRefused(OngoingCall call) {
        return switch (breakers.breaker(call.request().service()).state()) {
            case OPEN, FORCED_OPEN -> true;
            case DISABLED, OBSERVING -> false;
            case CLOSED, HALF_OPEN -> stateWithin(call) == BreakerState.OPEN;
        };
    }

    /** What the narrower breakers say: those of the call's backend, model and credential. */
    private BreakerState stateWithin(OngoingCall call) {
        CallRequest request = call.request();
        Backend backend = call.backend();
        if (backend != null) {
            return backends.of(request.service())
                    .map(all -> all.stateFor(request, backend))
                    .orElse(BreakerState.CLOSED);
        }
        return breakers.scopes(request.service()).areOpenFor(request) ? BreakerState.OPEN : BreakerState.CLOSED;
    }

    OngoingCall begin(CallRequest request) {
        return orchestrator.begin(request);
    }

    void fault(String part, Throwable e) {
        faults.record(part, e);
    }

    CallRequest requestTo(String service, Supplier<JsonRequest> body) {
        CallRequest request = CallRequest.to(service);
        try {
            JsonRequest asked = body.get();
            String model = asked.model();
            CallRequest known = model.isEmpty() ? request : request.model(model);
            return asked.isKnown() ? prompts.add(known, asked::addTo) : known;
        } catch (RuntimeException | Error e) {
            faults.record("body of a request", e);
            return request;
        }
    }

    /** Where nothing is said about the addresses of the service around, every one that is not another's is its own. */
    private @Nullable String serviceOf(URI url, @Nullable OngoingCall around) {
        try {
            String owner = endpoints.serviceAt(url).orElse(null);
            if (owner == null
                    && around != null
                    && !endpoints.know(around.request().service())) {
                return around.request().service();
            }
            return owner;
        } catch (RuntimeException | Error e) {
            faults.record("endpoint patterns", e);
            return null;
        }
    }

    /** Whether the costs that the provider of a service names are in the currency in which money is counted. */
    boolean namesCosts(String service) {
        return services.find(service).map(known -> known.pricing().told()).orElse(true);
    }
}
