package io.servicebreaker.spring;

import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.breaker.ProbeCall;
import io.servicebreaker.breaker.RecoveryProber;
import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.InternalFaults;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.context.annotation.Bean;

/** Lets breakers recover without traffic where the application has {@link ProbeCall} beans. */
@AutoConfiguration(after = ServiceBreakerAutoConfiguration.class)
@ConditionalOnBean({ProbeCall.class, CallOrchestrator.class})
public final class ProbeCallAutoConfiguration {

    @Bean
    ProbeThreads serviceBreakerProbeThreads(
            ObjectProvider<ProbeCall> probes, Breakers breakers, CallOrchestrator orchestrator, InternalFaults faults) {
        List<ProbeCall> calls = probes.orderedStream().toList();
        return new ProbeThreads(executor -> new RecoveryProber(calls, breakers, orchestrator, executor), faults);
    }
}
