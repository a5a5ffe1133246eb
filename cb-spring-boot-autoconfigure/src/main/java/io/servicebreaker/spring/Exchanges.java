package io.servicebreaker.spring;

import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.call.OngoingCall;
import java.net.URI;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what an exchange over the network is to us, for the adapters of clients: an attempt of the guarded call
 * around it, or else, if its address belongs to a service, a call of its own. Safe for use by many threads.
 */
public final class Exchanges {

    private final CallOrchestrator orchestrator;
    private final Endpoints endpoints;
    private final InternalFaults faults;

    Exchanges(CallOrchestrator orchestrator, Endpoints endpoints, InternalFaults faults) {
        this.orchestrator = orchestrator;
        this.endpoints = endpoints;
        this.faults = faults;
    }

    /**
     * Begins an exchange with an address.
     *
     * @param around the guarded call in which it happens, if any
     * @param model id of the model that is asked for, or empty; read only for a call of its own
     * @return null if it is none of our business, or if we are broken
     * @throws CallRejectedException if it is a call of its own and refused
     */
    public @Nullable Exchange begin(URI url, @Nullable OngoingCall around, Supplier<String> model) {
        String service;
        try {
            service = serviceOf(url, around);
        } catch (RuntimeException | Error e) {
            faults.record("endpoint patterns", e);
            return null;
        }
        return service == null ? null : begin(service, around, model);
    }

    /**
     * Begins an exchange with a service.
     *
     * @throws CallRejectedException if it is a call of its own and refused
     * @throws io.servicebreaker.call.UnknownServiceException if the service is not configured
     * @see #begin(URI, OngoingCall, Supplier)
     */
    public Exchange begin(String service, @Nullable OngoingCall around, Supplier<String> model) {
        if (around != null && around.request().service().equals(service)) {
            return new Exchange(around, false);
        }
        CallRequest request = CallRequest.to(service);
        String id = modelOf(model);
        return new Exchange(orchestrator.begin(id.isEmpty() ? request : request.model(id)), true);
    }

    private String modelOf(Supplier<String> model) {
        try {
            return model.get();
        } catch (RuntimeException | Error e) {
            faults.record("model of a request", e);
            return "";
        }
    }

    /** Where nothing is said about the addresses of the service around, every one that is not another's is its own. */
    private @Nullable String serviceOf(URI url, @Nullable OngoingCall around) {
        String owner = endpoints.serviceAt(url).orElse(null);
        if (owner == null && around != null && !endpoints.know(around.request().service())) {
            return around.request().service();
        }
        return owner;
    }
}
