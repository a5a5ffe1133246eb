package io.servicebreaker.spring.loadbalancer;

import java.util.List;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.cloud.loadbalancer.core.DelegatingServiceInstanceListSupplier;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import reactor.core.publisher.Flux;

/** Of the instances that another one supplies those that may be called. Safe for use by many threads. */
final class CallableInstances extends DelegatingServiceInstanceListSupplier {

    private final BalancedService service;

    CallableInstances(ServiceInstanceListSupplier all, BalancedService service) {
        super(all);
        this.service = service;
    }

    @Override
    public Flux<List<ServiceInstance>> get() {
        return delegate.get().map(service::callable);
    }

    @Override
    @SuppressWarnings("rawtypes") // as it is declared
    public Flux<List<ServiceInstance>> get(Request request) {
        return delegate.get(request).map(service::callable);
    }
}
