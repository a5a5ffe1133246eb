package io.servicebreaker.spring.loadbalancer;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.cloud.loadbalancer.support.LoadBalancerClientFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Part of the small application context that the load balancer makes for each service id. */
@Configuration(proxyBeanMethods = false)
class InstanceConfiguration {

    @Bean
    static CallableInstancesPostProcessor serviceBreakerCallableInstances(ObjectProvider<BalancedServices> services) {
        return new CallableInstancesPostProcessor(services);
    }

    @Bean
    InstanceExchanges serviceBreakerInstanceExchanges(BalancedServices services, Environment environment) {
        return new InstanceExchanges(services.find(LoadBalancerClientFactory.getName(environment)));
    }
}
