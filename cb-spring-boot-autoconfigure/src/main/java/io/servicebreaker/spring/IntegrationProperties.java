package io.servicebreaker.spring;

import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.ClassUtils;

/**
 * Other libraries that ServiceBreaker works with.
 *
 * @param loadBalancer Whether Spring Cloud LoadBalancer is kept from instances of a service whose breakers are open. Each
 *     instance of a service that is configured under the same name has one.
 */
public record IntegrationProperties(@DefaultValue("false") boolean loadBalancer) {

    private static final String LOAD_BALANCER =
            "org.springframework.cloud.loadbalancer.annotation.LoadBalancerClientSpecification";

    /** Whether there is a load balancer to be kept from instances; one that is wanted has to be there. */
    boolean isWithLoadBalancer(ClassLoader classLoader) {
        if (loadBalancer && !ClassUtils.isPresent(LOAD_BALANCER, classLoader)) {
            throw new InvalidPropertyException(
                    ServiceBreakerProperties.PREFIX + ".integration.load-balancer",
                    "true",
                    "needs Spring Cloud LoadBalancer, which is not on the class path",
                    "Add the dependency org.springframework.cloud:spring-cloud-starter-loadbalancer, or remove it.");
        }
        return loadBalancer;
    }
}
