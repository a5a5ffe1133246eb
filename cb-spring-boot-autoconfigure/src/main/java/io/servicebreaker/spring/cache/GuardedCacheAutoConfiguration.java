package io.servicebreaker.spring.cache;

import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.spring.ConfiguredServices;
import io.servicebreaker.spring.ServiceBreakerAutoConfiguration;
import io.servicebreaker.time.TimeSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Lets the application guard its caches. */
@AutoConfiguration(after = ServiceBreakerAutoConfiguration.class)
@ConditionalOnBean({CallOrchestrator.class, ConfiguredServices.class})
public final class GuardedCacheAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    GuardedCaches guardedCaches(
            CallOrchestrator orchestrator, ConfiguredServices services, TimeSource time, InternalFaults faults) {
        return new GuardedCaches(orchestrator, services, time, faults);
    }
}
