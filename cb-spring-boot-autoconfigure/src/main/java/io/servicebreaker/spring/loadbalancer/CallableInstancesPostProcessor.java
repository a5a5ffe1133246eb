package io.servicebreaker.spring.loadbalancer;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;

/** Puts our choice around whatever supplies the instances of a service of ours, be it the application's own. */
final class CallableInstancesPostProcessor implements BeanPostProcessor {

    private final ObjectProvider<BalancedServices> services;

    CallableInstancesPostProcessor(ObjectProvider<BalancedServices> services) {
        this.services = services;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        if (!(bean instanceof ServiceInstanceListSupplier all)) {
            return bean;
        }
        BalancedService service = services.getObject().find(all.getServiceId());
        return service == null ? bean : new CallableInstances(all, service);
    }
}
