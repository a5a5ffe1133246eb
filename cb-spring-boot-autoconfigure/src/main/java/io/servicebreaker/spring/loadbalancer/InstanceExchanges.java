package io.servicebreaker.spring.loadbalancer;

import io.servicebreaker.spring.loadbalancer.BalancedService.Ongoing;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.CompletionContext;
import org.springframework.cloud.client.loadbalancer.LoadBalancerLifecycle;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.cloud.client.loadbalancer.Response;

/**
 * Learns from a load balancer which instances of one service are called and what becomes of that. Safe for use by many
 * threads; never throws.
 */
final class InstanceExchanges implements LoadBalancerLifecycle<Object, Object, ServiceInstance> {

    private final @Nullable BalancedService service;
    private final RequestsUnderWay underWay = new RequestsUnderWay();

    /** Creates one. */
    InstanceExchanges(@Nullable BalancedService service) {
        this.service = service;
    }

    @Override
    @SuppressWarnings("rawtypes") // as it is declared
    public boolean supports(Class requestContextClass, Class responseClass, Class serverTypeClass) {
        return service != null && ServiceInstance.class.isAssignableFrom(serverTypeClass);
    }

    @Override
    public void onStart(Request<Object> request) {}

    @Override
    public void onStartRequest(Request<Object> request, Response<ServiceInstance> chosen) {
        ServiceInstance instance = chosen.getServer();
        if (service != null && instance != null) {
            underWay.add(request, service.begin(instance));
        }
    }

    @Override
    public void onComplete(CompletionContext<Object, ServiceInstance, Object> completion) {
        Ongoing ongoing = underWay.remove(completion.getLoadBalancerRequest());
        if (service != null && ongoing != null) {
            service.end(ongoing, completion.getThrowable(), completion.getClientResponse());
        }
    }
}
