package io.servicebreaker.spring.loadbalancer;

import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.call.OutcomeClassifier;
import io.servicebreaker.provider.ErrorReader;
import io.servicebreaker.provider.ProfileClassifier;
import io.servicebreaker.spring.ConfiguredService;
import io.servicebreaker.spring.ConfiguredServices;
import io.servicebreaker.spring.ReportedHeaders;
import io.servicebreaker.spring.ServiceBackends;
import io.servicebreaker.spring.ServiceBreakerAutoConfiguration;
import io.servicebreaker.time.TimeSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.cloud.loadbalancer.annotation.LoadBalancerClientSpecification;
import org.springframework.context.annotation.Bean;

/** Keeps Spring Cloud LoadBalancer from instances whose breakers are open. */
@AutoConfiguration(after = ServiceBreakerAutoConfiguration.class)
@ConditionalOnClass(LoadBalancerClientSpecification.class)
@ConditionalOnBooleanProperty(name = "service-breaker.enabled", matchIfMissing = true)
@ConditionalOnBooleanProperty("service-breaker.integration.load-balancer")
public final class LoadBalancerAutoConfiguration {

    /** Holds for each service id, of which the load balancer makes an application context of its own. */
    @Bean
    LoadBalancerClientSpecification serviceBreakerInstances() {
        return new LoadBalancerClientSpecification(
                "default." + LoadBalancerAutoConfiguration.class.getName(),
                new Class<?>[] {InstanceConfiguration.class});
    }

    /** For suppliers that the application has outside of those. */
    @Bean
    static CallableInstancesPostProcessor serviceBreakerCallableInstances(ObjectProvider<BalancedServices> services) {
        return new CallableInstancesPostProcessor(services);
    }

    @Bean
    BalancedServices serviceBreakerBalancedServices(
            ConfiguredServices services,
            ServiceBackends backends,
            ObjectProvider<ErrorReader> readers,
            ReportedHeaders reported,
            TimeSource time,
            InternalFaults faults) {
        List<ErrorReader> all = readers.orderedStream().toList();
        Map<String, BalancedService> byId = new HashMap<>();
        for (ConfiguredService service : services.all()) {
            backends.instancesOf(service.name())
                    .map(instances -> new BalancedService(
                            service.name(), instances, classifier(service, all, time), reported, time, faults))
                    .ifPresent(balanced -> byId.put(service.name(), balanced));
        }
        return new BalancedServices(byId);
    }

    /** Judges as that of the service does, which learns from the same calls. */
    private static OutcomeClassifier classifier(ConfiguredService service, List<ErrorReader> readers, TimeSource time) {
        return new ProfileClassifier(
                        service.provider(),
                        service.settings(),
                        service.cooldowns(),
                        service.exceptions(),
                        readers,
                        time)
                .forLateCalls();
    }
}
